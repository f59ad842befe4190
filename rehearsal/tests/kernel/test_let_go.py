"""What the rehearsal once did and let go answers NotImplemented by its name: nothing of it is left to moto."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.services.cloudformation.handlers import type_names
from rehearsal.tests.conftest import Client

GROUP, LOWER = {"AutoScalingGroupName": "web"}, {"ShouldDecrementDesiredCapacity": True}
NOTICE = {**GROUP, "TopicARN": "arn:aws:sns:us-east-1:123456789012:t", "NotificationTypes": ["autoscaling:TEST_NOTIFICATION"]}
SOURCES = {**GROUP, "TrafficSources": [{"Identifier": "arn:aws:vpc-lattice:us-east-1:123456789012:t", "Type": "vpc-lattice"}]}
ALARM = {"AlarmName": "any"}
SPREAD, ALGORITHM = "modify_target_group_attributes", "load_balancing.algorithm.type"
TYPES = (
    "AWS::AutoScaling::ScheduledAction",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::ElasticLoadBalancingV2::ListenerCertificate",
)


def spread(name: str, value: str) -> dict[str, Any]:
    group = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef"
    return {"TargetGroupArn": group, "Attributes": [{"Key": name, "Value": value}]}


def cached(kind: str) -> dict[str, Any]:
    image = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
    source = {"type": "NO_SOURCE", "buildspec": "version: 0.2\nphases:\n  build:\n    commands: [x]\n"}
    more = {"artifacts": {"type": "NO_ARTIFACTS"}, "environment": image, "serviceRole": "arn:aws:iam::123456789012:role/b"}
    return {"name": "project", "source": source, "cache": {"type": kind, "location": "work/cache"}, **more}


@pytest.mark.parametrize(
    ("service", "operation", "params", "named"),
    [
        ("autoscaling", "enter_standby", {**GROUP, **LOWER}, "autoscaling:EnterStandby"),
        ("autoscaling", "exit_standby", GROUP, "autoscaling:ExitStandby"),
        ("autoscaling", "attach_instances", GROUP, "autoscaling:AttachInstances"),
        ("autoscaling", "detach_instances", {**GROUP, **LOWER}, "autoscaling:DetachInstances"),
        ("autoscaling", "put_scaling_policy", {**GROUP, "PolicyName": "more"}, "SimpleScaling"),
        ("autoscaling", "put_scaling_policy", {**GROUP, "PolicyName": "more", "PolicyType": "StepScaling"}, "StepScaling"),
        ("autoscaling", "put_notification_configuration", NOTICE, "autoscaling:PutNotificationConfiguration"),
        ("autoscaling", "describe_notification_configurations", {}, "autoscaling:DescribeNotificationConfigurations"),
        ("autoscaling", "attach_traffic_sources", SOURCES, "autoscaling:AttachTrafficSources"),
        ("autoscaling", "detach_traffic_sources", SOURCES, "autoscaling:DetachTrafficSources"),
        ("autoscaling", "describe_traffic_sources", GROUP, "autoscaling:DescribeTrafficSources"),
        ("autoscaling", "describe_load_balancers", GROUP, "autoscaling:DescribeLoadBalancers"),
        ("autoscaling", "describe_scaling_process_types", {}, "autoscaling:DescribeScalingProcessTypes"),
        ("autoscaling", "describe_account_limits", {}, "autoscaling:DescribeAccountLimits"),
        ("cloudwatch", "put_composite_alarm", {**ALARM, "AlarmRule": "ALARM(a)"}, "cloudwatch:PutCompositeAlarm"),
        ("cloudwatch", "describe_alarms", {"ChildrenOfAlarmName": "any"}, "ChildrenOfAlarmName"),
        ("cloudwatch", "describe_alarms", {"ParentsOfAlarmName": "any"}, "ParentsOfAlarmName"),
        ("codebuild", "create_project", cached("LOCAL"), "codebuild:CreateProject: cache LOCAL"),
        ("codebuild", "create_project", cached("S3"), "codebuild:CreateProject: cache S3"),
        ("codebuild", "retry_build", {"id": "project:1"}, "codebuild:RetryBuild"),
        ("codebuild", "batch_delete_builds", {"ids": ["project:1"]}, "codebuild:BatchDeleteBuilds"),
        ("elbv2", SPREAD, spread("stickiness.enabled", "true"), "stickiness.enabled true"),
        ("elbv2", SPREAD, spread("slow_start.duration_seconds", "60"), "slow_start.duration_seconds 60"),
        ("elbv2", SPREAD, spread(ALGORITHM, "least_outstanding_requests"), f"{ALGORITHM} least_outstanding_requests"),
        ("elbv2", SPREAD, spread(ALGORITHM, "weighted_random"), f"{ALGORITHM} weighted_random"),
    ],
)
def test_says_by_name_what_was_let_go(aws: Client, service: str, operation: str, params: Any, named: str) -> None:
    with pytest.raises(ClientError, match=rf"\(NotImplemented\).*{re.escape(named)}$"):
        getattr(aws(service), operation)(**params)


@pytest.mark.parametrize("type_name", TYPES)
def test_a_stack_with_a_type_that_was_let_go_fails_by_its_name(aws: Client, type_name: str) -> None:
    assert type_name not in type_names()
    api = aws("cloudformation")
    api.create_stack(StackName="gone", TemplateBody=json.dumps({"Resources": {"Gone": {"Type": type_name}}}))
    with pytest.raises(Exception, match="Waiter"):
        api.get_waiter("stack_create_complete").wait(StackName="gone", WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    reasons = [event.get("ResourceStatusReason", "") for event in api.describe_stack_events(StackName="gone")["StackEvents"]]
    assert any(f"{type_name} is not implemented by the rehearsal" in reason for reason in reasons), reasons
