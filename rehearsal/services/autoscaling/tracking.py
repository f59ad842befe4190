"""Target tracking, simply: two alarms, and a new capacity in proportion to how far the metric is off its target.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
"""

from __future__ import annotations

import uuid
from math import ceil
from typing import Any

from rehearsal.kernel import clients
from rehearsal.kernel.errors import NotImplementedByRehearsal
from rehearsal.services.autoscaling import templates
from rehearsal.services.autoscaling.model import Group, Settings
from rehearsal.services.autoscaling.validation import invalid
from rehearsal.services.cloudwatch import datapoints


def metric_of(group: Group, configuration: Settings) -> Settings:
    """The metric, as an alarm describes it. Machines of the rehearsal do not measure their CPU: such a policy has no
    data, as that of a group without instances."""
    predefined = configuration.get("PredefinedMetricSpecification")
    if predefined:
        kind = predefined["PredefinedMetricType"]
        if kind == "ASGAverageCPUUtilization":
            return {
                "Namespace": "AWS/EC2",
                "MetricName": "CPUUtilization",
                "Dimensions": [{"Name": "AutoScalingGroupName", "Value": group.name}],
                "Statistic": "Average",
            }
        if kind == "ALBRequestCountPerTarget":
            balancer, _, target = predefined["ResourceLabel"].partition("/targetgroup/")
            return {
                "Namespace": "AWS/ApplicationELB",
                "MetricName": "RequestCount",
                "Dimensions": [
                    {"Name": "LoadBalancer", "Value": balancer},
                    {"Name": "TargetGroup", "Value": f"targetgroup/{target}"},
                ],
                "Statistic": "Sum",
            }
        raise NotImplementedByRehearsal("autoscaling", "PutScalingPolicy", kind)
    custom = configuration.get("CustomizedMetricSpecification") or {}
    if custom.get("Metrics"):
        raise NotImplementedByRehearsal("autoscaling", "PutScalingPolicy", "metric math in target tracking")
    if not custom.get("MetricName"):
        raise invalid("TargetTrackingConfiguration needs a metric")
    members = ("Namespace", "MetricName", "Dimensions", "Statistic")
    return {k: v for k, v in custom.items() if k in members}


def put_alarms(group: Group, policy: Settings) -> list[dict[str, Any]]:
    """AlarmHigh looks at 3 minutes, AlarmLow at 15 minutes a tenth below the target, as AWS makes them."""
    configuration = policy["TargetTrackingConfiguration"]
    metric, target = metric_of(group, configuration), float(configuration["TargetValue"])
    if _per_target(policy):
        target *= max(group.desired, 1)
    client = clients.client("cloudwatch", group.region, principal=templates.service(group.account))
    delete_alarms(group, group.policies.get(policy["PolicyName"], {}))
    wanted = [("AlarmHigh", "GreaterThanThreshold", target, 3)]
    if not configuration.get("DisableScaleIn"):
        wanted.append(("AlarmLow", "LessThanThreshold", target * 0.9, 15))
    made = []
    for kind, operator, threshold, periods in wanted:
        name = f"TargetTracking-{group.name}-{kind}-{uuid.uuid4()}"
        client.put_metric_alarm(
            AlarmName=name, Period=60, EvaluationPeriods=periods, Threshold=threshold, ComparisonOperator=operator,
            AlarmActions=[policy["PolicyARN"]], **metric,
            AlarmDescription=f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy['PolicyARN']}.",
        )  # fmt: skip
        arn = f"arn:aws:cloudwatch:{group.region}:{group.account}:alarm:{name}"
        made.append({"AlarmName": name, "AlarmARN": arn})
    return made


def delete_alarms(group: Group, policy: Settings) -> None:
    names = [a["AlarmName"] for a in policy.get("Alarms") or []]
    if names:
        client = clients.client("cloudwatch", group.region, principal=templates.service(group.account))
        client.delete_alarms(AlarmNames=names)


def _per_target(policy: Settings) -> bool:
    predefined = policy["TargetTrackingConfiguration"].get("PredefinedMetricSpecification") or {}
    return predefined.get("PredefinedMetricType") == "ALBRequestCountPerTarget"


def desired(group: Group, policy: Settings) -> int:
    """In proportion, rounded up; without data nothing changes."""
    configuration = policy["TargetTrackingConfiguration"]
    metric = {**metric_of(group, configuration), "Period": 60}
    series = datapoints.series_of(group.account, group.region, metric, datapoints.last_end(60), 3)
    seen = [v for v in series if v is not None]
    if not seen:
        return group.desired
    if _per_target(policy):
        return ceil(seen[-1] / float(configuration["TargetValue"]))
    return ceil(group.desired * seen[-1] / float(configuration["TargetValue"]))
