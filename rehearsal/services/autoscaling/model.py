"""What Auto Scaling keeps: groups, their instances, activities, lifecycle hooks, refreshes."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Settings = dict[str, Any]

# An instance counts for the group's capacity while it is on its way in, or in.
ARRIVING = ("Pending", "Pending:Wait", "Pending:Proceed")
LEAVING = ("Terminating", "Terminating:Wait", "Terminating:Proceed")


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(eq=False)
class Activity:
    """A scaling activity, in the words of DescribeScalingActivities."""

    group: str
    group_arn: str
    description: str
    cause: str
    details: str = "{}"
    status: str = "InProgress"
    message: str | None = None
    progress: int = 0
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    start: datetime = field(default_factory=now)
    end: datetime | None = None

    def finish(self, status: str, message: str | None = None) -> None:
        self.status, self.message, self.progress, self.end = status, message, 100, now()

    def described(self, deleted: bool = False) -> dict[str, Any]:
        found = {
            "ActivityId": self.id,
            "AutoScalingGroupName": self.group,
            "AutoScalingGroupARN": self.group_arn,
            "Description": self.description,
            "Cause": self.cause,
            "StartTime": self.start,
            "EndTime": self.end,
            "StatusCode": self.status,
            "StatusMessage": self.message,
            "Progress": self.progress,
            "Details": self.details,
            "AutoScalingGroupState": "Deleted" if deleted else None,
        }
        return {name: value for name, value in found.items() if value is not None}


@dataclass
class HookRun:
    """One instance waiting for one lifecycle hook; `until` is monotonic."""

    token: str
    until: float
    ultimate: float
    result: str | None = None


@dataclass(eq=False)
class Member:
    """One instance of a group. `id` is None until RunInstances has answered."""

    zone: str
    subnet: str
    template: dict[str, str] | None
    instance_type: str
    activity: Activity
    id: str | None = None
    image: str | None = None
    state: str = "Pending"
    health: str = "Healthy"
    unhealthy_because: str = ""
    protected: bool = False
    launched: float = field(default_factory=time.monotonic)
    in_service: float | None = None
    hooks: dict[str, HookRun] = field(default_factory=dict)
    # What a thread is doing for this member now ("launch", "register", "drain", "terminate"); one thing at a time.
    busy: str = ""
    drained: bool = False
    force: bool = False

    @property
    def arriving(self) -> bool:
        return self.state in ARRIVING

    @property
    def leaving(self) -> bool:
        return self.state in LEAVING

    @property
    def counts(self) -> bool:
        return self.arriving or self.state == "InService"

    def described(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "InstanceId": self.id,
            "InstanceType": self.instance_type,
            "AvailabilityZone": self.zone,
            "LifecycleState": self.state,
            "HealthStatus": self.health,
            "ProtectedFromScaleIn": self.protected,
        }
        if self.template:
            found["LaunchTemplate"] = dict(self.template)
        return found


@dataclass(eq=False)
class Hook:
    name: str
    transition: str
    timeout: int = 3600
    default: str = "ABANDON"
    target: str | None = None
    role: str | None = None
    metadata: str | None = None

    @property
    def global_timeout(self) -> int:
        """The longest that heartbeats can keep an instance waiting: 48 hours or 100 times the timeout."""
        return min(172800, 100 * self.timeout)


@dataclass(eq=False)
class Group:
    """`settings` are the members of CreateAutoScalingGroup; `lock` guards everything else, too."""

    name: str
    account: str
    region: str
    settings: Settings
    tags: list[dict[str, Any]] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    refreshes: list[Any] = field(default_factory=list)
    hooks: dict[str, Hook] = field(default_factory=dict)
    suspended: dict[str, str] = field(default_factory=dict)
    policies: dict[str, Settings] = field(default_factory=dict)
    metrics: list[str] = field(default_factory=list)
    deleting: bool = False
    # Instances beyond the desired capacity that an instance refresh wants for a while.
    surge: int = 0
    cause: str = ""
    launch_failures: int = 0
    no_launch_before: float = 0.0
    cooldown_until: float = 0.0
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created: datetime = field(default_factory=now)
    lock: threading.RLock = field(default_factory=threading.RLock)
    wake: threading.Event = field(default_factory=threading.Event)

    @property
    def arn(self) -> str:
        return (
            f"arn:aws:autoscaling:{self.region}:{self.account}:autoScalingGroup:{self.id}:"
            f"autoScalingGroupName/{self.name}"
        )

    @property
    def desired(self) -> int:
        return int(self.settings["DesiredCapacity"])

    @property
    def target_groups(self) -> list[str]:
        return list(self.settings.get("TargetGroupARNs") or [])

    @property
    def subnets(self) -> list[str]:
        return [s.strip() for s in str(self.settings.get("VPCZoneIdentifier") or "").split(",") if s.strip()]

    @property
    def checks_elb(self) -> bool:
        return "ELB" in str(self.settings.get("HealthCheckType", "EC2")).split(",")

    def refresh(self) -> Any:
        """The instance refresh that is under way, if any."""
        return next((r for r in reversed(self.refreshes) if r.active), None)

    def runs(self, process: str) -> bool:
        return process not in self.suspended

    def find(self, instance_id: str) -> Member | None:
        return next((m for m in self.members if m.id == instance_id), None)

    def record(self, activity: Activity) -> Activity:
        self.activities.append(activity)
        del self.activities[:-500]
        return activity

    def begin(self, description: str, cause: str, details: str = "{}") -> Activity:
        return self.record(Activity(self.name, self.arn, description, cause, details))
