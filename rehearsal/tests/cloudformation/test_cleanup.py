"""Deletions within other operations: the clean-up of an update, and the roll-back of a creation.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
The order of events, and that deletions show properties, were recorded on AWS (see test_replies.py).
"""

from __future__ import annotations

import json

from rehearsal.services.cloudformation.handler import Context, HandlerFailure
from rehearsal.tests.cloudformation.conftest import Cloud
from rehearsal.tests.cloudformation.toys import fail, parameter, topic


def stuck(verb: str, ctx: Context) -> None:
    if verb == "delete":
        raise HandlerFailure("still in use", "ResourceConflict")


def told(cloud: Cloud, name: str = "shop", logical_id: str = "") -> list[tuple[str, str]]:
    return [
        (e["ResourceStatus"], e["PhysicalResourceId"].rsplit("/")[-1])
        for e in cloud.events(name)
        if logical_id in ("", e["LogicalResourceId"])
    ]


def test_what_was_replaced_goes_in_the_clean_up_under_its_old_name(cloud: Cloud) -> None:
    cloud.create({"Resources": {"T": topic("old")}})
    cloud.update({"Resources": {"T": topic("new")}})
    events = [(e["LogicalResourceId"], e["ResourceStatus"], e["PhysicalResourceId"]) for e in cloud.events()]
    stack_id = cloud.stack()["StackId"]
    assert events[-7:] == [
        ("T", "UPDATE_IN_PROGRESS", "old"),
        ("T", "UPDATE_IN_PROGRESS", "new"),
        ("T", "UPDATE_COMPLETE", "new"),
        ("shop", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", stack_id),
        ("T", "DELETE_IN_PROGRESS", "old"),
        ("T", "DELETE_COMPLETE", "old"),
        ("shop", "UPDATE_COMPLETE", stack_id),
    ]
    shown = [json.loads(e["ResourceProperties"]) for e in cloud.events() if e["ResourceStatus"].startswith("DELETE")]
    assert shown == [{"TopicName": "old"}] * 2
    found = cloud.api.describe_stack_resource(StackName="shop", LogicalResourceId="T")["StackResourceDetail"]
    assert (found["PhysicalResourceId"], found["ResourceStatus"]) == ("new", "UPDATE_COMPLETE")


def test_what_is_kept_of_a_replacement_is_skipped_in_the_clean_up(cloud: Cloud) -> None:
    kept = {"UpdateReplacePolicy": "Retain"}
    cloud.create({"Resources": {"T": topic("old", **kept)}})
    cloud.update({"Resources": {"T": topic("new", **kept)}})
    stack_id = cloud.stack()["StackId"].rsplit("/")[-1]
    assert told(cloud)[-3:] == [
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", stack_id),
        ("DELETE_SKIPPED", "old"),
        ("UPDATE_COMPLETE", stack_id),
    ]


def test_a_replacement_that_is_undone_goes_in_the_clean_up_of_the_roll_back(cloud: Cloud) -> None:
    cloud.create({"Resources": {"T": topic("old")}})
    cloud.parameters.hooks["Bad"] = fail
    cloud.update({"Resources": {"T": topic("new"), "Bad": parameter("x", DependsOn="T")}})
    states = told(cloud)
    began = [state for state, _ in states].index("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    assert next(place for place, one in enumerate(states) if one == ("DELETE_COMPLETE", "new")) > began
    assert set(cloud.topics.lives) == {"old"}


def test_a_creation_that_cannot_be_undone_ends_in_rollback_failed(cloud: Cloud) -> None:
    cloud.topics.hooks.update(Kept=stuck, Bad=fail)
    stack_id = cloud.create({"Resources": {"Kept": topic("kept"), "Bad": topic("bad", DependsOn="Kept")}})
    said = "The following resource(s) failed to delete: [Kept]. "
    assert (cloud.status(), cloud.stack()["StackStatusReason"]) == ("ROLLBACK_FAILED", said)
    assert "still in use" in cloud.reason("Kept", "DELETE_FAILED")
    cloud.api.delete_stack(StackName="shop")
    cloud.idle(stack_id)
    assert (cloud.status(), cloud.stack()["StackStatusReason"]) == ("DELETE_FAILED", said)
    cloud.api.delete_stack(StackName="shop", RetainResources=["Kept"])
    cloud.idle(stack_id)
    assert cloud.status(stack_id) == "DELETE_COMPLETE"
    assert told(cloud, stack_id, "Kept")[-1] == ("DELETE_SKIPPED", "kept")


def test_a_creation_that_was_to_be_deleted_ends_in_delete_failed(cloud: Cloud) -> None:
    cloud.topics.hooks.update(Kept=stuck, Bad=fail)
    cloud.create({"Resources": {"Kept": topic("kept"), "Bad": topic("bad", DependsOn="Kept")}}, OnFailure="DELETE")
    assert cloud.status() == "DELETE_FAILED"
