"""Instances of groups: reading them, marking them, and taking single ones out.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.kernel.paging import start_of
from rehearsal.services.autoscaling import health, leaving, store, words
from rehearsal.services.autoscaling.model import Group
from rehearsal.services.autoscaling.validation import invalid


@operation("autoscaling", "DescribeAutoScalingInstances")
def describe_auto_scaling_instances(call: Call) -> dict[str, Any]:
    wanted = call.params.get("InstanceIds") or []
    found = [
        {**member.described(), "AutoScalingGroupName": group.name, "HealthStatus": member.health.upper()}
        for group in store.listed(call.account, call.region)
        for member in list(group.members)
        if member.id and (not wanted or member.id in wanted)
    ]
    start, limit = start_of(call.params.get("NextToken")), int(call.params.get("MaxRecords") or 50)
    result: dict[str, Any] = {"AutoScalingInstances": found[start : start + limit]}
    if start + limit < len(found):
        result["NextToken"] = str(start + limit)
    return result


def _lower(group: Group) -> None:
    """@raises AwsError ValidationError below the minimum."""
    if group.desired <= int(group.settings["MinSize"]):
        raise invalid(
            f"Currently, desiredSize equals minSize ({group.settings['MinSize']}). Terminating instance without "
            "replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to "
            "false or lower group's min size."
        )
    group.settings["DesiredCapacity"] = group.desired - 1


@operation("autoscaling", "TerminateInstanceInAutoScalingGroup")
def terminate_instance_in_auto_scaling_group(call: Call) -> dict[str, Any]:
    group, member = store.holder_or_error(call, call.params.get("InstanceId", ""))
    with group.lock:
        before = group.desired
        if call.params["ShouldDecrementDesiredCapacity"]:
            _lower(group)
            cause = words.user_terminated(str(member.id), before, group.desired)
        else:
            cause = words.user_terminated(str(member.id))
        leaving.begin(group, member, cause)
        activity = member.activity.described()
    group.wake.set()
    return {"Activity": activity}


@operation("autoscaling", "SetInstanceHealth")
def set_instance_health(call: Call) -> dict[str, Any]:
    """Respects the grace period unless told not to."""
    group, member = store.holder_or_error(call, call.params["InstanceId"])
    status = call.params["HealthStatus"]
    if status not in ("Healthy", "Unhealthy"):
        raise invalid("Health status must be Healthy or Unhealthy")
    with group.lock:
        respects = call.params.get("ShouldRespectGracePeriod", True)
        if status == "Healthy" or not respects or health.grace_over(group, member):
            member.health, member.unhealthy_because = status, words.USER_HEALTH
    group.wake.set()
    return {}


@operation("autoscaling", "SetInstanceProtection")
def set_instance_protection(call: Call) -> dict[str, Any]:
    group, members = store.get(call), []
    for name in call.params["InstanceIds"]:
        member = group.find(name)
        if member is None:
            raise invalid(f"The instance {name} is not part of Auto Scaling group {group.name}.")
        members.append(member)
    for member in members:
        member.protected = bool(call.params["ProtectedFromScaleIn"])
    group.wake.set()
    return {}


@operation("autoscaling", "DescribeScalingActivities")
def describe_scaling_activities(call: Call) -> dict[str, Any]:
    """The newest first. A deleted group's are told on request."""
    params = call.params
    name = params.get("AutoScalingGroupName")
    past = store.past_activities(call.account, call.region)
    deleted = params.get("IncludeDeletedGroups") and any(a.group == name for a in past)
    if name and not deleted:
        store.get(call)
    found = [
        a.described()
        for g in store.listed(call.account, call.region)
        if name in (None, g.name, g.arn)
        for a in list(g.activities)
    ]
    if params.get("IncludeDeletedGroups"):
        found += [a.described(deleted=True) for a in past if name in (None, a.group)]
    if params.get("ActivityIds"):
        found = [a for a in found if a["ActivityId"] in params["ActivityIds"]]
    found.sort(key=lambda a: a["StartTime"], reverse=True)
    start, limit = start_of(params.get("NextToken")), int(params.get("MaxRecords") or 100)
    result: dict[str, Any] = {"Activities": found[start : start + limit]}
    if start + limit < len(found):
        result["NextToken"] = str(start + limit)
    return result
