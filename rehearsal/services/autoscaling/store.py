"""All groups, by account, region and name."""

from __future__ import annotations

import threading

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.services.autoscaling.model import Activity, Group, Member

_lock = threading.RLock()
_groups: dict[tuple[str, str, str], Group] = {}
# Activities outlive their group: DescribeScalingActivities with IncludeDeletedGroups.
_past: list[tuple[str, str, Activity]] = []


def count() -> int:
    return len(_groups)


def listed(account: str, region: str) -> list[Group]:
    with _lock:
        return sorted((g for (a, r, _), g in _groups.items() if (a, r) == (account, region)), key=lambda g: g.name)


def every() -> list[Group]:
    with _lock:
        return list(_groups.values())


def find(account: str, region: str, name: str | None) -> Group | None:
    """By name, or by ARN where an ARN is given."""
    wanted = (name or "").rsplit("autoScalingGroupName/", 1)[-1]
    with _lock:
        return _groups.get((account, region, wanted))


def get(call: Call, member: str = "AutoScalingGroupName") -> Group:
    """The group that a call names. @raises AwsError ValidationError."""
    name = call.params.get(member)
    found = find(call.account, call.region, name)
    if found is None:
        raise AwsError("ValidationError", f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
    return found


def add(group: Group) -> None:
    """@raises AwsError AlreadyExists."""
    key = (group.account, group.region, group.name)
    with _lock:
        if key in _groups:
            words = "AutoScalingGroup by this name already exists - A group with the name"
            raise AwsError("AlreadyExists", f"{words} {group.name} already exists")
        _groups[key] = group


def remove(group: Group) -> None:
    with _lock:
        _groups.pop((group.account, group.region, group.name), None)
        _past.extend((group.account, group.region, a) for a in group.activities)
        del _past[:-500]


def past_activities(account: str, region: str) -> list[Activity]:
    with _lock:
        return [a for acc, reg, a in _past if (acc, reg) == (account, region)]


def holder(account: str, region: str, instance_id: str) -> tuple[Group, Member] | None:
    """The group that an instance belongs to."""
    for group in listed(account, region):
        member = group.find(instance_id)
        if member:
            return group, member
    return None


def holder_or_error(call: Call, instance_id: str) -> tuple[Group, Member]:
    found = holder(call.account, call.region, instance_id)
    if found is None:
        words = "Instance Id not found - No managed instance found for instance ID:"
        raise AwsError("ValidationError", f"{words} {instance_id}")
    return found


@tasks.on_reset
def _forget() -> None:
    with _lock:
        for group in _groups.values():
            group.wake.set()
        _groups.clear()
        _past.clear()
