"""How an instance refresh ends: replaced, baked, failed, rolled back, cancelled.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html
"""

from __future__ import annotations

import time

from rehearsal.kernel import readings, tasks
from rehearsal.kernel.errors import AwsError
from rehearsal.services.autoscaling import notices, templates
from rehearsal.services.autoscaling.model import Group, now
from rehearsal.services.autoscaling.refresh import Refresh
from rehearsal.services.cloudwatch import alarms

_EVENTS = {
    "Successful": "Succeeded",
    "Failed": "Failed",
    "Cancelled": "Cancelled",
    "RollbackSuccessful": "Rollback Succeeded",
    "RollbackFailed": "Rollback Failed",
}


def finish(group: Group, refresh: Refresh, status: str, reason: str | None) -> None:
    refresh.status, refresh.reason, refresh.end = status, reason, now()
    group.surge = 0
    notices.emit(
        group,
        f"EC2 Auto Scaling Instance Refresh {_EVENTS[status]}",
        {"InstanceRefreshId": refresh.id, "AutoScalingGroupName": group.name},
    )
    group.wake.set()


def in_alarm(group: Group, refresh: Refresh) -> list[str]:
    """Those of the refresh's alarms that are in ALARM."""
    watched = (refresh.preferences.get("AlarmSpecification") or {}).get("Alarms") or []
    return [n for n in watched if alarms.state_of(group.account, group.region, n) == "ALARM"]


def alarm_in_alarm(group: Group, refresh: Refresh) -> str | None:
    """The first alarm that went into ALARM since the refresh began. A rollback is not stopped by what caused it.

    "Go into the ALARM state" is taken by the letter: one that was there before counts once it has left it. So can a
    refresh undo what set the alarm off, as CloudFormation's second one does when it rolls back (unchecked: the reading
    "earlier-alarm-ends-refresh" has it the other way).
    """
    if refresh.rolling_back:
        return None
    found = in_alarm(group, refresh)
    if readings.holds("earlier-alarm-ends-refresh"):
        return found[0] if found else None
    refresh.already &= set(found)
    return next((n for n in found if n not in refresh.already), None)


def replaced(group: Group, refresh: Refresh) -> None:
    """Every instance is replaced, or as many as the last checkpoint asks for."""
    if not refresh.old:
        refresh.percentage = 0 if refresh.rolling_back else 100
    group.surge = 0
    if refresh.rolling_back:
        finish(group, refresh, "RollbackSuccessful", (refresh.rollback or {}).get("RollbackReason"))
        return
    if not refresh.old:
        refresh.remaining = 0
    bake = float(refresh.preferences.get("BakeTime") or 0)
    if bake:
        refresh.status, refresh.paused_until = "Baking", time.monotonic() + bake / tasks.speed()
        refresh.reason = f"Waiting for the bake time of {int(bake)} seconds."
        return
    succeed(group, refresh)


def succeed(group: Group, refresh: Refresh) -> None:
    """The desired configuration becomes the group's."""
    if refresh.desired:
        for member in ("LaunchTemplate", "MixedInstancesPolicy"):
            group.settings.pop(member, None)
        group.settings.update(refresh.desired)
    finish(group, refresh, "Successful", None)


def fail(group: Group, refresh: Refresh, reason: str) -> None:
    """Rolls back where that was asked for. What a failed refresh replaced stays as it is."""
    if refresh.rolling_back:
        finish(group, refresh, "RollbackFailed", reason)
    elif refresh.preferences.get("AutoRollback"):
        roll_back(group, refresh, f"Automatic rollback. {reason}")
    else:
        finish(group, refresh, "Failed", f"Instance refresh failed. {reason}")


def roll_back(group: Group, refresh: Refresh, reason: str) -> None:
    """Turns the refresh round: what it launched is now what is to be replaced."""
    refresh.rollback = {
        "RollbackReason": reason,
        "RollbackStartTime": now(),
        "PercentageCompleteOnRollback": refresh.percentage,
        "InstancesToUpdateOnRollback": refresh.remaining,
        "ProgressDetailsOnRollback": {
            "LivePoolProgress": {
                "PercentageComplete": refresh.percentage,
                "InstancesToUpdate": refresh.remaining,
            }
        },
    }
    before = [m for m in group.members if m in refresh.old or m in refresh.kept]
    try:
        refresh.wanted = templates.resolve(group.account, group.region, refresh.previous)
    except AwsError as error:
        finish(group, refresh, "RollbackFailed", str(error.message))
        return
    refresh.old = [m for m in group.members if m not in before and not m.leaving]
    refresh.kept = before
    refresh.rolled_total = refresh.rolled_left = len(refresh.old)
    refresh.status, refresh.reason, refresh.paused_until = "RollbackInProgress", reason, None
    refresh.progressed = time.monotonic()
    # What is too much now is for the rollback to choose, not for the termination policy.
    group.surge = max(0, sum(m.counts for m in group.members) - group.desired)
    group.wake.set()


def reversible(refresh: Refresh) -> bool:
    """A rollback needs a desired configuration to undo, and a numbered version to go back to."""
    version = str(templates.specification(refresh.previous).get("Version") or "$Default")
    return refresh.desired is not None and not version.startswith("$")


def cancel_when_settled(group: Group, refresh: Refresh) -> None:
    """In-flight launches and terminations are waited for unless the caller said otherwise."""
    group.surge = max(0, sum(m.counts for m in group.members) - group.desired)
    if not refresh.cancel_waits or not any(m.arriving or m.leaving for m in group.members):
        finish(group, refresh, "Cancelled", "Cancelled due to user request")
