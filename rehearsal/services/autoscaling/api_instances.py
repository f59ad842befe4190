"""Instances of groups: reading them, and putting single ones in, aside and out.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html
"""

from __future__ import annotations

import time
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.kernel.paging import start_of
from rehearsal.services.autoscaling import health, leaving, store, traffic, words
from rehearsal.services.autoscaling.model import Group, Member
from rehearsal.services.autoscaling.validation import invalid
from rehearsal.services.elb import targets


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


def _lower(group: Group, by: int) -> None:
    """@raises AwsError ValidationError below the minimum."""
    if group.desired - by < int(group.settings["MinSize"]):
        raise invalid(
            f"Currently, desiredSize equals minSize ({group.settings['MinSize']}). Terminating instance without "
            "replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to "
            "false or lower group's min size."
        )
    group.settings["DesiredCapacity"] = group.desired - by


@operation("autoscaling", "TerminateInstanceInAutoScalingGroup")
def terminate_instance_in_auto_scaling_group(call: Call) -> dict[str, Any]:
    group, member = store.holder_or_error(call, call.params.get("InstanceId", ""))
    with group.lock:
        before = group.desired
        if call.params["ShouldDecrementDesiredCapacity"]:
            _lower(group, 1)
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


def _members(call: Call, states: tuple[str, ...]) -> tuple[Group, list[Member]]:
    group, found = store.get(call), []
    for name in call.params["InstanceIds"]:
        member = group.find(name)
        if member is None:
            raise invalid(f"The instance {name} is not part of Auto Scaling group {group.name}.")
        if states and member.state not in states:
            raise invalid(f"The instance {name} is not in {' or '.join(states)}.")
        found.append(member)
    return group, found


@operation("autoscaling", "SetInstanceProtection")
def set_instance_protection(call: Call) -> dict[str, Any]:
    group, members = _members(call, ())
    for member in members:
        member.protected = bool(call.params["ProtectedFromScaleIn"])
    group.wake.set()
    return {}


@operation("autoscaling", "EnterStandby")
def enter_standby(call: Call) -> dict[str, Any]:
    """Out of the target groups, but the group's."""
    group, members = _members(call, ("InService",))
    activities = []
    with group.lock:
        if call.params["ShouldDecrementDesiredCapacity"]:
            _lower(group, len(members))
        for member in members:
            cause = f"At {words.stamp()} instance {member.id} was moved to standby in response to a user request."
            member.activity = group.begin(f"Moving EC2 instance to Standby: {member.id}", cause)
            member.state, member.busy = "EnteringStandby", "standby"
            activities.append(member.activity.described())
            tasks.spawn(f"asg-standby-{group.name}", _enter_standby, group, member)
    group.wake.set()
    return {"Activities": activities}


def _enter_standby(group: Group, member: Member) -> None:
    for arn in group.target_groups:
        traffic.deregister(group, arn, [str(member.id)])
    while traffic.registered(group, member):
        tasks.real_sleep(0.25)
    with group.lock:
        member.state, member.busy = "Standby", ""
        member.activity.finish("Successful")


@operation("autoscaling", "ExitStandby")
def exit_standby(call: Call) -> dict[str, Any]:
    group, members = _members(call, ("Standby",))
    activities = []
    with group.lock:
        if group.desired + len(members) > int(group.settings["MaxSize"]):
            raise invalid("The desired capacity would exceed the group's max size.")
        group.settings["DesiredCapacity"] = group.desired + len(members)
        for member in members:
            cause = f"At {words.stamp()} instance {member.id} was moved out of standby in response to a user request."
            member.activity = group.begin(f"Moving EC2 instance out of Standby: {member.id}", cause)
            member.state = "Pending:Proceed"
            activities.append(member.activity.described())
    group.wake.set()
    return {"Activities": activities}


@operation("autoscaling", "DetachInstances")
def detach_instances(call: Call) -> dict[str, Any]:
    group, members = _members(call, ("InService", "Standby"))
    activities = []
    with group.lock:
        if call.params["ShouldDecrementDesiredCapacity"]:
            _lower(group, sum(m.state == "InService" for m in members))
        for member in members:
            cause = f"At {words.stamp()} instance {member.id} was detached in response to a user request."
            member.activity = group.begin(f"Detaching EC2 instance: {member.id}", cause)
            member.state = "Detaching"
            activities.append(member.activity.described())
    group.wake.set()
    return {"Activities": activities}


@operation("autoscaling", "AttachInstances")
def attach_instances(call: Call) -> dict[str, Any]:
    """Running instances become the group's, and the desired capacity grows by them."""
    group, names = store.get(call), call.params["InstanceIds"]
    with group.lock:
        if group.desired + len(names) > int(group.settings["MaxSize"]):
            raise invalid("The desired capacity would exceed the group's max size.")
        for name in names:
            found = targets.instance_of(call.account, call.region, name)
            if found is None or found.state != "running" or store.holder(call.account, call.region, name):
                raise invalid(f"Invalid Instance ID(s): ['{name}'] specified: not running, or in a group already.")
        for name in names:
            found = targets.instance_of(call.account, call.region, name)
            cause = f"At {words.stamp()} an instance was attached in response to a user request."
            activity = group.begin(f"Attaching an existing EC2 instance: {name}", cause)
            member = Member(str(found.placement.zone), str(found.subnet_id), None, str(found.instance_type), activity)
            member.id, member.image, member.state = name, str(found.image_id), "Pending:Proceed"
            member.launched = time.monotonic()
            group.members.append(member)
        group.settings["DesiredCapacity"] = group.desired + len(names)
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
