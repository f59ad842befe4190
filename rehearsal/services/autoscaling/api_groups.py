"""Making, changing, reading and deleting groups.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
"""

from __future__ import annotations

import time
from typing import Any

from moto.backends import get_backend

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.kernel.paging import start_of
from rehearsal.services.autoscaling import (
    api_hooks,
    leaving,
    reconcile,
    store,
    tagging,
    templates,
    tracking,
    validation,
    words,
)
from rehearsal.services.autoscaling.model import Group, Settings
from rehearsal.services.autoscaling.validation import invalid

# Kept elsewhere than in a group's settings.
_LINKED_ROLE = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
_CANNOT = "You cannot delete an AutoScalingGroup while there are"
_APART = ("AutoScalingGroupName", "Tags", "LifecycleHookSpecificationList", "SkipZonalShiftValidation")


def named_fully(account: str, region: str, settings: Settings) -> None:
    """AWS describes a template by id and name, whichever it was given."""
    if settings.get("LaunchTemplate"):
        launch = templates.resolve(account, region, settings)
        version = settings["LaunchTemplate"].get("Version")
        settings["LaunchTemplate"] = {
            "LaunchTemplateId": launch.template_id,
            "LaunchTemplateName": launch.template_name,
            **({"Version": version} if version else {}),
        }


@operation("autoscaling", "CreateAutoScalingGroup")
def create_auto_scaling_group(call: Call) -> dict[str, Any]:
    params = dict(call.params)
    params.setdefault("DesiredCapacity", params["MinSize"])
    params.setdefault("HealthCheckType", "EC2")
    params.setdefault("HealthCheckGracePeriod", 0)
    params.setdefault("DefaultCooldown", 300)
    params.setdefault("TerminationPolicies", ["Default"])
    if store.find(call.account, call.region, params["AutoScalingGroupName"]):
        store.add(Group(params["AutoScalingGroupName"], call.account, call.region, params))
    validation.check_new(call.account, call.region, params)
    templates.authorize(call, params, params["VPCZoneIdentifier"].replace(" ", "").split(","))
    arns = list(params.get("TargetGroupARNs") or [])
    arns += [t["Identifier"] for t in params.pop("TrafficSources", None) or []]
    validation.check_target_groups(call.account, call.region, arns)
    params["TargetGroupARNs"] = arns
    named_fully(call.account, call.region, params)
    settings = {k: v for k, v in params.items() if k not in _APART}
    group = Group(params["AutoScalingGroupName"], call.account, call.region, settings)
    tagging.put(group, params.get("Tags") or [])
    for hook in params.get("LifecycleHookSpecificationList") or []:
        api_hooks.put(group, hook)
    group.cause = words.user_created(group.desired)
    store.add(group)
    reconcile.start(group)
    return {}


@operation("autoscaling", "UpdateAutoScalingGroup")
def update_auto_scaling_group(call: Call) -> dict[str, Any]:
    """The desired capacity follows new bounds where it is not given itself."""
    group, given = store.get(call), dict(call.params)
    with group.lock:
        _refuse_deleting(group)
        before = group.desired
        result = {**group.settings, **given}
        if "DesiredCapacity" not in given:
            result["DesiredCapacity"] = min(max(before, int(result["MinSize"])), int(result["MaxSize"]))
        validation.check_changed(call.account, call.region, given, result)
        templates.authorize(call, given, group.subnets)
        # Unchecked: what is not named anew is not looked at, so a group whose template is gone can be emptied.
        if given.get("LaunchTemplate") or given.get("MixedInstancesPolicy"):
            named_fully(call.account, call.region, result)
        if given.get("LaunchTemplate"):
            result.pop("MixedInstancesPolicy", None)
        elif given.get("MixedInstancesPolicy"):
            result.pop("LaunchTemplate", None)
        group.settings = {k: v for k, v in result.items() if k not in _APART}
        if group.desired != before:
            group.cause = words.user_updated(int(result["MinSize"]), int(result["MaxSize"]), group.desired, before)
        group.no_launch_before, group.launch_failures = 0.0, 0
    group.wake.set()
    return {}


def _refuse_deleting(group: Group) -> None:
    if group.deleting:
        raise AwsError("ScalingActivityInProgress", f"AutoScalingGroup {group.name} is being deleted")


@operation("autoscaling", "SetDesiredCapacity")
def set_desired_capacity(call: Call) -> dict[str, Any]:
    group, wanted = store.get(call), int(call.params["DesiredCapacity"])
    with group.lock:
        _refuse_deleting(group)
        if call.params.get("HonorCooldown") and time.monotonic() < group.cooldown_until:
            raise AwsError("ScalingActivityInProgress", "The Auto Scaling group is in its cooldown period")
        change_desired(group, wanted, words.user_set_desired(wanted, group.desired))
    group.wake.set()
    return {}


