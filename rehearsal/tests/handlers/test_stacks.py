"""Real handlers under CloudFormation itself: references between them, the role's rights, drift, clean deletion."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from rehearsal.kernel import journal
from rehearsal.tests.handlers.harness import World

NETWORK = {
    "Resources": {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.40.0.0/16", "EnableDnsHostnames": "true"}},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.40.1.0/24"}},
        "Gateway": {"Type": "AWS::EC2::InternetGateway"},
        "Attachment": {"Type": "AWS::EC2::VPCGatewayAttachment", "Properties": {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "Gateway"}}},
        "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
        "Route": {
            "Type": "AWS::EC2::Route", "DependsOn": "Attachment",
            "Properties": {"RouteTableId": {"Ref": "Table"}, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": {"Ref": "Gateway"}},
        },
        "Group": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {"GroupDescription": "web", "VpcId": {"Ref": "Vpc"}, "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": "80", "ToPort": "80", "CidrIp": {"Fn::GetAtt": ["Vpc", "CidrBlock"]}}]},
        },
    },
    "Outputs": {"Group": {"Value": {"Fn::GetAtt": ["Group", "GroupId"]}}, "Default": {"Value": {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}}},
}  # fmt: skip
MESSAGES = {
    "Resources": {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Queue": {"Type": "AWS::SQS::Queue", "DependsOn": "Topic", "Properties": {"VisibilityTimeout": 60}},
    }
}


def ended(api: Any, stack: str) -> dict[str, Any]:
    """The stack once nothing is in progress."""
    for _ in range(600):
        found = api.describe_stacks(StackName=stack)["Stacks"][0]
        if not found["StackStatus"].endswith("IN_PROGRESS"):
            return found
        time.sleep(0.05)
    raise AssertionError(f"{stack} does not end")


def role_of(world: World, name: str, *actions: str) -> str:
    api = world.client("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "cloudformation.amazonaws.com"}}
        ],
    }
    rights = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}
    role = api.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    api.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(rights))
    return role


@pytest.fixture
def cloudformation(world: World) -> Any:
    return world.client("cloudformation")


def test_a_network_is_made_drifts_and_goes_without_a_trace(cloudformation: Any, world: World) -> None:
    ec2 = world.client("ec2")
    before = {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]}
    stack = cloudformation.create_stack(
        StackName="hand-network", TemplateBody=json.dumps(NETWORK), Tags=[{"Key": "Team", "Value": "shop"}]
    )["StackId"]
    found = ended(cloudformation, stack)
    assert found["StackStatus"] == "CREATE_COMPLETE"
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
    group = ec2.describe_security_groups(GroupIds=[outputs["Group"]])["SecurityGroups"][0]
    tags = {tag["Key"]: tag["Value"] for tag in group["Tags"]}
    assert (tags["Team"], tags["aws:cloudformation:stack-name"], tags["aws:cloudformation:logical-id"]) == (
        "shop",
        "hand-network",
        "Group",
    )
    assert group["IpPermissions"][0]["IpRanges"] == [{"CidrIp": "10.40.0.0/16"}]

    assert drifts(cloudformation, stack) == {}
    ec2.authorize_security_group_ingress(
        GroupId=outputs["Group"], IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )
    assert drifts(cloudformation, stack) == {"Group": ("MODIFIED", "/SecurityGroupIngress/1")}

    cloudformation.delete_stack(StackName=stack)
    assert ended(cloudformation, stack)["StackStatus"] == "DELETE_COMPLETE"
    assert {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]} == before


def drifts(api: Any, stack: str) -> dict[str, tuple[str, str]]:
    detection = api.detect_stack_drift(StackName=stack)["StackDriftDetectionId"]
    for _ in range(200):
        if (
            api.describe_stack_drift_detection_status(StackDriftDetectionId=detection)["DetectionStatus"]
            != "DETECTION_IN_PROGRESS"
        ):
            break
        time.sleep(0.05)
    told = api.describe_stack_resource_drifts(StackName=stack)["StackResourceDrifts"]
    return {
        item["LogicalResourceId"]: (
            item["StackResourceDriftStatus"],
            ",".join(d["PropertyPath"] for d in item["PropertyDifferences"]),
        )
        for item in told
        if item["StackResourceDriftStatus"] != "IN_SYNC"
    }


def test_a_right_that_the_role_lacks_fails_the_resource_and_turns_the_stack_back(
    cloudformation: Any, world: World
) -> None:
    role = role_of(world, "topics-only", "sns:*")
    topics = world.client("sns").list_topics()["Topics"]
    stack = cloudformation.create_stack(StackName="hand-denied", TemplateBody=json.dumps(MESSAGES), RoleARN=role)[
        "StackId"
    ]
    assert ended(cloudformation, stack)["StackStatus"] == "ROLLBACK_COMPLETE"
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    reason = next(e["ResourceStatusReason"] for e in events if e["ResourceStatus"] == "CREATE_FAILED")
    assert "is not authorized to perform: sqs:createqueue" in reason.lower()
    assert world.client("sns").list_topics()["Topics"] == topics
    assert journal.read(principal="assumed-role/topics-only/", operation="CreateTopic")


def test_the_rights_that_the_schemas_name_are_enough(cloudformation: Any, world: World) -> None:
    role = role_of(
        world, "just-enough",
        "sns:CreateTopic", "sns:TagResource", "sns:GetTopicAttributes", "sns:ListTagsForResource", "sns:DeleteTopic",
        "sqs:CreateQueue", "sqs:TagQueue", "sqs:GetQueueAttributes", "sqs:ListQueueTags", "sqs:DeleteQueue", "sqs:GetQueueUrl",
    )  # fmt: skip
    stack = cloudformation.create_stack(StackName="hand-enough", TemplateBody=json.dumps(MESSAGES), RoleARN=role)[
        "StackId"
    ]
    assert ended(cloudformation, stack)["StackStatus"] == "CREATE_COMPLETE"
    cloudformation.delete_stack(StackName=stack)
    assert ended(cloudformation, stack)["StackStatus"] == "DELETE_COMPLETE"
