"""Replies as AWS gives them: which members are there, which are empty, which are left out.

What is expected here stands in replies that were recorded on AWS (the `*.snapshot.json` files of LocalStack's tests
under tests/aws/services/cloudformation).
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.tests.cloudformation.conftest import Cloud, refusal, text
from rehearsal.tests.cloudformation.toys import fail, parameter, topic

ONE = {"Resources": {"T": topic("t")}}
ROLE = {"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}}}


def test_a_change_set_shows_empty_what_was_not_given_and_leaves_out_what_was_not_asked_for(cloud: Cloud) -> None:
    found = cloud.change_set(ONE, ChangeSetType="CREATE")
    assert (found["Capabilities"], found["RollbackConfiguration"], found["NotificationARNs"]) == ([], {}, [])
    assert found["IncludeNestedStacks"] is False
    assert not {"ImportExistingResources", "Parameters", "Tags", "Description", "OnStackFailure"} & set(found)
    listed = cloud.api.list_change_sets(StackName="shop")["Summaries"][0]
    assert (listed["IncludeNestedStacks"], "ImportExistingResources" in listed) == (False, False)


def test_a_change_set_shows_what_was_asked_for(cloud: Cloud) -> None:
    asked = {"IncludeNestedStacks": True, "ImportExistingResources": False, "Capabilities": ["CAPABILITY_IAM"]}
    found = cloud.change_set(ONE, ChangeSetType="CREATE", **asked)
    assert {name: found[name] for name in asked} == asked


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({}, {}),
        ({"RollbackTriggers": []}, {}),
        ({"MonitoringTimeInMinutes": 0, "RollbackTriggers": []}, {"MonitoringTimeInMinutes": 0}),
    ],
)
def test_a_rollback_configuration_never_holds_an_empty_list(cloud: Cloud, given: Any, shown: Any) -> None:
    assert cloud.change_set(ONE, ChangeSetType="CREATE", RollbackConfiguration=given)["RollbackConfiguration"] == shown
    cloud.api.execute_change_set(ChangeSetName="next", StackName="shop")
    cloud.idle("shop")
    assert cloud.stack()["RollbackConfiguration"] == shown


def test_the_arn_of_a_stack_is_a_name_for_it(cloud: Cloud) -> None:
    stack_id = cloud.change_set(ONE, ChangeSetType="CREATE")["StackId"]
    again = cloud.change_set(ONE, name=stack_id, ChangeSetType="CREATE", ChangeSetName="again")
    assert (again["Status"], again["StackId"], again["StackName"]) == ("CREATE_COMPLETE", stack_id, "shop")
    cloud.api.execute_change_set(ChangeSetName="again", StackName=stack_id)
    cloud.idle(stack_id)
    update = cloud.change_set({"Resources": {"T": topic("u")}}, name=stack_id, ChangeSetName="update")
    assert (update["Status"], update["StackId"]) == ("CREATE_COMPLETE", stack_id)
    cloud.delete()
    for kind, message in [
        ("CREATE", f"Stack [{stack_id}] already exists and cannot be created again with the changeSet [late]."),
        ("UPDATE", f"Stack:{stack_id} is in DELETE_COMPLETE state and can not be updated."),
    ]:
        wanted = {"StackName": stack_id, "ChangeSetName": "late", "ChangeSetType": kind, "TemplateBody": text(ONE)}
        assert refusal(cloud.api.create_change_set, **wanted) == ("ValidationError", message)


def test_a_stack_in_review_can_be_created_and_its_change_sets_are_obsolete(cloud: Cloud) -> None:
    made = cloud.change_set(ONE, ChangeSetType="CREATE")
    assert cloud.create(ONE) == made["StackId"]
    stack = cloud.stack()
    assert (stack["StackStatus"], "ChangeSetId" in stack) == ("CREATE_COMPLETE", False)
    found = cloud.api.describe_change_set(ChangeSetName=made["ChangeSetId"])
    assert (found["Status"], found["ExecutionStatus"]) == ("CREATE_COMPLETE", "OBSOLETE")
    states = [e["ResourceStatus"] for e in cloud.events() if e["LogicalResourceId"] == "shop"]
    assert states == ["REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    assert refusal(cloud.create, ONE)[0] == "AlreadyExistsException"


def test_an_empty_stack_policy_takes_the_one_before_back(cloud: Cloud) -> None:
    deny = json.dumps({"Statement": [{"Effect": "Deny", "Action": "Update:*", "Principal": "*", "Resource": "*"}]})
    cloud.create({"Resources": {"P": parameter("1")}})
    assert "StackPolicyBody" not in cloud.api.get_stack_policy(StackName="shop")
    cloud.api.set_stack_policy(StackName="shop", StackPolicyBody=deny)
    cloud.api.set_stack_policy(StackName="shop", StackPolicyBody="{}")
    assert cloud.api.get_stack_policy(StackName="shop")["StackPolicyBody"] == "{}"
    cloud.update({"Resources": {"P": parameter("2")}})
    assert cloud.status() == "UPDATE_COMPLETE"


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        '{"Statement": [{"Effect": "Deny", "Action": "Create:*", "Principal": "*", "Resource": "*"}]}',
        '{"Statement": [{"Effect": "Deny", "Action": "Update:*", "Principal": "me", "Resource": "*"}]}',
    ],
)
def test_a_refused_stack_policy_is_refused_in_one_sentence(cloud: Cloud, body: str) -> None:
    cloud.create(ONE)
    said = refusal(cloud.api.set_stack_policy, StackName="shop", StackPolicyBody=body)
    assert said == ("ValidationError", "Error validating stack policy: Invalid stack policy")
    url = "https://b.s3.amazonaws.com/policy"
    said = refusal(cloud.api.set_stack_policy, StackName="shop", StackPolicyBody="{}", StackPolicyURL=url)
    assert said == ("ValidationError", "You cannot specify both StackPolicyURL and StackPolicyBody")


def test_a_summary_names_capabilities_only_where_the_template_wants_some(cloud: Cloud) -> None:
    plain = cloud.api.get_template_summary(TemplateBody=text(ONE))
    assert (plain["Parameters"], "Capabilities" in plain, "CapabilitiesReason" in plain) == ([], False, False)
    wanting = cloud.api.get_template_summary(TemplateBody=text(ROLE))
    assert wanting["Capabilities"] == ["CAPABILITY_IAM"]
    assert wanting["CapabilitiesReason"] == "The following resource(s) require capabilities: [AWS::IAM::Role]"
    # The example on ValidateTemplate's page has the empty list.
    # https://docs.aws.amazon.com/cli/latest/reference/cloudformation/validate-template.html
    assert cloud.api.validate_template(TemplateBody=text(ONE))["Capabilities"] == []
    cloud.change_set(ONE, ChangeSetType="CREATE")
    said = refusal(cloud.api.get_template_summary, StackName="shop")
    assert said == ("ValidationError", "GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.")


def test_a_deletion_has_its_time_from_its_beginning_and_a_deleted_stack_no_protection(cloud: Cloud) -> None:
    cloud.topics.hooks["T"] = fail
    cloud.create(ONE)
    assert (cloud.status(), "DeletionTime" in cloud.stack()) == ("ROLLBACK_COMPLETE", True)
    stack_id = cloud.delete()
    stack = cloud.stack(stack_id)
    assert ("DeletionTime" in stack, "EnableTerminationProtection" in stack) == (True, False)


def test_refusals_name_things_as_they_were_asked_for(cloud: Cloud) -> None:
    stack_id = cloud.create(ONE)
    for asked in ("shop", stack_id):
        said = refusal(cloud.api.describe_stack_resource, StackName=asked, LogicalResourceId="X")
        assert said == ("ValidationError", f"Resource X does not exist for stack {asked}")
    said = refusal(cloud.create, ONE, name="other", ResourceTypes=["AWS::EC2::*"])
    assert said[1] == "Resource type AWS::SNS::Topic is not allowed by parameter ResourceTypes [AWS::EC2::*]"
    said = refusal(cloud.api.create_stack, StackName="other", TemplateURL="s3://bucket/template")
    assert said[1] == "S3 error: Domain name specified in bucket is not a valid S3 domain"
    assert refusal(cloud.api.get_template, ChangeSetName="none")[1] == "StackName is a required parameter."


def test_a_stack_in_review_has_no_template_yet(cloud: Cloud) -> None:
    """https://github.com/cdklabs/awscdk-v1-stack-finder/issues/273, and aws-cdk relies on it."""
    cloud.change_set(ONE, ChangeSetType="CREATE")
    found = cloud.api.get_template(StackName="shop")
    assert ("TemplateBody" in found, found["StagesAvailable"]) == (False, [])
    of_set = cloud.api.get_template(StackName="shop", ChangeSetName="next")
    assert of_set["TemplateBody"] == ONE


def test_change_sets_of_nested_stacks_are_not_pretended(cloud: Cloud) -> None:
    nested = {"Resources": {"N": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://s3/x"}}}}
    wanted = {"StackName": "shop", "ChangeSetName": "next", "ChangeSetType": "CREATE", "IncludeNestedStacks": True}
    assert refusal(cloud.api.create_change_set, **wanted, TemplateBody=text(nested))[0] == "NotImplemented"


@pytest.mark.parametrize(
    ("kind", "arn", "message"),
    [
        ("AWS::SNS::Topic", "arn:aws:cloudwatch:us-east-1:1:alarm:a", "Rollback Trigger Type not supported"),
        ("AWS::CloudWatch::Alarm", "arn:aws:cloudwatch:us-east-1:1:a", "RelativeId of a Rollback Trigger's ARN is incorrect"),
    ],
)  # fmt: skip
def test_a_rollback_trigger_that_cannot_be_is_refused(cloud: Cloud, kind: str, arn: str, message: str) -> None:
    triggers = {"RollbackTriggers": [{"Arn": arn, "Type": kind}]}
    assert refusal(cloud.create, ONE, RollbackConfiguration=triggers) == ("ValidationError", message)
