"""Change sets.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-samples.html
"""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.services.cloudformation import change_sets, inputs
from rehearsal.tests.cloudformation.conftest import Cloud, refusal, text
from rehearsal.tests.cloudformation.test_create import fail, parameter, topic

NOTHING = "The submitted information didn't contain changes. Submit different information to create a change set."


def changes(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {c["ResourceChange"]["LogicalResourceId"]: c["ResourceChange"] for c in found["Changes"]}


def test_a_first_change_set_makes_a_stack_in_review_that_its_execution_creates(cloud: Cloud) -> None:
    template = {"Resources": {"T": topic("t"), "P": parameter({"Ref": "T"})}}
    found = cloud.change_set(template, ChangeSetType="CREATE", Tags=[{"Key": "A", "Value": "1"}])
    assert (found["Status"], found["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert cloud.status() == "REVIEW_IN_PROGRESS"
    assert [c["Action"] for c in changes(found).values()] == ["Add", "Add"]
    after = json.loads(changes(found)["P"]["AfterContext"])
    assert after["Properties"]["Value"] == "{{changeSet:KNOWN_AFTER_APPLY}}"
    cloud.api.execute_change_set(ChangeSetName="next", StackName="shop")
    cloud.idle("shop")
    assert cloud.status() == "CREATE_COMPLETE"
    assert cloud.stack()["ChangeSetId"] == found["ChangeSetId"]
    assert cloud.stack()["Tags"] == [{"Key": "A", "Value": "1"}]
    assert cloud.api.describe_change_set(ChangeSetName=found["ChangeSetId"])["ExecutionStatus"] == "EXECUTE_COMPLETE"
    code, message = refusal(cloud.api.execute_change_set, ChangeSetName=found["ChangeSetId"])
    assert code == "InvalidChangeSetStatus"
    assert message.endswith("cannot be executed in its current status of [EXECUTE_COMPLETE]")


def test_a_change_set_without_changes_fails_in_the_known_words(cloud: Cloud) -> None:
    template = {"Parameters": {"Digest": {"Type": "String", "Default": ""}}, "Resources": {"T": topic("t")}}
    cloud.create(template)
    found = cloud.change_set(template)
    assert (found["Status"], found["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert found["StatusReason"] == NOTHING
    code, _message = refusal(cloud.api.execute_change_set, ChangeSetName="next", StackName="shop")
    assert code == "InvalidChangeSetStatus"
    found = cloud.change_set(
        template, ChangeSetName="digest", Parameters=[{"ParameterKey": "Digest", "ParameterValue": "1"}]
    )
    assert (found["Status"], found["Changes"]) == ("CREATE_COMPLETE", [])
    outputs = {**template, "Outputs": {"O": {"Value": {"Ref": "T"}}}}
    assert cloud.change_set(outputs, ChangeSetName="outputs")["Status"] == "CREATE_COMPLETE"


def test_a_parameter_that_changes_a_property_is_named_as_its_cause(cloud: Cloud) -> None:
    template = {
        "Parameters": {"Text": {"Type": "String", "Default": "one"}},
        "Resources": {"P": parameter({"Ref": "Text"})},
    }
    cloud.create(template)
    found = cloud.change_set(template, Parameters=[{"ParameterKey": "Text", "ParameterValue": "two"}])
    change = changes(found)["P"]
    assert (change["Action"], change["Replacement"], change["Scope"]) == ("Modify", "False", ["Properties"])
    assert change["PhysicalResourceId"] == cloud.physical("P")
    target = {
        "Attribute": "Properties", "Name": "Value", "RequiresRecreation": "Never", "Path": "/Properties/Value",
        "BeforeValue": "one", "AfterValue": "two", "AttributeChangeType": "Modify",
    }  # fmt: skip
    assert change["Details"] == [
        {"Target": target, "Evaluation": "Static", "ChangeSource": "ParameterReference", "CausingEntity": "Text"},
        {"Target": target, "Evaluation": "Dynamic", "ChangeSource": "DirectModification"},
    ]
    assert json.loads(change["BeforeContext"])["Properties"]["Value"] == "one"
    short = cloud.api.describe_change_set(ChangeSetName="next", StackName="shop")
    detail = changes(short)["P"]["Details"][0]["Target"]
    assert detail == {"Attribute": "Properties", "Name": "Value", "RequiresRecreation": "Never"}
    assert "BeforeContext" not in changes(short)["P"]


def test_a_replacement_reaches_those_that_refer_to_it(cloud: Cloud) -> None:
    def template(name: str) -> dict[str, Any]:
        att = parameter({"Fn::GetAtt": ["T", "TopicArn"]})
        return {"Resources": {"T": topic(name), "P": parameter({"Ref": "T"}), "Q": att}}

    cloud.create(template("one"))
    found = changes(cloud.change_set(template("two")))
    assert found["T"]["Replacement"] == "True"
    assert found["T"]["PolicyAction"] == "ReplaceAndDelete"
    assert found["T"]["Details"][0]["Target"]["RequiresRecreation"] == "Always"
    assert [(d["Evaluation"], d["ChangeSource"], d.get("CausingEntity")) for d in found["P"]["Details"]] == [
        ("Static", "ResourceReference", "T"),
        ("Dynamic", "DirectModification", None),
    ]
    assert found["P"]["Details"][0]["Target"]["AfterValue"] == "{{changeSet:KNOWN_AFTER_APPLY}}"
    assert found["Q"]["Details"][0]["CausingEntity"] == "T.TopicArn"


def test_an_attribute_of_what_changes_in_place_is_dynamic(cloud: Cloud) -> None:
    def template(path: str) -> dict[str, Any]:
        role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}, "Description": path}}
        return {"Resources": {"R": role, "P": parameter({"Fn::GetAtt": ["R", "Arn"]})}}

    capable = {"Capabilities": ["CAPABILITY_IAM"]}
    cloud.create(template("a"), **capable)
    found = changes(cloud.change_set(template("b"), **capable))
    assert [(d["Evaluation"], d["ChangeSource"], d["CausingEntity"]) for d in found["P"]["Details"]] == [
        ("Dynamic", "ResourceAttribute", "R.Arn")
    ]
    cloud.api.execute_change_set(ChangeSetName="next", StackName="shop")
    cloud.idle("shop")
    assert "UPDATE_IN_PROGRESS" not in cloud.trace("P")


def test_removal_tags_and_conditional_replacement_are_told(cloud: Cloud) -> None:
    group = {"Type": "AWS::AutoScaling::AutoScalingGroup"}

    def template(version: str, *topics: str) -> dict[str, Any]:
        properties = {
            "MinSize": "1",
            "MaxSize": "1",
            "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": version},
        }
        resources = {name: topic(name, DeletionPolicy="Retain") for name in topics}
        return {"Resources": {"G": {**group, "Properties": properties}, **resources}}

    from rehearsal.tests.cloudformation.toys import Toy

    cloud.toys["AWS::AutoScaling::AutoScalingGroup"] = Toy("AWS::AutoScaling::AutoScalingGroup", "AutoScalingGroupName")
    cloud.create(template("1", "a", "b"), Tags=[{"Key": "A", "Value": "1"}])
    found = changes(cloud.change_set(template("2", "a"), Tags=[{"Key": "A", "Value": "2"}]))
    assert (found["b"]["Action"], found["b"]["PolicyAction"]) == ("Remove", "Retain")
    assert (found["a"]["Action"], found["a"]["Scope"]) == ("Modify", ["Tags"])
    assert found["G"]["Replacement"] == "Conditional"
    details = [d for d in found["G"]["Details"] if d["Target"]["Attribute"] == "Properties"]
    assert details[0]["Target"]["RequiresRecreation"] == "Conditionally"


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
                StackName="shop", ChangeSetName=name, ChangeSetType="CREATE", TemplateBody=text({"Resources": {"T": topic("t")}})
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


def test_long_change_sets_come_in_pages(cloud: Cloud) -> None:
    cloud.create({"Resources": {"P": parameter("1")}})
    many = {f"P{i}": parameter("1") for i in range(120)}
    found = cloud.change_set({"Resources": many})
    assert "NextToken" in found
    pages = cloud.api.get_paginator("describe_change_set").paginate(ChangeSetName="next", StackName="shop")
    assert sum(len(page["Changes"]) for page in pages) == 121


def test_faulty_properties_fail_the_change_set_and_describe_events_tells_where(cloud: Cloud) -> None:
    cloud.create({"Resources": {"T": topic("t")}})
    found = cloud.change_set({"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicNme": "t"}}}})
    assert found["Status"] == "FAILED"
    assert "AWS::EarlyValidation::PropertyValidation" in found["StatusReason"]
    events = cloud.api.describe_events(ChangeSetName=found["ChangeSetId"])["OperationEvents"]
    assert events[0]["EventType"] == "VALIDATION_ERROR"
    assert events[0]["ValidationStatusReason"] == "extraneous key [TopicNme] is not permitted"
    assert events[0]["ValidationPath"] == "/Resources/T/Properties"


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


