"""Carries an instance refresh on, a step at each look at its group.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
With a minimum of 100 and a maximum above, the new instance is in service, healthy by the group's checks and warmed up
before an old one is taken out of the target groups, drained and terminated.
"""

from __future__ import annotations

import time

from rehearsal.kernel import tasks
from rehearsal.kernel.errors import AwsError
from rehearsal.services.autoscaling import checkpoints, leaving, notices, refresh_ends, templates, traffic, words
from rehearsal.services.autoscaling.model import Group, Member, now
from rehearsal.services.autoscaling.refresh import Refresh
from rehearsal.services.autoscaling.refresh_plan import Bounds, Count, surge_now, take_out_now

# AWS gives up after this long without progress (AWS seconds):
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html
PATIENCE = 3600.0


def step(group: Group) -> None:
    """Does what is due for the group's refresh. The group's lock is held."""
    refresh = group.refresh()
    if refresh is None or not group.runs("InstanceRefresh"):
        return
    if refresh.status == "Pending":
        _begin(group, refresh)
    elif refresh.status == "Cancelling":
        refresh_ends.cancel_when_settled(group, refresh)
    elif alarm := refresh_ends.alarm_in_alarm(group, refresh):
        refresh_ends.fail(group, refresh, f"The CloudWatch alarm {alarm} is in the ALARM state.")
    elif refresh.status == "Baking":
        if time.monotonic() >= (refresh.paused_until or 0):
            refresh_ends.succeed(group, refresh)
    else:
        _replace(group, refresh)


def _begin(group: Group, refresh: Refresh) -> None:
    try:
        refresh.wanted = templates.resolve(group.account, group.region, refresh.configuration(group))
    except AwsError as error:
        refresh_ends.finish(group, refresh, "Failed", str(error.message))
        return
    refresh.status, refresh.start, refresh.progressed = "InProgress", now(), time.monotonic()
    refresh.already = set(refresh_ends.in_alarm(group, refresh))
    preferences = refresh.preferences
    for member in group.members:
        ignored = member.protected and preferences["ScaleInProtectedInstances"] == "Ignore"
        same = preferences["SkipMatching"] and templates.matches(member.template, refresh.wanted)
        if member.leaving or ignored or same:
            refresh.kept.append(member)
        else:
            refresh.old.append(member)
    refresh.total = refresh.remaining = len(refresh.old)
    detail = {"InstanceRefreshId": refresh.id, "AutoScalingGroupName": group.name}
    notices.emit(group, "EC2 Auto Scaling Instance Refresh Started", detail)
    if not refresh.old:
        # Nothing to replace (all match already): neither alarms nor bake time have anything to watch (unchecked).
        refresh.percentage = 100
        refresh_ends.succeed(group, refresh)
    group.wake.set()


def warmed(group: Group, refresh: Refresh, member: Member) -> bool:
    if member.in_service is None:
        return False
    return time.monotonic() - member.in_service >= float(refresh.preferences["InstanceWarmup"]) / tasks.speed()


def _replace(group: Group, refresh: Refresh) -> None:
    refresh.old = [m for m in refresh.old if m in group.members]
    left = [m for m in refresh.old if not m.leaving]
    fresh = [m for m in group.members if m.counts and m not in refresh.old and m not in refresh.kept]
    done = [m for m in fresh if traffic.ready(group, m) and warmed(group, refresh, m)]
    _measure(refresh, len(done))
    if checkpoints.paused(group, refresh, len(left)):
        return
    if (not refresh.old or checkpoints.passed(refresh)) and len(done) == len(fresh) and _settled(group):
        refresh_ends.replaced(group, refresh)
        return
    if time.monotonic() - refresh.progressed >= PATIENCE / tasks.speed():
        refresh_ends.fail(group, refresh, _stalled(group, refresh, fresh))
        return
    _move(group, refresh, left, fresh, done)
    refresh.reason = _waiting_for(group, refresh, fresh)


def _settled(group: Group) -> bool:
    return sum(m.counts for m in group.members) >= group.desired


def _move(group: Group, refresh: Refresh, left: list[Member], fresh: list[Member], done: list[Member]) -> None:
    """Takes out what may go, then says how many more may be launched."""
    preferences = refresh.preferences
    bounds = Bounds(group.desired, int(preferences["MinHealthyPercentage"]), preferences.get("MaxHealthyPercentage"))
    blocked = refresh.waiting_protected(group)
    movable = [m for m in left if m not in blocked]
    idle = [m for m in movable if not traffic.ready(group, m)]
    serving = [m for m in movable if m not in idle]
    ready = len([m for m in group.members if m.counts and m not in fresh and traffic.ready(group, m)]) + len(done)
    allowed = checkpoints.allowed(refresh, len(left))
    count = Count(len(movable), len(idle), ready, len(fresh) - len(done), allowed)
    for member in [*idle[:allowed], *serving[: take_out_now(bounds, count)]]:
        leaving.begin(group, member, words.taken_out(words.REFRESH))
    waiting = sum(1 for m in movable if not m.leaving and m in group.members)
    allowed = checkpoints.allowed(refresh, sum(1 for m in left if not m.leaving and m in group.members))
    group.surge = surge_now(bounds, Count(waiting, 0, ready, 0, allowed))


def _measure(refresh: Refresh, done: int) -> None:
    if refresh.rolling_back:
        # The share that is still rolled out goes back to zero.
        share = len(refresh.old) / refresh.rolled_total if refresh.rolled_total else 0
        on_rollback = (refresh.rollback or {}).get("PercentageCompleteOnRollback", 0)
        if len(refresh.old) < refresh.rolled_left:
            refresh.progressed = time.monotonic()
        refresh.percentage, refresh.rolled_left = int(on_rollback * share), len(refresh.old)
        return
    updated = min(done, refresh.total)
    remaining = refresh.total - updated
    if remaining < refresh.remaining:
        refresh.progressed = time.monotonic()
    refresh.remaining = remaining
    refresh.percentage = int(100 * updated / refresh.total) if refresh.total else 100


def _waiting_for(group: Group, refresh: Refresh, fresh: list[Member]) -> str | None:
    """In the service's words: https://docs.aws.amazon.com/autoscaling/ec2/userguide/check-status-instance-refresh.html"""
    protected = refresh.waiting_protected(group)
    if protected:
        return f"Waiting for scale in protection to be removed. For example: {protected[0].id} is protected."
    for member in fresh:
        name = member.id or "an instance"
        if member.state == "InService" and not traffic.ready(group, member):
            by = "ELB" if group.checks_elb else "Amazon EC2"
            return (
                "Waiting for remaining instances to be available. For example: "
                f"{name} has insufficient data to evaluate its health with {by}."
            )
        if member.state != "InService" or not warmed(group, refresh, member):
            return f"Waiting for instances to warm up before continuing. For example: {name} is warming up."
    return None


def _stalled(group: Group, refresh: Refresh, fresh: list[Member]) -> str:
    why = _waiting_for(group, refresh, fresh) or ""
    return f"The instance refresh made no progress for one hour. {why}".strip()
