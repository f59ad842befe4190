"""Updating stacks: in place, by replacement, and back again.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from __future__ import annotations

import threading
from typing import Any

from rehearsal.services.cloudformation.handler import Context, HandlerFailure, UpdateRequiresReplacement
from rehearsal.tests.cloudformation.conftest import Cloud, refusal
from rehearsal.tests.cloudformation.toys import parameter, topic


def fails_once(verb: str, *, at: str = "update") -> Any:
    def hook(now: str, ctx: Context) -> None:
        if now == at and not ctx.rolling_back:
            raise HandlerFailure("no", "InvalidRequest")

    return hook


def test_only_what_changes_is_touched(cloud: Cloud) -> None:
    cloud.create({"Resources": {"A": parameter("1"), "B": parameter("x")}})
    cloud.update({"Resources": {"A": parameter("2"), "B": parameter("x")}})
    assert cloud.status() == "UPDATE_COMPLETE"
    assert cloud.trace("A")[-2:] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]
    assert "UPDATE_IN_PROGRESS" not in cloud.trace("B")
    assert cloud.trace("shop")[-3:] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]
    assert "LastUpdatedTime" in cloud.stack()


def test_an_update_without_changes_is_refused(cloud: Cloud) -> None:
    template = {"Parameters": {"Digest": {"Type": "String", "Default": ""}}, "Resources": {"A": parameter("1")}}
    cloud.create(template)
    assert refusal(cloud.update, template) == ("ValidationError", "No updates are to be performed.")
    assert refusal(cloud.update, {**template, "Description": "new"})[1] == "No updates are to be performed."
    cloud.update(template, Parameters=[{"ParameterKey": "Digest", "ParameterValue": "2"}])
    assert cloud.status() == "UPDATE_COMPLETE"
    assert cloud.stack()["Parameters"] == [{"ParameterKey": "Digest", "ParameterValue": "2"}]
    assert refusal(cloud.update, template, name="none") == ("ValidationError", "Stack [none] does not exist")


def test_replacement_makes_the_new_one_first_and_deletes_the_old_one_in_the_clean_up(cloud: Cloud) -> None:
    cloud.create({"Resources": {"T": topic("old"), "P": parameter({"Ref": "T"})}})
    cloud.update({"Resources": {"T": topic("new"), "P": parameter({"Ref": "T"})}})
    assert cloud.physical("T") == "new"
    assert set(cloud.topics.lives) == {"new"}
    assert cloud.parameters.lives[cloud.physical("P")]["Value"] == "new"
    events = [(e["ResourceStatus"], e["PhysicalResourceId"]) for e in cloud.events() if e["LogicalResourceId"] == "T"]
    assert events[3:] == [
        ("UPDATE_IN_PROGRESS", "old"),
        ("UPDATE_IN_PROGRESS", "new"),
        ("UPDATE_COMPLETE", "new"),
        ("DELETE_IN_PROGRESS", "old"),
        ("DELETE_COMPLETE", "old"),
    ]
    reasons = [e.get("ResourceStatusReason") for e in cloud.events() if e["LogicalResourceId"] == "T"]
    assert reasons[3] == "Requested update requires the creation of a new physical resource; hence creating one."
    order = [e["LogicalResourceId"] + e["ResourceStatus"] for e in cloud.events()]
    assert order.index("PUPDATE_COMPLETE") < order.index("TDELETE_IN_PROGRESS")


def test_a_failed_update_puts_everything_back(cloud: Cloud) -> None:
    before = {
        "Resources": {"A": parameter("1"), "T": topic("old"), "Gone": topic("gone"), "Z": parameter({"Ref": "T"})}
    }
    after = {"Resources": {"A": parameter("2"), "T": topic("new"), "New": topic("fresh"), "Z": parameter({"Ref": "T"})}}
    cloud.create(before, Tags=[{"Key": "V", "Value": "1"}])
    cloud.parameters.hooks["Z"] = fails_once("update")
    cloud.update(after, Tags=[{"Key": "V", "Value": "2"}])
    assert cloud.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.reason("shop", "UPDATE_ROLLBACK_IN_PROGRESS") == "The following resource(s) failed to update: [Z]. "
    assert set(cloud.topics.lives) == {"old", "gone"}
    assert cloud.physical("T") == "old"
    assert cloud.parameters.lives[cloud.physical("A")]["Value"] == "1"
    assert cloud.parameters.lives[cloud.physical("Z")]["Value"] == "old"
    assert cloud.stack()["Tags"] == [{"Key": "V", "Value": "1"}]
    assert cloud.trace("shop")[-3:] == [
        "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE",
    ]  # fmt: skip
    kept = {r["LogicalResourceId"] for r in cloud.api.describe_stack_resources(StackName="shop")["StackResources"]}
    assert kept == {"A", "T", "Gone", "Z"}
    cloud.parameters.hooks.clear()
    cloud.update(after)
    assert cloud.status() == "UPDATE_COMPLETE"
    assert set(cloud.topics.lives) == {"new", "fresh"}


def test_a_roll_back_that_fails_can_be_continued_or_skipped(cloud: Cloud) -> None:
    def never(verb: str, ctx: Context) -> None:
        if verb == "update":
            raise HandlerFailure("no", "InvalidRequest")

    cloud.create({"Resources": {"A": parameter("1"), "B": parameter("1")}})
    cloud.parameters.hooks["A"] = never
    cloud.update({"Resources": {"A": parameter("2"), "B": parameter("1")}})
    assert cloud.status() == "UPDATE_ROLLBACK_FAILED"
    _code, message = refusal(cloud.update, {"Resources": {"A": parameter("3")}})
    assert "is in UPDATE_ROLLBACK_FAILED state and can not be updated." in message
    cloud.api.continue_update_rollback(StackName="shop")
    cloud.idle("shop")
    assert cloud.status() == "UPDATE_ROLLBACK_FAILED"
    cloud.api.continue_update_rollback(StackName="shop", ResourcesToSkip=["A"])
    cloud.idle("shop")
    assert cloud.status() == "UPDATE_ROLLBACK_COMPLETE"


def test_a_handler_may_ask_for_replacement(cloud: Cloud) -> None:
    def replace(verb: str, ctx: Context) -> None:
        if verb == "update":
            raise UpdateRequiresReplacement

    cloud.create({"Resources": {"A": parameter("1")}})
    first = cloud.physical("A")
    cloud.parameters.hooks["A"] = replace
    cloud.update({"Resources": {"A": parameter("2")}})
    assert cloud.status() == "UPDATE_COMPLETE"
    assert cloud.physical("A") != first
    assert list(cloud.parameters.lives) == [cloud.physical("A")]


def test_a_custom_named_resource_cannot_be_replaced(cloud: Cloud) -> None:
    def role(path: str) -> dict[str, Any]:
        properties = {"RoleName": "mine", "Path": path, "AssumeRolePolicyDocument": {}}
        return {"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": properties}}}

    cloud.create(role("/a/"), Capabilities=["CAPABILITY_NAMED_IAM"])
    cloud.update(role("/b/"), Capabilities=["CAPABILITY_NAMED_IAM"])
    assert cloud.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.reason("R", "UPDATE_FAILED") == (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename mine and update "
        "the stack again."
    )


def test_policies_keep_what_an_update_replaces_or_removes(cloud: Cloud) -> None:
    cloud.create({"Resources": {
        "T": topic("one", UpdateReplacePolicy="Retain"), "K": topic("kept", DeletionPolicy="Retain"), "P": parameter("1"),
    }})  # fmt: skip
    cloud.update({"Resources": {"T": topic("two", UpdateReplacePolicy="Retain"), "P": parameter("1")}})
    assert set(cloud.topics.lives) == {"one", "two", "kept"}
    assert cloud.trace("K")[-1] == "DELETE_SKIPPED"


def test_an_update_can_be_cancelled(cloud: Cloud) -> None:
    begun = threading.Event()

    def slow(verb: str, ctx: Context) -> None:
        if verb == "update" and not ctx.rolling_back:
            begun.set()
            ctx.real_sleep(20)

    cloud.create({"Resources": {"A": parameter("1")}})
    _code, message = refusal(cloud.api.cancel_update_stack, StackName="shop")
    assert message == "CancelUpdateStack cannot be called from current stack status (CREATE_COMPLETE)"
    cloud.parameters.hooks["A"] = slow
    cloud.update({"Resources": {"A": parameter("2")}}, wait=False)
    assert begun.wait(5)
    cloud.api.cancel_update_stack(StackName="shop")
    cloud.idle("shop")
    assert cloud.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.reason("A", "UPDATE_FAILED") == "Resource update cancelled"
    assert cloud.parameters.lives[cloud.physical("A")]["Value"] == "1"


def test_without_roll_back_an_update_stays_failed_until_it_is_repaired_or_rolled_back(cloud: Cloud) -> None:
    cloud.create({"Resources": {"A": parameter("1"), "B": parameter("1")}})
    cloud.parameters.hooks["A"] = fails_once("update")
    cloud.update({"Resources": {"A": parameter("2"), "B": parameter("2")}}, DisableRollback=True)
    assert cloud.status() == "UPDATE_FAILED"
    assert cloud.parameters.lives[cloud.physical("B")]["Value"] == "2"
    cloud.api.rollback_stack(StackName="shop")
    cloud.idle("shop")
    assert cloud.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.parameters.lives[cloud.physical("B")]["Value"] == "1"


def test_the_type_of_a_resource_cannot_change(cloud: Cloud) -> None:
    cloud.create({"Resources": {"A": parameter("1")}})
    _code, message = refusal(cloud.update, {"Resources": {"A": topic("x")}})
    assert message == (
        "Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]"
    )


def test_new_stack_tags_reach_the_resources_that_take_tags(cloud: Cloud) -> None:
    template = {"Resources": {"T": topic("t")}}
    cloud.create(template, Tags=[{"Key": "A", "Value": "1"}])
    cloud.update(template, Tags=[{"Key": "A", "Value": "2"}])
    assert cloud.status() == "UPDATE_COMPLETE"
    assert cloud.topics.tags["t"]["A"] == "2"


def test_what_a_failed_creation_left_half_made_is_made_anew(cloud: Cloud) -> None:
    def fail(verb: str, ctx: Context) -> None:
        if verb == "created":
            raise HandlerFailure("no", "NotStabilized")

    cloud.parameters.hooks["A"] = fail
    cloud.create({"Resources": {"A": parameter("1"), "T": topic("t")}}, DisableRollback=True)
    assert cloud.status() == "CREATE_FAILED"
    first = cloud.physical("A")
    cloud.parameters.hooks.clear()
    cloud.update({"Resources": {"A": parameter("1"), "T": topic("t")}})
    assert cloud.status() == "UPDATE_COMPLETE"
    assert cloud.physical("A") != first
    assert list(cloud.parameters.lives) == [cloud.physical("A")]


def test_outputs_go_back_with_the_rest(cloud: Cloud) -> None:
    def template(value: str, name: str) -> dict[str, Any]:
        out = {"O": {"Value": {"Fn::GetAtt": ["A", "Value"]}, "Export": {"Name": name}}}
        return {"Resources": {"A": parameter(value), "Z": parameter(value, DependsOn="A")}, "Outputs": out}

    cloud.create(template("1", "one"))
    cloud.parameters.hooks["Z"] = fails_once("update")
    cloud.update(template("2", "two"))
    assert cloud.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.outputs() == {"O": "1"}
    assert [e["Name"] for e in cloud.api.list_exports()["Exports"]] == ["one"]


def test_what_the_clean_up_cannot_delete_is_left_behind(cloud: Cloud) -> None:
    def stuck(verb: str, ctx: Context) -> None:
        if verb == "delete":
            raise HandlerFailure("not empty", "GeneralServiceException")

    cloud.create({"Resources": {"A": parameter("1"), "T": topic("t")}})
    cloud.topics.hooks["T"] = stuck
    cloud.update({"Resources": {"A": parameter("1")}})
    assert cloud.status() == "UPDATE_COMPLETE"
    assert cloud.stack()["StackStatusReason"] == "Update successful. One or more resources could not be deleted."
    assert cloud.trace("T").count("DELETE_FAILED") == 3


def test_metadata_is_resolved(cloud: Cloud) -> None:
    cloud.create({"Resources": {"T": topic("t", Metadata={"Region": {"Ref": "AWS::Region"}})}})
    detail = cloud.api.describe_stack_resource(StackName="shop", LogicalResourceId="T")["StackResourceDetail"]
    assert detail["Metadata"] == '{"Region":"us-east-1"}'
