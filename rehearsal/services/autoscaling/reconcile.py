"""One thread for each group: looks at it, does the next thing, sleeps until something changes or time is up."""

from __future__ import annotations

import time

from rehearsal.kernel import bugs, tasks
from rehearsal.kernel.errors import Cancelled
from rehearsal.services.autoscaling import (
    choosing,
    health,
    launching,
    leaving,
    refreshing,
    store,
    templates,
    traffic,
    words,
)
from rehearsal.services.autoscaling.model import Group, Member, Settings

# Real seconds between two looks: while something is under way, and otherwise.
BUSY, IDLE = 0.25, 1.0


def start(group: Group) -> None:
    tasks.spawn(f"asg-{group.name}", _run, group)


def _run(group: Group) -> None:
    while True:
        tasks.check()
        group.wake.clear()
        try:
            with group.lock:
                busy = step(group)
                if group.deleting and not group.members:
                    store.remove(group)
                    return
        except Cancelled:
            raise
        except Exception:
            bugs.report(f"auto scaling group {group.name}")
            busy = False
        # Nothing but the health checks is due in a group at rest: every ten seconds of AWS time.
        group.wake.wait(BUSY if busy else max(IDLE, 10 / tasks.speed()))


def step(group: Group) -> bool:
    """Everything that is due now; tells whether something is under way."""
    for member in list(group.members):
        if member.arriving:
            launching.advance(group, member)
        elif member.leaving:
            leaving.advance(group, member)
    if not group.deleting:
        if group.runs("HealthCheck"):
            health.check(group)
        if group.runs("ReplaceUnhealthy"):
            _replace_unhealthy(group)
        refreshing.step(group)
        _capacity(group)
    return any(m.arriving or m.leaving for m in group.members) or group.refresh() is not None


def _replace_unhealthy(group: Group) -> None:
    for member in group.members:
        if member.health == "Unhealthy" and member.state == "InService" and group.runs("Terminate"):
            leaving.begin(group, member, words.taken_out(member.unhealthy_because))
            group.cause = words.REPLACED


def launch_settings(group: Group) -> Settings:
    """What the next instance is launched from: during a refresh, what that refresh wants."""
    refresh = group.refresh()
    return refresh.configuration(group) if refresh else group.settings


def _capacity(group: Group) -> None:
    """Launches what is missing, terminates what is too much."""
    counted = [m for m in group.members if m.counts]
    missing = group.desired + group.surge - len(counted)
    if missing > 0 and group.runs("Launch") and time.monotonic() >= group.no_launch_before:
        launching.launch(group, missing, launch_settings(group), _launch_cause(group, len(counted), missing))
        group.cause = ""
    elif missing < 0 and group.runs("Terminate"):
        for _ in range(-missing):
            _shrink_by_one(group)
        group.cause = ""


def _launch_cause(group: Group, before: int, missing: int) -> str:
    if group.cause == words.REPLACED:
        return words.launched(words.REPLACED)
    if group.refresh() and not group.cause:
        return words.launched(words.REFRESHED)
    return words.started(group.cause, before, before + missing)


def _shrink_by_one(group: Group) -> None:
    counted = [m for m in group.members if m.counts]
    victim = choosing.to_terminate(
        group.members,
        list(group.settings.get("TerminationPolicies") or []),
        _current_template(group),
        lambda m: traffic.serving(group, m),
    )
    if victim is not None:
        leaving.begin(group, victim, words.shrunk(group.cause, len(counted), len(counted) - 1, str(victim.id)))


def _current_template(group: Group) -> str | None:
    wanted = templates.specification(group.settings)
    if wanted.get("LaunchTemplateId"):
        return str(wanted["LaunchTemplateId"])
    named: list[Member] = [
        m for m in group.members if (m.template or {}).get("LaunchTemplateName") == wanted.get("LaunchTemplateName")
    ]
    return named[0].template["LaunchTemplateId"] if named and named[0].template else None