def change_desired(group: Group, wanted: int, cause: str) -> None:
    """@raises AwsError ValidationError outside of the group's bounds."""
    minimum, maximum = int(group.settings["MinSize"]), int(group.settings["MaxSize"])
    if wanted > maximum:
        raise invalid(f"New SetDesiredCapacity value {wanted} is above max value {maximum} for the AutoScalingGroup.")
    if wanted < minimum:
        raise invalid(f"New SetDesiredCapacity value {wanted} is below min value {minimum} for the AutoScalingGroup.")
    if wanted != group.desired:
        group.cause = cause
        group.settings["DesiredCapacity"] = wanted
        group.cooldown_until = time.monotonic() + float(group.settings["DefaultCooldown"]) / tasks.speed()


@operation("autoscaling", "DeleteAutoScalingGroup")
def delete_auto_scaling_group(call: Call) -> dict[str, Any]:
    """With ForceDelete nothing is waited for; the group is described until its instances are gone."""
    group, force = store.get(call), bool(call.params.get("ForceDelete"))
    with group.lock:
        protection = group.settings.get("DeletionProtection", "none")
        if protection == "prevent-all-deletion" or (force and protection == "prevent-force-deletion"):
            raise AwsError("ResourceInUse", f"The Auto Scaling group {group.name} is protected from deletion")
        if not force and any(m.arriving or m.leaving for m in group.members):
            raise AwsError("ScalingActivityInProgress", f"{_CANNOT} scaling activities in progress for that group.")
        if not force and group.members:
            left = "instances or pending Spot instance request(s) still in the group."
            raise AwsError("ResourceInUse", f"{_CANNOT} {left}")
        group.deleting = True
        group.surge = 0
        for member in list(group.members):
            cause = f"At {words.stamp()} the AutoScalingGroup was force deleted."
            leaving.begin(group, member, cause, force=True)
        if not group.members:
            store.remove(group)
    for policy in group.policies.values():
        tracking.delete_alarms(group, policy)
    group.wake.set()
    return {}


@operation("autoscaling", "DescribeAutoScalingGroups")
def describe_auto_scaling_groups(call: Call) -> dict[str, Any]:
    params = call.params
    names = [n.rsplit("autoScalingGroupName/", 1)[-1] for n in params.get("AutoScalingGroupNames") or []]
    found = [
        g
        for g in store.listed(call.account, call.region)
        if (not names or g.name in names) and all(tagging.passes(g, f) for f in params.get("Filters") or [])
    ]
    start, limit = start_of(params.get("NextToken")), int(params.get("MaxRecords") or 50)
    result: dict[str, Any] = {"AutoScalingGroups": [described(g) for g in found[start : start + limit]]}
    if start + limit < len(found):
        result["NextToken"] = str(start + limit)
    return result


def described(group: Group) -> dict[str, Any]:
    with group.lock:
        settings = {k: v for k, v in group.settings.items() if v is not None}
        found = {
            **settings,
            "AutoScalingGroupName": group.name,
            "AutoScalingGroupARN": group.arn,
            "AvailabilityZones": _zones(group),
            "LoadBalancerNames": [],
            "TargetGroupARNs": group.target_groups,
            "TrafficSources": [{"Identifier": a, "Type": "elbv2"} for a in group.target_groups],
            "Instances": [m.described() for m in group.members if m.id],
            "CreatedTime": group.created,
            "SuspendedProcesses": [
                {"ProcessName": n, "SuspensionReason": r} for n, r in sorted(group.suspended.items())
            ],
            "EnabledMetrics": [{"Metric": m, "Granularity": "1Minute"} for m in group.metrics],
            "Tags": [dict(t) for t in group.tags],
            "NewInstancesProtectedFromScaleIn": bool(settings.get("NewInstancesProtectedFromScaleIn")),
            "CapacityRebalance": bool(settings.get("CapacityRebalance")),
            "ServiceLinkedRoleARN": settings.get("ServiceLinkedRoleARN")
            or f"arn:aws:iam::{group.account}:role/{_LINKED_ROLE}",
        }
        if group.deleting:
            found["Status"] = "Delete in progress"
        return found


def _zones(group: Group) -> list[str]:
    """Of the group's subnets, as far as they still are there."""
    known = get_backend("ec2")[group.account][group.region].subnets
    found = [s for zone in known.values() for s in zone.values() if s.id in group.subnets]
    return sorted({str(s.availability_zone) for s in found}) or list(group.settings.get("AvailabilityZones") or [])
