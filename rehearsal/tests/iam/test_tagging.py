"""Who makes something with tags on it must be allowed to tag it, too.

AWS's schemas of resource types list both permissions for the creation.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html#schema-properties-handlers
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.services.cloudformation.handlers.schemas import schema
from rehearsal.services.iam import tagging
from rehearsal.tests.iam.test_enforcement import ACCOUNT, TRUST, allow, make_role, refusal

TAGS = [{"Key": "Team", "Value": "a"}]
HERE = f"us-east-1:{ACCOUNT}"
STAGE = {"name": "A", "actions": [{"name": "A", "actionTypeId": {
    "category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"}}]}  # fmt: skip
# What is made, with the permission to make it and the permission to tag it.
CASES: tuple[tuple[str, str, dict[str, Any], str, str, str], ...] = (
    ("kms", "create_key", {"Tags": [{"TagKey": "Team", "TagValue": "a"}]}, "kms:CreateKey", "kms:TagResource",
     f"arn:aws:kms:{HERE}:key/*"),
    ("sns", "create_topic", {"Name": "n", "Tags": TAGS}, "sns:CreateTopic", "sns:TagResource", f"arn:aws:sns:{HERE}:n"),
    ("sqs", "create_queue", {"QueueName": "n", "tags": {"Team": "a"}}, "sqs:CreateQueue", "sqs:TagQueue",
     f"arn:aws:sqs:{HERE}:n"),
    ("events", "put_rule", {"Name": "n", "EventPattern": "{}", "Tags": TAGS}, "events:PutRule", "events:TagResource",
     f"arn:aws:events:{HERE}:rule/n"),
    ("ssm", "put_parameter", {"Name": "/a/n", "Value": "x", "Type": "String", "Tags": TAGS}, "ssm:PutParameter",
     "ssm:AddTagsToResource", f"arn:aws:ssm:{HERE}:parameter/a/n"),
    ("cloudwatch", "put_metric_alarm", {"AlarmName": "n", "Namespace": "N", "MetricName": "M", "Statistic": "Sum",
     "Period": 60, "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold", "Tags": TAGS},
     "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource", f"arn:aws:cloudwatch:{HERE}:alarm:n"),
    ("secretsmanager", "create_secret", {"Name": "n", "SecretString": "x", "Tags": TAGS}, "secretsmanager:CreateSecret",
     "secretsmanager:TagResource", f"arn:aws:secretsmanager:{HERE}:secret:n"),
    ("iam", "create_role", {"RoleName": "n", "Path": "/a/", "AssumeRolePolicyDocument": json.dumps(TRUST),
     "Tags": TAGS}, "iam:CreateRole", "iam:TagRole", f"arn:aws:iam::{ACCOUNT}:role/a/n"),
    ("iam", "create_instance_profile", {"InstanceProfileName": "n", "Tags": TAGS}, "iam:CreateInstanceProfile",
     "iam:TagInstanceProfile", f"arn:aws:iam::{ACCOUNT}:instance-profile/n"),
    ("elbv2", "create_target_group", {"Name": "n", "Protocol": "HTTP", "Port": 80, "VpcId": "vpc", "Tags": TAGS},
     "elasticloadbalancing:CreateTargetGroup", "elasticloadbalancing:AddTags",
     f"arn:aws:elasticloadbalancing:{HERE}:targetgroup/n/*"),
)  # fmt: skip


def made(aws: Callable[..., Any], service: str, call: str, params: dict[str, Any], *statements: dict[str, Any]) -> Any:
    client = aws(service, role=make_role(aws, *statements))
    if "VpcId" in params:
        params = {**params, "VpcId": aws("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]}
    return lambda without=(): getattr(client, call)(**{k: v for k, v in params.items() if k not in without})


@pytest.mark.parametrize(("service", "call", "params", "make", "tag", "resource"), CASES, ids=[c[4] for c in CASES])
def test_tags_on_creation_need_their_own_permission(
    aws: Callable[..., Any], service: str, call: str, params: dict[str, Any], make: str, tag: str, resource: str
) -> None:
    create = made(aws, service, call, params, allow(make))
    _, message = refusal(create)
    assert f"is not authorized to perform: {tag} on resource: {resource} because no identity-based policy" in message
    create(without=("Tags", "tags"))


@pytest.mark.parametrize(("service", "call", "params", "make", "tag", "resource"), CASES, ids=[c[4] for c in CASES])
def test_with_that_permission_they_are_set(
    aws: Callable[..., Any], service: str, call: str, params: dict[str, Any], make: str, tag: str, resource: str
) -> None:
    team = {"StringEquals": {"aws:RequestTag/Team": "a"}}
    made(aws, service, call, params, allow(make), allow(tag, resource, Condition=team))()


def test_log_groups_tell_it_in_their_own_words(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"""
    order = {"logGroupName": "/n", "tags": {"Team": "a"}}
    assert refusal(made(aws, "logs", "create_log_group", order, allow("logs:CreateLogGroup"))) == (
        "AccessDeniedException",
        f"User with accountId: {ACCOUNT} is not authorized to perform CreateLogGroup with Tags. "
        'An additional permission "logs:TagResource" is required.',
    )


