"""Scaling policies, tags and target groups through the API.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
"""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from rehearsal.tests.autoscaling.conftest import Fleet
from rehearsal.tests.conftest import client_of
from rehearsal.tests.elb.loopback import until


def test_target_tracking_makes_its_alarms_and_takes_them_away(fleet: Fleet) -> None:
    """as-scaling-target-tracking.html"""
    fleet.make(size=1)
    made = fleet.asg.put_scaling_policy(
        AutoScalingGroupName="web", PolicyName="cpu", PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"}, "TargetValue": 50.0,
        },
    )  # fmt: skip
    names = [a["AlarmName"] for a in made["Alarms"]]
    assert names[0].startswith("TargetTracking-web-AlarmHigh-") and names[1].startswith("TargetTracking-web-AlarmLow-")
    found = fleet.cloudwatch.describe_alarms(AlarmNames=names)["MetricAlarms"]
    assert sorted((a["EvaluationPeriods"], a["Threshold"]) for a in found) == [(3, 50.0), (15, 45.0)]
    fleet.asg.delete_auto_scaling_group(AutoScalingGroupName="web", ForceDelete=True)
    assert fleet.cloudwatch.describe_alarms(AlarmNames=names)["MetricAlarms"] == []


def test_a_tracking_policys_alarm_takes_the_group_to_its_target(fleet: Fleet) -> None:
    """as-scaling-target-tracking.html: in proportion, within the group's bounds."""
    fleet.make(size=1, MaxSize=2)
    fleet.serve(1)
    arn = fleet.asg.put_scaling_policy(
        AutoScalingGroupName="web", PolicyName="load", PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={
            "CustomizedMetricSpecification": {"Namespace": "Shop", "MetricName": "Load", "Statistic": "Average"},
            "TargetValue": 20.0, "DisableScaleIn": True,
        },
    )["PolicyARN"]  # fmt: skip
    with pytest.raises(ClientError, match="cannot be executed by hand"):
        fleet.asg.execute_policy(PolicyName=arn)

    def busy() -> bool:
        fleet.cloudwatch.put_metric_data(Namespace="Shop", MetricData=[{"MetricName": "Load", "Value": 60}])
        return len(fleet.ids()) == 2

    until(busy, 20)
    assert any("triggered policy load changing the desired capacity from 1 to 2" in a["Cause"] for a in fleet.activities())


def test_a_target_group_attached_later_gets_the_instances(fleet: Fleet) -> None:
    fleet.make(size=1, TargetGroupARNs=[])
    until(lambda: len(fleet.instances()) == 1)
    given = {"AutoScalingGroupName": "web", "TargetGroupARNs": [fleet.group_arn]}
    fleet.asg.attach_load_balancer_target_groups(**given)
    fleet.serve(1)
    found = fleet.asg.describe_load_balancer_target_groups(AutoScalingGroupName="web")["LoadBalancerTargetGroups"]
    assert found == [{"LoadBalancerTargetGroupARN": fleet.group_arn, "State": "InService"}]
    fleet.asg.detach_load_balancer_target_groups(**given)
    until(lambda: fleet.healthy() == 0)
    assert fleet.describe()["TargetGroupARNs"] == []


def test_tags_are_kept_read_and_filtered(fleet: Fleet) -> None:
    fleet.make(size=0)
    tag = {"ResourceId": "web", "ResourceType": "auto-scaling-group", "Key": "Stage", "Value": "x", "PropagateAtLaunch": True}
    fleet.asg.create_or_update_tags(Tags=[tag])
    assert fleet.asg.describe_tags(Filters=[{"Name": "key", "Values": ["Stage"]}])["Tags"] == [tag]
    by_tag = [{"Name": "tag:Stage", "Values": ["x"]}]
    assert len(fleet.asg.describe_auto_scaling_groups(Filters=by_tag)["AutoScalingGroups"]) == 1
    fleet.asg.delete_tags(Tags=[tag])
    assert fleet.asg.describe_auto_scaling_groups(Filters=by_tag)["AutoScalingGroups"] == []


def test_what_is_not_done_says_so(fleet: Fleet) -> None:
    with pytest.raises(ClientError, match="NotImplemented"):
        fleet.asg.describe_launch_configurations()
    with pytest.raises(ClientError, match="not found"):
        fleet.asg.describe_scaling_activities(AutoScalingGroupName="none")


def test_tells_eventbridge_of_launches_and_refreshes(fleet: Fleet) -> None:
    """ec2-auto-scaling-event-reference.html"""
    sqs, events = client_of(fleet.endpoint, "sqs"), client_of(fleet.endpoint, "events")
    queue = sqs.create_queue(QueueName="events")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:123456789012:events"
    policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}]}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    events.put_rule(Name="scaling", EventPattern=json.dumps({"source": ["aws.autoscaling"]}))
    events.put_targets(Rule="scaling", Targets=[{"Id": "1", "Arn": arn}])
    seen: dict[str, dict[str, str]] = {}

    def collect(*wanted: str) -> bool:
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            event = json.loads(message["Body"])
            seen[event["detail-type"]] = event["detail"]
        return set(wanted) <= set(seen)

    fleet.make(size=1)
    until(lambda: collect("EC2 Instance Launch Successful"))
    assert seen["EC2 Instance Launch Successful"]["EC2InstanceId"] in fleet.ids()
    fleet.serve(1)
    identifier = fleet.start("1")
    kinds = [f"EC2 Auto Scaling Instance Refresh {k}" for k in ("Started", "Succeeded")]
    until(lambda: collect(*kinds, "EC2 Instance Terminate Successful"))
    assert seen[kinds[1]] == {"InstanceRefreshId": identifier, "AutoScalingGroupName": "web"}


def test_who_makes_a_group_must_be_allowed_to_launch_from_its_template(fleet: Fleet) -> None:
    """ec2-auto-scaling-launch-template-permissions.html"""
    iam, sts = client_of(fleet.endpoint, "iam"), client_of(fleet.endpoint, "sts")
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
    iam.create_role(RoleName="maker", AssumeRolePolicyDocument=json.dumps(trust))

    def may(*actions: str) -> None:
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}
        iam.put_role_policy(RoleName="maker", PolicyName="p", PolicyDocument=json.dumps(policy))

    may("autoscaling:*")
    found = sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/maker", RoleSessionName="session")["Credentials"]
    admin = fleet.asg
    fleet.asg = client_of(
        fleet.endpoint, "autoscaling", found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]
    )
    with pytest.raises(ClientError, match=r"AccessDenied.*You are not authorized to use launch template"):
        fleet.make(size=1)
    may("autoscaling:*", "ec2:RunInstances")
    fleet.make(size=1)
    fleet.asg = admin
    fleet.serve(1)
