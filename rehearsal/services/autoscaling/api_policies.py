"""Scaling policies.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
"""

from __future__ import annotations

import copy
import time
import uuid
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.services.autoscaling import api_groups, store, tracking, words
from rehearsal.services.autoscaling.model import Group, Settings
from rehearsal.services.autoscaling.validation import invalid


@operation("autoscaling", "PutScalingPolicy")
def put_scaling_policy(call: Call) -> dict[str, Any]:
    given = copy.deepcopy(call.params)
    kind = given.setdefault("PolicyType", "SimpleScaling")
    if kind != "TargetTrackingScaling":
        raise NotImplementedByRehearsal("autoscaling", "PutScalingPolicy", kind)
    group = store.get(call)
    if not given.get("TargetTrackingConfiguration"):
        raise invalid("TargetTrackingConfiguration is required for the policy type TargetTrackingScaling")
    given.setdefault("Enabled", True)
    known = group.policies.get(given["PolicyName"])
    given["PolicyARN"] = (
        known["PolicyARN"]
        if known
        else f"arn:aws:autoscaling:{group.region}:{group.account}:scalingPolicy:{uuid.uuid4()}:"
        f"autoScalingGroupName/{group.name}:policyName/{given['PolicyName']}"
    )
    given["AutoScalingGroupName"] = group.name
    given["Alarms"] = tracking.put_alarms(group, given)
    group.policies[given["PolicyName"]] = given
    return {"PolicyARN": given["PolicyARN"], "Alarms": given["Alarms"]}


def _find(call: Call) -> tuple[Group, Settings]:
    """By ARN, or by name within a group."""
    wanted = call.params["PolicyName"]
    groups = store.listed(call.account, call.region)
    if call.params.get("AutoScalingGroupName"):
        groups = [store.get(call)]
    for group in groups:
        for policy in group.policies.values():
            if wanted in (policy["PolicyARN"], policy["PolicyName"]):
                return group, policy
    raise invalid(f"PolicyName {wanted} not found")


@operation("autoscaling", "DescribePolicies")
def describe_policies(call: Call) -> dict[str, Any]:
    params = call.params
    groups = [store.get(call)] if params.get("AutoScalingGroupName") else store.listed(call.account, call.region)
    found = [
        p
        for g in groups
        for p in g.policies.values()
        if (not params.get("PolicyNames") or {p["PolicyName"], p["PolicyARN"]} & set(params["PolicyNames"]))
        and (not params.get("PolicyTypes") or p["PolicyType"] in params["PolicyTypes"])
    ]
    return {"ScalingPolicies": found}


@operation("autoscaling", "DeletePolicy")
def delete_policy(call: Call) -> dict[str, Any]:
    group, policy = _find(call)
    del group.policies[policy["PolicyName"]]
    tracking.delete_alarms(group, policy)
    return {}


@operation("autoscaling", "ExecutePolicy")
def execute_policy(call: Call) -> dict[str, Any]:
    """For the policy's own alarms."""
    group, policy = _find(call)
    if call.principal.type != "service":
        raise invalid("A target tracking policy cannot be executed by hand.")
    if not group.runs("AlarmNotification"):
        return {}
    with group.lock:
        before = group.desired
        if call.params.get("HonorCooldown") and time.monotonic() < group.cooldown_until:
            return {}
        least, most = int(group.settings["MinSize"]), int(group.settings["MaxSize"])
        wanted = min(max(tracking.desired(group, policy), least), most)
        api_groups.change_desired(group, wanted, words.policy_executed(policy["PolicyName"], before, wanted))
    group.wake.set()
    return {}
