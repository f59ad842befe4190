"""The desired capacity that a policy leads to.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html
"""

from __future__ import annotations

from math import ceil, floor
from typing import Any

from rehearsal.services.autoscaling import tracking
from rehearsal.services.autoscaling.model import Group, Settings


def desired_after(group: Group, policy: Settings, params: dict[str, Any]) -> int:
    """Within the group's bounds."""
    if policy["PolicyType"] == "TargetTrackingScaling":
        wanted = tracking.desired(group, policy)
    else:
        amount = policy.get("ScalingAdjustment")
        if policy["PolicyType"] == "StepScaling":
            amount = _step(policy, params)
        wanted = adjust(group.desired, policy, int(amount or 0))
    return min(max(wanted, int(group.settings["MinSize"])), int(group.settings["MaxSize"]))


def _step(policy: Settings, params: dict[str, Any]) -> int:
    """The step whose bounds hold how far the metric is beyond the alarm's threshold; without a value, the first."""
    steps = policy.get("StepAdjustments") or []
    if params.get("MetricValue") is None:
        return int(steps[0]["ScalingAdjustment"]) if steps else 0
    beyond = float(params["MetricValue"]) - float(params.get("BreachThreshold") or 0)
    for step in steps:
        low, high = step.get("MetricIntervalLowerBound"), step.get("MetricIntervalUpperBound")
        if (low is None or beyond >= low) and (high is None or beyond < high):
            return int(step["ScalingAdjustment"])
    return 0


def adjust(desired: int, policy: Settings, amount: int) -> int:
    """A share that is not whole is rounded towards zero, but to one at least."""
    kind = policy["AdjustmentType"]
    if kind == "ExactCapacity":
        return amount
    if kind == "PercentChangeInCapacity":
        change = desired * amount / 100
        amount = floor(change) if change >= 1 else ceil(change) if change <= -1 else (change > 0) - (change < 0)
        least = int(policy.get("MinAdjustmentMagnitude") or 0)
        if least and 0 < abs(amount) < least:
            amount = least if amount > 0 else -least
    return desired + amount
