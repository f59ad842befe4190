"""Conditions on a resource's own tags (aws:ResourceTag), for every service whose tags policies may go by.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html#access_tags_control-resources
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.tests.iam.test_enforcement import TRUST, allow, make_role, refusal

Aws = Callable[..., Any]


def tags(team: str) -> list[dict[str, str]]:
    return [{"Key": "Team", "Value": team}]


def group(aws: Aws, name: str, team: str) -> None:
    ec2 = aws("ec2")
    image = ec2.describe_images(Owners=["136693071363"])["Images"][0]["ImageId"]
    data = {"ImageId": image, "InstanceType": "t3.micro"}
    ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
    aws("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name, MinSize=0, MaxSize=1, LaunchTemplate={"LaunchTemplateName": name}, Tags=tags(team),
        VPCZoneIdentifier=ec2.describe_subnets()["Subnets"][0]["SubnetId"],
    )  # fmt: skip


def project(aws: Aws, name: str, team: str) -> None:
    trust = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                            "Principal": {"Service": "codebuild.amazonaws.com"}}]}  # fmt: skip
    role = aws("iam").create_role(RoleName=f"build-{name}", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    aws("codebuild").create_project(
        name=name, serviceRole=role, source={"type": "NO_SOURCE", "buildspec": "version: 0.2\nphases: {build: {commands: [date]}}"},
        artifacts={"type": "NO_ARTIFACTS"}, tags=[{"key": "Team", "value": team}],
        environment={"type": "LINUX_CONTAINER", "image": "x", "computeType": "BUILD_GENERAL1_SMALL"},
    )  # fmt: skip


def pipeline(aws: Aws, name: str, team: str) -> None:
    trust = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                            "Principal": {"Service": "codepipeline.amazonaws.com"}}]}  # fmt: skip
    role = aws("iam").create_role(RoleName=f"pipe-{name}", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    aws("s3").create_bucket(Bucket=f"store-{name}")
    kind = {"owner": "AWS", "version": "1"}
    source = {
        "name": "S",
        "actionTypeId": {"category": "Source", "provider": "S3", **kind},
        "outputArtifacts": [{"name": "S"}],
        "configuration": {"S3Bucket": f"store-{name}", "S3ObjectKey": "a.zip", "PollForSourceChanges": "false"},
    }
    approve = {"name": "A", "actionTypeId": {"category": "Approval", "provider": "Manual", **kind}}
    declared = {"name": name, "roleArn": role, "pipelineType": "V2",
                "artifactStore": {"type": "S3", "location": f"store-{name}"},
                "stages": [{"name": "Source", "actions": [source]}, {"name": "Approve", "actions": [approve]}]}  # fmt: skip
    aws("codepipeline").create_pipeline(pipeline=declared, tags=[{"key": "Team", "value": team}])


def parameter(aws: Aws, name: str, team: str) -> None:
    aws("ssm").put_parameter(Name=f"/a/{name}", Value="x", Type="String", Tags=tags(team))


def alarm(aws: Aws, name: str, team: str) -> None:
    aws("cloudwatch").put_metric_alarm(
        AlarmName=name, Namespace="N", MetricName="M", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", Tags=tags(team),
    )  # fmt: skip


def key_pair(aws: Aws, name: str, team: str) -> None:
    aws("ec2").create_key_pair(KeyName=name, TagSpecifications=[{"ResourceType": "key-pair", "Tags": tags(team)}])


ARN = "arn:aws:{}:us-east-1:123456789012:{}"
# Service, action, how a thing with a team's tag is made, how it is used by its name.
CASES: tuple[tuple[str, str, Any, Any], ...] = (
    ("autoscaling", "autoscaling:DeleteAutoScalingGroup", group,
     lambda api, name: api.delete_auto_scaling_group(AutoScalingGroupName=name)),
    ("ec2", "ec2:DeleteKeyPair", key_pair, lambda api, name: api.delete_key_pair(KeyName=name)),
    ("ssm", "ssm:GetParameter", parameter, lambda api, name: api.get_parameter(Name=f"/a/{name}")),
    ("sns", "sns:Publish", lambda aws, name, team: aws("sns").create_topic(Name=name, Tags=tags(team)),
     lambda api, name: api.publish(TopicArn=ARN.format("sns", name), Message="x")),
    ("sqs", "sqs:GetQueueAttributes",
     lambda aws, name, team: aws("sqs").create_queue(QueueName=name, tags={"Team": team}),
     lambda api, name: api.get_queue_attributes(QueueUrl=f"http://localhost/123456789012/{name}")),
    ("logs", "logs:PutRetentionPolicy",
     lambda aws, name, team: aws("logs").create_log_group(logGroupName=name, tags={"Team": team}),
     lambda api, name: api.put_retention_policy(logGroupName=name, retentionInDays=7)),
    ("events", "events:DisableRule",
     lambda aws, name, team: aws("events").put_rule(Name=name, EventPattern="{}", Tags=tags(team)),
     lambda api, name: api.disable_rule(Name=name)),
    ("codebuild", "codebuild:DeleteProject", project, lambda api, name: api.delete_project(name=name)),
    ("codepipeline", "codepipeline:DeletePipeline", pipeline, lambda api, name: api.delete_pipeline(name=name)),
    ("cloudwatch", "cloudwatch:DeleteAlarms", alarm, lambda api, name: api.delete_alarms(AlarmNames=[name])),
    ("secretsmanager", "secretsmanager:GetSecretValue",
     lambda aws, name, team: aws("secretsmanager").create_secret(Name=name, SecretString="x", Tags=tags(team)),
     lambda api, name: api.get_secret_value(SecretId=name)),
    ("iam", "iam:DeleteRole",
     lambda aws, name, team: aws("iam").create_role(
         RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), Tags=tags(team)),
     lambda api, name: api.delete_role(RoleName=name)),
)  # fmt: skip


@pytest.mark.parametrize(("service", "action", "make", "use"), CASES, ids=[case[0] for case in CASES])
def test_a_resource_s_own_tags_decide(aws: Aws, service: str, action: str, make: Any, use: Any) -> None:
    make(aws, "mine", "a")
    make(aws, "other", "b")
    role = make_role(aws, allow(action, Condition={"StringEquals": {"aws:ResourceTag/Team": "a"}}))
    api = aws(service, role=role)
    code, message = refusal(lambda: use(api, "other"))
    assert code in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError")
    assert f"{action} action" in message
    use(api, "mine")


def test_a_stack_s_own_tags_decide(aws: Aws) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html"""
    template = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'
    for name, team in (("mine", "a"), ("other", "b")):
        aws("cloudformation").create_stack(StackName=name, TemplateBody=template, Tags=tags(team))
    tagged = allow("cloudformation:DescribeStacks", Condition={"StringEquals": {"aws:ResourceTag/Team": "a"}})
    api = aws("cloudformation", role=make_role(aws, tagged))
    assert refusal(lambda: api.describe_stacks(StackName="other"))[0] == "AccessDenied"
    assert api.describe_stacks(StackName="mine")["Stacks"][0]["StackName"] == "mine"
