"""What is the same in every account.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Operations.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.services.autoscaling import choosing, store

PROCESSES = (
    "AddToLoadBalancer", "AlarmNotification", "AZRebalance", "HealthCheck", "InstanceRefresh", "Launch",
    "ReplaceUnhealthy", "ScheduledActions", "Terminate",
)  # fmt: skip
METRICS = (
    "GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity", "GroupInServiceInstances", "GroupPendingInstances",
    "GroupStandbyInstances", "GroupTerminatingInstances", "GroupTotalInstances",
)  # fmt: skip
NOTIFICATIONS = (
    "autoscaling:EC2_INSTANCE_LAUNCH", "autoscaling:EC2_INSTANCE_LAUNCH_ERROR", "autoscaling:EC2_INSTANCE_TERMINATE",
    "autoscaling:EC2_INSTANCE_TERMINATE_ERROR", "autoscaling:TEST_NOTIFICATION",
)  # fmt: skip


@operation("autoscaling", "DescribeScalingProcessTypes")
def describe_scaling_process_types(call: Call) -> dict[str, Any]:
    return {"Processes": [{"ProcessName": p} for p in PROCESSES]}


@operation("autoscaling", "DescribeTerminationPolicyTypes")
def describe_termination_policy_types(call: Call) -> dict[str, Any]:
    return {"TerminationPolicyTypes": list(choosing.POLICIES)}


@operation("autoscaling", "DescribeAdjustmentTypes")
def describe_adjustment_types(call: Call) -> dict[str, Any]:
    names = ("ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity")
    return {"AdjustmentTypes": [{"AdjustmentType": n} for n in names]}


@operation("autoscaling", "DescribeLifecycleHookTypes")
def describe_lifecycle_hook_types(call: Call) -> dict[str, Any]:
    return {"LifecycleHookTypes": ["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"]}


@operation("autoscaling", "DescribeMetricCollectionTypes")
def describe_metric_collection_types(call: Call) -> dict[str, Any]:
    return {"Metrics": [{"Metric": m} for m in METRICS], "Granularities": [{"Granularity": "1Minute"}]}


@operation("autoscaling", "DescribeAutoScalingNotificationTypes")
def describe_notification_types(call: Call) -> dict[str, Any]:
    return {"AutoScalingNotificationTypes": list(NOTIFICATIONS)}


@operation("autoscaling", "DescribeAccountLimits")
def describe_account_limits(call: Call) -> dict[str, Any]:
    return {
        "MaxNumberOfAutoScalingGroups": 500,
        "MaxNumberOfLaunchConfigurations": 200,
        "NumberOfAutoScalingGroups": len(store.listed(call.account, call.region)),
        "NumberOfLaunchConfigurations": 0,
    }
