"""What change sets show.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-samples.html
"""

from __future__ import annotations

import json
from typing import Any

from rehearsal.tests.cloudformation.conftest import Cloud, refusal
from rehearsal.tests.cloudformation.toys import Toy, parameter, topic

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

    cloud.toys["AWS::AutoScaling::AutoScalingGroup"] = Toy("AWS::AutoScaling::AutoScalingGroup", "AutoScalingGroupName")
    cloud.create(template("1", "a", "b"), Tags=[{"Key": "A", "Value": "1"}])
    found = changes(cloud.change_set(template("2", "a"), Tags=[{"Key": "A", "Value": "2"}]))
    assert (found["b"]["Action"], found["b"]["PolicyAction"]) == ("Remove", "Retain")
    assert (found["a"]["Action"], found["a"]["Scope"]) == ("Modify", ["Tags"])
    assert found["G"]["Replacement"] == "Conditional"
    details = [d for d in found["G"]["Details"] if d["Target"]["Attribute"] == "Properties"]
    assert details[0]["Target"]["RequiresRecreation"] == "Conditionally"


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
