"""Starting, reading, cancelling and rolling back instance refreshes.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StartInstanceRefresh.html
"""

from __future__ import annotations

import copy
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.kernel.paging import start_of
from rehearsal.services.autoscaling import api_groups, refresh_ends, store, templates
from rehearsal.services.autoscaling.model import Group, Settings
from rehearsal.services.autoscaling.refresh import Refresh
from rehearsal.services.autoscaling.validation import invalid
from rehearsal.services.cloudwatch import alarms, states


def preferences_of(group: Group, given: Settings) -> Settings:
    """With the defaults of
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-instance-refresh-default-values.html"""
    policy = group.settings.get("InstanceMaintenancePolicy") or {}
    minimum, maximum = _set(policy.get("MinHealthyPercentage")), _set(policy.get("MaxHealthyPercentage"))
    warmup = _set(group.settings.get("DefaultInstanceWarmup"))
    full: Settings = {
        "MinHealthyPercentage": 90 if minimum is None else minimum,
        "InstanceWarmup": group.settings.get("HealthCheckGracePeriod", 0) if warmup is None else warmup,
        "SkipMatching": False,
        "AutoRollback": False,
        "ScaleInProtectedInstances": "Wait",
        "StandbyInstances": "Wait",
    }
    if maximum is not None:
        full["MaxHealthyPercentage"] = maximum
    full.update({k: v for k, v in given.items() if v is not None})
    if full.get("CheckpointPercentages"):
        full.setdefault("CheckpointDelay", 3600)
    return full


def _set(value: Any) -> Any:
    """-1 takes a setting away."""
    return None if value in (None, -1) else value


def _check(call: Call, group: Group, given: Settings, full: Settings) -> None:
    minimum, maximum = full["MinHealthyPercentage"], full.get("MaxHealthyPercentage")
    if not 0 <= minimum <= 100:
        raise invalid("MinHealthyPercentage must be between 0 and 100")
    if given.get("MaxHealthyPercentage") is not None and given.get("MinHealthyPercentage") is None:
        raise invalid("You must specify both MinHealthyPercentage and MaxHealthyPercentage.")
    if maximum is not None and (not 100 <= maximum <= 200 or maximum - minimum > 100):
        raise invalid(
            "MaxHealthyPercentage must be between 100 and 200, and at most 100 more than MinHealthyPercentage"
        )
    points = given.get("CheckpointPercentages") or []
    if points != sorted(set(points)) or not all(1 <= p <= 100 for p in points):
        raise invalid("CheckpointPercentages must be unique, ascending and between 1 and 100")
    if given.get("CheckpointDelay") is not None and not points:
        raise invalid("CheckpointDelay can only be specified with CheckpointPercentages")
    for member, allowed in (
        ("ScaleInProtectedInstances", ("Refresh", "Ignore", "Wait")),
        ("StandbyInstances", ("Terminate", "Ignore", "Wait")),
    ):
        if full[member] not in allowed:
            raise invalid(f"{member} must be one of {', '.join(allowed)}")
    watched = (full.get("AlarmSpecification") or {}).get("Alarms") or []
    if len(watched) > 10:
        raise invalid("You can specify up to 10 alarms.")
    for name in watched:
        if alarms.find(call.account, call.region, name) is None:
            raise invalid(f"The alarm {name} specified in AlarmSpecification does not exist.")


@operation("autoscaling", "StartInstanceRefresh")
def start_instance_refresh(call: Call) -> dict[str, Any]:
    group, given = store.get(call), dict(call.params.get("Preferences") or {})
    if call.params.get("Strategy", "Rolling") != "Rolling":
        raise NotImplementedByRehearsal("autoscaling", "StartInstanceRefresh", f"Strategy {call.params['Strategy']}")
    desired = copy.deepcopy(call.params.get("DesiredConfiguration")) or None
    full = preferences_of(group, given)
    _check(call, group, given, full)
    if desired:
        if bool(desired.get("LaunchTemplate")) == bool(desired.get("MixedInstancesPolicy")):
            raise invalid("DesiredConfiguration must contain either a LaunchTemplate or a MixedInstancesPolicy.")
        templates.check(call.account, call.region, desired)
        templates.authorize(call, desired, group.subnets)
        api_groups.named_fully(call.account, call.region, desired)
    with group.lock:
        running = group.refresh()
        if running:
            raise AwsError(
                "InstanceRefreshInProgress",
                "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.",
            )
        previous = {k: group.settings[k] for k in ("LaunchTemplate", "MixedInstancesPolicy") if k in group.settings}
        refresh = Refresh(group.name, full, desired, previous)
        if full["AutoRollback"] and not refresh_ends.reversible(refresh):
            raise invalid(
                "AutoRollback cannot be set to true when no desired configuration is specified, or when the group uses "
                "the $Latest or $Default version of its launch template."
            )
        group.refreshes.append(refresh)
    group.wake.set()
    return {"InstanceRefreshId": refresh.id}


@operation("autoscaling", "DescribeInstanceRefreshes")
def describe_instance_refreshes(call: Call) -> dict[str, Any]:
    """The newest first."""
    group, wanted = store.get(call), call.params.get("InstanceRefreshIds") or []
    with group.lock:
        found = [r.described() for r in reversed(group.refreshes) if not wanted or r.id in wanted]
    start, limit = start_of(call.params.get("NextToken")), int(call.params.get("MaxRecords") or 50)
    result: dict[str, Any] = {"InstanceRefreshes": found[start : start + limit]}
    if start + limit < len(found):
        result["NextToken"] = str(start + limit)
    return result


def _running(group: Group) -> Refresh:
    running = group.refresh()
    if running is None:
        raise AwsError(
            "ActiveInstanceRefreshNotFound",
            f"No in progress or pending Instance Refresh found for Auto Scaling group {group.name}",
        )
    return running  # type: ignore[no-any-return]


@operation("autoscaling", "CancelInstanceRefresh")
def cancel_instance_refresh(call: Call) -> dict[str, Any]:
    group = store.get(call)
    with group.lock:
        running = _running(group)
        running.status, running.reason = "Cancelling", "Cancelled due to user request"
        running.cancel_waits = bool(call.params.get("WaitForTransitioningInstances", True))
    group.wake.set()
    return {"InstanceRefreshId": running.id}


@operation("autoscaling", "RollbackInstanceRefresh")
def rollback_instance_refresh(call: Call) -> dict[str, Any]:
    group = store.get(call)
    with group.lock:
        running = _running(group)
        if not refresh_ends.reversible(running):
            raise AwsError(
                "IrreversibleInstanceRefresh",
                "The instance refresh cannot be rolled back: it has no desired configuration, or the group's launch "
                "template version was $Latest or $Default.",
            )
        if running.rolling_back or running.status == "Cancelling":
            raise AwsError("ActiveInstanceRefreshNotFound", "The instance refresh is already ending.")
        refresh_ends.roll_back(group, running, "Manual rollback initiated by the user.")
    return {"InstanceRefreshId": running.id}


@states.on_change
def _wake_watchers(alarm: alarms.Alarm) -> None:
    """A refresh that watches an alarm looks at it as soon as it changes."""
    for group in store.listed(alarm.account, alarm.region):
        if group.refresh():
            group.wake.set()
