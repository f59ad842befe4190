"""How many instances a refresh may launch and take out now. Pure arithmetic.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor


@dataclass(frozen=True)
class Bounds:
    """The group's desired capacity and its healthy percentages; `maximum` is None where it was not set."""

    desired: int
    minimum: int
    maximum: int | None

    @property
    def floor(self) -> int:
        """Fewer healthy instances there must not be; rounded up."""
        return ceil(self.desired * self.minimum / 100)

    @property
    def _room(self) -> int:
        return max(floor(self.desired * (self.maximum or 100) / 100) - self.desired, 0)

    @property
    def stuck(self) -> bool:
        """No instance can be replaced within both bounds."""
        return self._room == 0 and self.floor >= self.desired

    @property
    def surge(self) -> int:
        """How many instances more than desired there may be. Where both bounds cannot be kept, a maximum that was set
        lets one be launched first; one that was left out lets one be terminated first."""
        return 1 if self.stuck and self.maximum is not None else self._room

    @property
    def least(self) -> int:
        """The floor that holds when instances are taken out."""
        return self.desired - 1 if self.stuck and self.maximum is None else min(self.floor, self.desired)


@dataclass(frozen=True)
class Count:
    """`waiting` are instances still to be replaced, `idle` those of them that serve nothing; `ready` are all healthy
    instances, old ones and warmed new ones; `warming` are new ones on their way; `allowed` is how many more may be
    replaced before the next checkpoint."""

    waiting: int
    idle: int
    ready: int
    warming: int
    allowed: int


def surge_now(bounds: Bounds, count: Count) -> int:
    return max(0, min(bounds.surge, count.waiting, count.allowed))


def take_out_now(bounds: Bounds, count: Count) -> int:
    """How many serving instances may go, besides the idle ones."""
    serving = count.waiting - count.idle
    spare = count.ready - bounds.least
    if bounds.stuck and count.warming:
        # One at a time: the replacement is waited for.
        spare = min(spare, count.ready - bounds.desired)
    return max(0, min(spare, serving, count.allowed - count.idle))
