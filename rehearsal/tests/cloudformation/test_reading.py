"""What the API tells about stacks and templates.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
"""

from __future__ import annotations

import json
from typing import Any

from rehearsal.tests.cloudformation.conftest import Cloud, refusal, text
from rehearsal.tests.cloudformation.toys import parameter, topic


def test_describe_stacks_has_all_that_is_documented(cloud: Cloud) -> None:
    template = {
        "Description": "all of it",
        "Resources": {"T": topic("t")},
        "Outputs": {"O": {"Value": "v", "Description": "d", "Export": {"Name": "e"}}},
    }
    topic_arn = cloud.aws("sns").create_topic(Name="notices")["TopicArn"]
    cloud.create(template, TimeoutInMinutes=60, NotificationARNs=[topic_arn], Capabilities=["CAPABILITY_IAM"])
    stack = cloud.stack()
    assert stack["Description"] == "all of it"
    assert stack["Outputs"] == [{"OutputKey": "O", "OutputValue": "v", "Description": "d", "ExportName": "e"}]
    assert stack["RollbackConfiguration"] == {}
    assert (stack["DisableRollback"], stack["EnableTerminationProtection"]) == (False, False)
    assert (stack["TimeoutInMinutes"], stack["NotificationARNs"]) == (60, [topic_arn])
    assert stack["Capabilities"] == ["CAPABILITY_IAM"]
    assert stack["DriftInformation"] == {"StackDriftStatus": "NOT_CHECKED"}
    assert stack["LastOperations"][0]["OperationType"] == "CREATE_STACK"


def test_lists_come_in_pages_and_by_status(cloud: Cloud) -> None:
    many = {"Resources": {f"P{i}": parameter(str(i)) for i in range(105)}}
    cloud.create(many)
    summaries = cloud.api.get_paginator("list_stack_resources").paginate(StackName="shop")
    pages = [page["StackResourceSummaries"] for page in summaries]
    assert [len(page) for page in pages] == [100, 5]
    assert len(cloud.events()) == 105 * 3 + 2
    cloud.create({"Resources": {"T": topic()}}, name="other")
    cloud.delete("other")
    listed = cloud.api.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
    assert [s["StackName"] for s in listed] == ["other"]
    assert [s["StackName"] for s in cloud.api.describe_stacks()["Stacks"]] == ["shop"]


def test_absence_is_told_in_each_operations_own_words(cloud: Cloud) -> None:
    api: Any = cloud.api
    for call, more, message in [
        (api.describe_stacks, {}, "Stack with id none does not exist"),
        (api.get_template, {}, "Stack with id none does not exist"),
        (api.list_stack_resources, {}, "Stack with id none does not exist"),
        (api.describe_stack_events, {}, "Stack [none] does not exist"),
        (api.describe_stack_resource, {"LogicalResourceId": "T"}, "Stack 'none' does not exist"),
        (api.update_termination_protection, {"EnableTerminationProtection": True}, "Stack [none] does not exist"),
    ]:
        assert refusal(call, StackName="none", **more) == ("ValidationError", message)
    cloud.create({"Resources": {"T": topic()}})
    code, message = refusal(api.describe_stack_resource, StackName="shop", LogicalResourceId="X")
    assert (code, message) == ("ValidationError", "Resource X does not exist for stack shop")


def test_resources_are_found_by_physical_id(cloud: Cloud) -> None:
    cloud.create({"Resources": {"T": topic("t", Metadata={"a": 1}, Description="mine")}})
    found = cloud.api.describe_stack_resources(PhysicalResourceId="t")["StackResources"][0]
    assert (found["StackName"], found["LogicalResourceId"]) == ("shop", "T")
    detail = cloud.api.describe_stack_resource(StackName="shop", LogicalResourceId="T")["StackResourceDetail"]
    assert (json.loads(detail["Metadata"]), detail["Description"]) == ({"a": 1}, "mine")


def test_templates_are_validated_and_summed_up(cloud: Cloud) -> None:
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"A": {"Type": "String", "Default": "x", "Description": "an a", "AllowedValues": ["x", "y"]}},
        "Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}},
    }
    found = cloud.api.validate_template(TemplateBody=text(template))
    assert found["Parameters"] == [{"ParameterKey": "A", "DefaultValue": "x", "NoEcho": False, "Description": "an a"}]
    assert found["Capabilities"] == ["CAPABILITY_IAM"]
    assert found["CapabilitiesReason"] == "The following resource(s) require capabilities: [AWS::IAM::Role]"
    shown = cloud.api.get_template_summary(TemplateBody=text(template))
    assert shown["Parameters"][0]["ParameterType"] == "String"
    assert shown["Parameters"][0]["ParameterConstraints"] == {"AllowedValues": ["x", "y"]}
    assert (shown["ResourceTypes"], shown["Version"]) == (["AWS::IAM::Role"], "2010-09-09")
    yaml = "Resources:\n  T:\n    Type: AWS::SNS::Topic # kept\n"
    cloud.create(yaml)
    assert cloud.api.get_template(StackName="shop")["TemplateBody"] == yaml


def test_status_changes_reach_the_event_bus(cloud: Cloud) -> None:
    sqs, events = cloud.aws("sqs"), cloud.aws("events")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    pattern = {"source": ["aws.cloudformation"], "detail-type": ["CloudFormation Stack Status Change"]}
    events.put_rule(Name="r", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}])
    stack_id = cloud.create({"Resources": {"T": topic()}})
    seen: list[dict[str, Any]] = []

    def receive() -> list[dict[str, Any]]:
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        seen.extend(json.loads(m["Body"]) for m in got)
        return seen

    cloud.until(receive, lambda found: len(found) >= 2)
    assert {e["detail"]["status-details"]["status"] for e in seen} >= {"CREATE_IN_PROGRESS", "CREATE_COMPLETE"}
    assert all(e["detail"]["stack-id"] == stack_id and e["resources"] == [stack_id] for e in seen)


def test_what_is_not_done_says_so(cloud: Cloud) -> None:
    code, message = refusal(cloud.api.create_stack_set, StackSetName="s", TemplateBody="{}")
    assert (code, message) == ("NotImplemented", "The rehearsal does not implement cloudformation:CreateStackSet")
    code, _ = refusal(
        cloud.api.validate_template, TemplateBody='{"Transform":"AWS::Serverless-2016-10-31","Resources":{}}'
    )
    assert code == "NotImplemented"
