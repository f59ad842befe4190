"""Health checks of a group's instances.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
"""

from __future__ import annotations

import time

from rehearsal.kernel import tasks
from rehearsal.services.autoscaling import traffic, words
from rehearsal.services.autoscaling.model import Group, Member

# A grace period is for a machine to boot, which is real work: at high speed it is not cut below this (real seconds),
# unless the group itself asks for less.
BOOT = 15.0


def grace_over(group: Group, member: Member) -> bool:
    """Whether the grace period, which begins when an instance enters service, has passed."""
    if member.in_service is None:
        return False
    period = float(group.settings.get("HealthCheckGracePeriod") or 0)
    return time.monotonic() - member.in_service >= max(period / tasks.speed(), min(period, BOOT))


def check(group: Group) -> None:
    for member in group.members:
        if member.state == "InService" and member.health == "Healthy":
            because = _failure(group, member)
            if because:
                member.health, member.unhealthy_because = "Unhealthy", because


def _failure(group: Group, member: Member) -> str | None:
    state = traffic.instance_state(group, str(member.id))
    # An instance that is not running is replaced at once; the other checks respect the grace period.
    if state in ("stopping", "stopped", "shutting-down", "terminated"):
        return words.ENDED
    if group.checks_elb and grace_over(group, member) and "unhealthy" in traffic.target_states(group, member):
        return words.ELB_FAILED
    return None