def test_a_change_set_for_a_missing_or_broken_stack_is_refused(cloud: Cloud) -> None:
    body = text({"Resources": {"T": topic("t")}})
    code, message = refusal(cloud.api.create_change_set, StackName="none", ChangeSetName="a", TemplateBody=body)
    assert (code, message) == ("ValidationError", "Stack [none] does not exist")
    cloud.topics.hooks["T"] = fail
    cloud.create(body)
    code, message = refusal(cloud.api.create_change_set, StackName="shop", ChangeSetName="a", TemplateBody=body)
    assert message.endswith("is in ROLLBACK_COMPLETE state and can not be updated.")


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


def test_a_declined_first_plan_leaves_an_empty_stack_that_can_be_deleted(cloud: Cloud) -> None:
    made = cloud.change_set({"Resources": {"T": topic("t")}}, ChangeSetType="CREATE")
    cloud.api.delete_change_set(ChangeSetName=made["ChangeSetId"])
    assert cloud.status() == "REVIEW_IN_PROGRESS"
    assert refusal(cloud.update, {"Resources": {"T": topic("t")}})[0] == "ValidationError"
    stack_id = cloud.stack()["StackId"]
    cloud.api.delete_stack(StackName="shop")
    cloud.until(lambda: cloud.status(stack_id), lambda status: status == "DELETE_COMPLETE")


def test_a_name_that_is_taken_fails_the_change_set(cloud: Cloud) -> None:
    cloud.parameters.lives["/taken"] = {"Type": "String", "Value": "x"}
    named = {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/taken", "Type": "String", "Value": "1"}}
    found = cloud.change_set({"Resources": {"P": named}}, ChangeSetType="CREATE")
    assert found["Status"] == "FAILED"
    assert "AWS::EarlyValidation::ResourceExistenceCheck" in found["StatusReason"]
    events = cloud.api.describe_events(ChangeSetName=found["ChangeSetId"])["OperationEvents"]
    assert (events[0]["ValidationName"], events[0]["ValidationPath"]) == ("NAME_CONFLICT_VALIDATION", "/Resources/P")
    unchecked = cloud.change_set(
        {"Resources": {"P": named}}, ChangeSetType="CREATE", ChangeSetName="unchecked", DisableValidation=True
    )
    assert unchecked["Status"] == "CREATE_COMPLETE"
