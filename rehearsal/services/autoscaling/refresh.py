"""An instance refresh: what was asked for, how far it is, and its description.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rehearsal.services.autoscaling.model import Group, Member, Settings, now
from rehearsal.services.autoscaling.templates import Launch

ACTIVE = ("Pending", "InProgress", "Cancelling", "RollbackInProgress", "Baking")


@dataclass(eq=False)
class Refresh:
    """`old` are the instances still to be replaced, `total` how many there were; `preferences` have their defaults."""

    group: str
    preferences: Settings
    desired: Settings | None
    # What the group was set to when the refresh began: a rollback's goal.
    previous: Settings
    wanted: Launch | None = None
    status: str = "Pending"
    reason: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    start: datetime = field(default_factory=now)
    end: datetime | None = None
    old: list[Member] = field(default_factory=list)
    kept: list[Member] = field(default_factory=list)
    total: int = 0
    percentage: int = 0
    remaining: int = 0
    checkpoint: int = 0
    # Monotonic: when the last instance was replaced, and until when a checkpoint or the bake time lasts.
    progressed: float = field(default_factory=time.monotonic)
    paused_until: float | None = None
    rollback: dict[str, Any] | None = None
    cancel_waits: bool = True
    # How many instances a rollback has to replace, and how many are left.
    rolled_total: int = 0
    rolled_left: int = 0
    # Alarms that have been in ALARM ever since before the refresh began.
    already: set[str] = field(default_factory=set)

    @property
    def active(self) -> bool:
        return self.status in ACTIVE

    @property
    def rolling_back(self) -> bool:
        return self.status == "RollbackInProgress"

    def configuration(self, group: Group) -> Settings:
        """What instances are launched from while this refresh is under way."""
        if self.rollback is not None:
            return self.previous
        return self.desired or group.settings

    def waiting_protected(self, group: Group) -> list[Member]:
        if self.preferences["ScaleInProtectedInstances"] != "Wait":
            return []
        return [m for m in self.old if m.protected and m in group.members]

    def described(self) -> dict[str, Any]:
        preferences = dict(self.preferences)
        preferences.setdefault("AlarmSpecification", {})
        found: dict[str, Any] = {
            "InstanceRefreshId": self.id,
            "AutoScalingGroupName": self.group,
            "Status": self.status,
            "StatusReason": self.reason,
            "StartTime": None if self.status == "Pending" else self.start,
            "EndTime": self.end,
            "PercentageComplete": None if self.status == "Pending" else self.percentage,
            "InstancesToUpdate": None if self.status == "Pending" else self.remaining,
            "ProgressDetails": None
            if self.status == "Pending"
            else {"LivePoolProgress": {"PercentageComplete": self.percentage, "InstancesToUpdate": self.remaining}},
            "Preferences": preferences,
            "DesiredConfiguration": self.desired,
            "RollbackDetails": self.rollback,
            "Strategy": "Rolling",
        }
        return {name: value for name, value in found.items() if value is not None}
