"""Which instances go when a group shrinks, and where new ones are put.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from rehearsal.services.autoscaling.model import Member

POLICIES = (
    "Default",
    "AllocationStrategy",
    "ClosestToNextInstanceHour",
    "NewestInstance",
    "OldestInstance",
    "OldestLaunchConfiguration",
    "OldestLaunchTemplate",
)


def _template_age(member: Member) -> tuple[str, int]:
    template = member.template or {}
    version = template.get("Version", "0")
    return template.get("LaunchTemplateId", ""), int(version) if version.isdigit() else 0


def _oldest_template(members: list[Member], current: str | None) -> list[Member]:
    """Instances of another template than the group's present one are older than any of its versions."""
    foreign = [m for m in members if (m.template or {}).get("LaunchTemplateId") != current]
    if foreign:
        return foreign
    oldest = min(_template_age(m) for m in members)
    return [m for m in members if _template_age(m) == oldest]


def _by_policy(policy: str, members: list[Member], current: str | None) -> list[Member]:
    if policy == "OldestInstance":
        return [min(members, key=lambda m: m.launched)]
    if policy == "NewestInstance":
        return [max(members, key=lambda m: m.launched)]
    if policy in ("OldestLaunchTemplate", "OldestLaunchConfiguration", "Default"):
        members = _oldest_template(members, current)
        # The default policy then takes the one closest to its next billing hour; all were billed by the second here.
        return [min(members, key=lambda m: m.launched)] if policy == "Default" else members
    return members


def to_terminate(
    members: list[Member], policies: list[str], current_template: str | None, serving: Callable[[Member], bool]
) -> Member | None:
    """The next instance to go: first one that serves nothing yet (unchecked), then of the zone with most instances,
    by the policies in their order. Protected instances are never chosen."""
    free = [m for m in members if not m.protected and m.counts]
    if not free:
        return None
    idle = [m for m in free if not serving(m)]
    if idle:
        return max(idle, key=lambda m: m.launched)
    zones = Counter(m.zone for m in members if m.counts)
    fullest = max(zones[m.zone] for m in free)
    left = [m for m in free if zones[m.zone] == fullest]
    for policy in policies or ["Default"]:
        left = _by_policy(policy, left, current_template)
        if len(left) == 1:
            break
    return min(left, key=lambda m: m.launched)


def subnet_for_next(members: list[Member], subnets: list[tuple[str, str]]) -> tuple[str, str]:
    """Of (subnet, zone) pairs, one in the zone with fewest instances; within a zone the emptiest subnet."""
    zones = Counter(m.zone for m in members if m.counts)
    places = Counter(m.subnet for m in members if m.counts)
    return min(subnets, key=lambda pair: (zones[pair[1]], places[pair[0]], subnets.index(pair)))