def test_the_permission_can_be_bound_to_the_creation(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html"""
    group = {"Name": "n", "Protocol": "HTTP", "Port": 80, "VpcId": "vpc", "Tags": TAGS}
    bound = {"StringEquals": {"elasticloadbalancing:CreateAction": "CreateTargetGroup"}}
    statements = (
        allow("elasticloadbalancing:CreateTargetGroup"),
        allow("elasticloadbalancing:AddTags", Condition=bound),
    )
    arn = made(aws, "elbv2", "create_target_group", group, *statements)()["TargetGroups"][0]["TargetGroupArn"]
    elb = aws("elbv2", role=f"arn:aws:iam::{ACCOUNT}:role/worker")
    assert refusal(lambda: elb.add_tags(ResourceArns=[arn], Tags=TAGS))[0] == "AccessDenied"


def test_what_is_tagged_later_is_asked_for_by_its_own_arn(aws: Callable[..., Any]) -> None:
    group = {"Name": "n", "Protocol": "HTTP", "Port": 80, "VpcId": "vpc"}
    own = f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:targetgroup/n/*"
    statements = (allow("elasticloadbalancing:CreateTargetGroup"), allow("elasticloadbalancing:AddTags", own))
    arn = made(aws, "elbv2", "create_target_group", group, *statements)()["TargetGroups"][0]["TargetGroupArn"]
    elb = aws("elbv2", role=f"arn:aws:iam::{ACCOUNT}:role/worker")
    elb.add_tags(ResourceArns=[arn], Tags=TAGS)
    _, message = refusal(lambda: elb.remove_tags(ResourceArns=[arn], TagKeys=["Team"]))
    assert f"elasticloadbalancing:RemoveTags on resource: {arn} " in message


def test_what_cloudformation_itself_marks_needs_no_permission(aws: Callable[..., Any]) -> None:
    order = {"Name": "n", "Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "s"}]}
    made(aws, "sns", "create_topic", order, allow("sns:CreateTopic"))()


# IAM's and Secrets Manager's are told in their own guides.
TYPES = {
    ("autoscaling", "CreateAutoScalingGroup"): "AutoScaling::AutoScalingGroup",
    ("cloudwatch", "PutMetricAlarm"): "CloudWatch::Alarm",
    ("codepipeline", "CreatePipeline"): "CodePipeline::Pipeline",
    ("elbv2", "CreateListener"): "ElasticLoadBalancingV2::Listener",
    ("elbv2", "CreateLoadBalancer"): "ElasticLoadBalancingV2::LoadBalancer",
    ("elbv2", "CreateRule"): "ElasticLoadBalancingV2::ListenerRule",
    ("elbv2", "CreateTargetGroup"): "ElasticLoadBalancingV2::TargetGroup",
    ("events", "PutRule"): "Events::Rule",
    ("iam", "CreateRole"): "IAM::Role",
    ("kms", "CreateKey"): "KMS::Key",
    ("logs", "CreateLogGroup"): "Logs::LogGroup",
    ("secretsmanager", "CreateSecret"): "SecretsManager::Secret",
    ("sns", "CreateTopic"): "SNS::Topic",
    ("sqs", "CreateQueue"): "SQS::Queue",
    ("ssm", "PutParameter"): "SSM::Parameter",
}


@pytest.mark.parametrize("made", TYPES, ids=str)
def test_the_permission_is_the_one_that_aws_lists(made: tuple[str, str]) -> None:
    listed = schema(f"AWS::{TYPES[made]}")["handlers"]["create"]["permissions"]
    assert tagging.PERMISSIONS[made] in listed


def test_a_launch_template_s_tags_need_the_right_to_tag_also_in_a_dry_run(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html"""
    image = aws("ec2").describe_images(Owners=["136693071363"])["Images"][0]["ImageId"]
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "App", "Value": "web"}]}]
    data = {"ImageId": image, "InstanceType": "t3.micro", "TagSpecifications": tags}
    aws("ec2").create_launch_template(LaunchTemplateName="tagging", LaunchTemplateData=data)
    asked = {"LaunchTemplate": {"LaunchTemplateName": "tagging"}, "MinCount": 1, "MaxCount": 1, "DryRun": True}
    launch = allow("ec2:RunInstances")
    bare = make_role(aws, launch)
    refused = refusal(lambda: aws("ec2", role=bare).run_instances(**asked))
    assert refused[0] == "UnauthorizedOperation"
    assert "ec2:CreateTags" in refused[1]
    on_launch = {"StringEquals": {"ec2:CreateAction": "RunInstances"}}
    tagging = make_role(aws, launch, allow("ec2:CreateTags", Condition=on_launch), name="tagging")
    assert refusal(lambda: aws("ec2", role=tagging).run_instances(**asked))[0] == "DryRunOperation"
