"""Change sets from their creation to their end: found, executed, overtaken, deleted.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.services.cloudformation import change_sets, inputs
from rehearsal.tests.cloudformation.conftest import Cloud, refusal, text
from rehearsal.tests.cloudformation.toys import fail, parameter, topic


def test_change_sets_are_found_by_name_or_arn_and_their_absence_has_its_own_error(cloud: Cloud) -> None:
    cloud.create({"Resources": {"P": parameter("1")}})
    made = cloud.change_set({"Resources": {"P": parameter("2")}}, Description="two")
    again = {"StackName": "shop", "ChangeSetName": "next", "TemplateBody": text({"Resources": {"P": parameter("3")}})}
    assert refusal(cloud.api.create_change_set, **again)[0] == "AlreadyExistsException"
    listed = cloud.api.list_change_sets(StackName="shop")["Summaries"]
    assert [(s["ChangeSetName"], s["Status"], s["Description"]) for s in listed] == [("next", "CREATE_COMPLETE", "two")]
    assert (
        "2"
        in cloud.api.get_template(ChangeSetName=made["ChangeSetId"])["TemplateBody"]["Resources"]["P"]["Properties"][
            "Value"
        ]
    )
    cloud.api.delete_change_set(ChangeSetName=made["ChangeSetId"])
    code, message = refusal(cloud.api.describe_change_set, ChangeSetName="next", StackName="shop")
    assert (code, message) == ("ChangeSetNotFound", "ChangeSet [next] does not exist")
    code, message = refusal(cloud.api.describe_change_set, ChangeSetName="next", StackName="none")
    assert (code, message) == ("ValidationError", "Stack [none] does not exist")


def test_a_change_set_for_a_missing_or_broken_stack_is_refused(cloud: Cloud) -> None:
    body = text({"Resources": {"T": topic("t")}})
    code, message = refusal(cloud.api.create_change_set, StackName="none", ChangeSetName="a", TemplateBody=body)
    assert (code, message) == ("ValidationError", "Stack [none] does not exist")
    cloud.topics.hooks["T"] = fail
    cloud.create(body)
    code, message = refusal(cloud.api.create_change_set, StackName="shop", ChangeSetName="a", TemplateBody=body)
    assert message.endswith("is in ROLLBACK_COMPLETE state and can not be updated.")


@pytest.mark.parametrize("names", [("one", "two"), ("one", "one")])
def test_first_change_sets_at_the_same_time_share_one_stack(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, names: tuple[str, str]
) -> None:
    settings, together = inputs.settings, threading.Barrier(2)
    asked: list[str] = []

    def meet(*given: Any) -> Any:
        asked.append("")
        if len(asked) <= 2:
            together.wait(10)
        return settings(*given)

    monkeypatch.setattr(inputs, "settings", meet)

    def ask(name: str) -> str:
        try:
            return cloud.api.create_change_set(
                StackName="shop",
                ChangeSetName=name,
                ChangeSetType="CREATE",
                TemplateBody=text({"Resources": {"T": topic("t")}}),
            )["StackId"]
        except ClientError as error:
            return error.response["Error"]["Code"]

    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(ask, names))
    stacks = [stack["StackId"] for stack in cloud.api.describe_stacks()["Stacks"]]
    assert len(stacks) == 1
    assert sorted(answers) == sorted([stacks[0], stacks[0] if len(set(names)) == 2 else "AlreadyExistsException"])
    listed = cloud.api.list_change_sets(StackName="shop")["Summaries"]
    assert sorted(found["ChangeSetName"] for found in listed) == sorted(set(names))


def test_siblings_are_obsolete_after_another_update(cloud: Cloud) -> None:
    cloud.create({"Resources": {"P": parameter("1")}})
    first = cloud.change_set({"Resources": {"P": parameter("2")}}, ChangeSetName="first")
    cloud.change_set({"Resources": {"P": parameter("3")}}, ChangeSetName="second")
    cloud.api.execute_change_set(ChangeSetName="second", StackName="shop")
    cloud.idle("shop")
    found = cloud.api.describe_change_set(ChangeSetName=first["ChangeSetId"])
    assert (found["Status"], found["ExecutionStatus"]) == ("CREATE_COMPLETE", "OBSOLETE")
    code, message = refusal(cloud.api.execute_change_set, ChangeSetName="first", StackName="shop")
    assert (code, message.split("in its")[1]) == ("InvalidChangeSetStatus", " current status of [OBSOLETE]")


def test_a_set_that_an_update_overtakes_while_it_is_built_is_obsolete(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.create({"Resources": {"P": parameter("1")}})
    fill, go_on = change_sets._fill, threading.Event()
    monkeypatch.setattr(change_sets, "_fill", lambda *given: (fill(*given), go_on.wait(20))[0])
    cloud.api.create_change_set(
        StackName="shop", ChangeSetName="stale", TemplateBody=text({"Resources": {"P": parameter("2")}})
    )
    cloud.update({"Resources": {"P": parameter("3")}})
    go_on.set()
    found = cloud.until(
        lambda: cloud.api.describe_change_set(ChangeSetName="stale", StackName="shop"),
        lambda found: found["Status"] == "CREATE_COMPLETE",
    )
    assert found["ExecutionStatus"] == "OBSOLETE"
    assert refusal(cloud.api.execute_change_set, ChangeSetName="stale", StackName="shop")[0] == "InvalidChangeSetStatus"


def test_an_executed_set_is_gone_by_name_so_that_its_name_is_free(cloud: Cloud) -> None:
    cloud.create({"Resources": {"P": parameter("1")}})
    made = cloud.change_set({"Resources": {"P": parameter("2")}})
    cloud.api.execute_change_set(ChangeSetName="next", StackName="shop", ClientRequestToken="once")
    cloud.api.execute_change_set(ChangeSetName=made["ChangeSetId"], ClientRequestToken="once")
    cloud.idle("shop")
    cloud.until(lambda: cloud.api.list_change_sets(StackName="shop")["Summaries"], lambda found: not found)
    assert refusal(cloud.api.execute_change_set, ChangeSetName="next", StackName="shop")[0] == "ChangeSetNotFound"
    again = cloud.change_set({"Resources": {"P": parameter("3")}})
    assert again["ChangeSetId"] != made["ChangeSetId"]


def test_a_failed_execution_says_so_and_the_first_cause_is_found_by_the_operation(cloud: Cloud) -> None:
    cloud.create({"Resources": {"T": topic("t")}})
    made = cloud.change_set({"Resources": {"T": topic("t"), "Bad": topic("bad")}})
    cloud.topics.hooks["Bad"] = fail
    cloud.api.execute_change_set(ChangeSetName=made["ChangeSetId"])
    cloud.idle("shop")
    assert cloud.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.api.describe_change_set(ChangeSetName=made["ChangeSetId"])["ExecutionStatus"] == "EXECUTE_FAILED"
    last = next(o for o in cloud.stack()["LastOperations"] if o["OperationType"] == "UPDATE_STACK")["OperationId"]
    failed = cloud.api.describe_events(OperationId=last, Filters={"FailedEvents": True})["OperationEvents"]
    assert [(e["LogicalResourceId"], e["ResourceStatus"], e["EventType"]) for e in failed] == [
        ("Bad", "CREATE_FAILED", "PROVISIONING_ERROR")
    ]


def test_a_declined_first_plan_leaves_an_empty_stack_that_can_be_deleted(cloud: Cloud) -> None:
    made = cloud.change_set({"Resources": {"T": topic("t")}}, ChangeSetType="CREATE")
    cloud.api.delete_change_set(ChangeSetName=made["ChangeSetId"])
    assert cloud.status() == "REVIEW_IN_PROGRESS"
    assert refusal(cloud.update, {"Resources": {"T": topic("t")}})[0] == "ValidationError"
    stack_id = cloud.stack()["StackId"]
    cloud.api.delete_stack(StackName="shop")
    cloud.until(lambda: cloud.status(stack_id), lambda status: status == "DELETE_COMPLETE")
