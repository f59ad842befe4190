"""Target groups as the data plane sees them: who is registered, in what state, and who gets the next request.

States and reasons: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from moto.backends import get_backend

REASONS = {
    "Elb.RegistrationInProgress": "Target registration is in progress",
    "Elb.InitialHealthChecking": "Initial health checks in progress",
    "Target.FailedHealthChecks": "Health checks failed",
    "Target.Timeout": "Request timed out",
    "Target.NotRegistered": "Target is not registered to the target group",
    "Target.NotInUse": "Target group is not configured to receive traffic from the load balancer",
    "Target.ZoneNotEnabled": "Target is in an Availability Zone that is not enabled for the load balancer",
    "Target.InvalidState": "Target is in the stopped state",
    "Target.DeregistrationInProgress": "Target deregistration is in progress",
    "Target.HealthCheckDisabled": "Health checks are disabled",
}


@dataclass(eq=False)
class Target:
    """One registration. `inflight` counts requests that this target has not answered completely."""

    id: str
    port: int
    zone: str | None = None
    state: str = "initial"
    reason: str | None = "Elb.RegistrationInProgress"
    description: str | None = REASONS["Elb.RegistrationInProgress"]
    passed: int = 0
    failed: int = 0
    inflight: int = 0
    watched: bool = False

    def become(self, state: str, reason: str | None = None, description: str | None = None) -> None:
        self.state, self.reason = state, reason
        self.description = description or (REASONS.get(reason) if reason else None)

    @property
    def draining(self) -> bool:
        return self.state == "draining"


@dataclass(eq=False)
class Group:
    """`balancers` are the ARNs of load balancers whose rules name this group."""

    arn: str
    account: str
    region: str
    targets: dict[tuple[str, int], Target] = field(default_factory=dict)
    balancers: list[str] = field(default_factory=list)
    turn: int = 0

    @property
    def model(self) -> Any:
        return get_backend("elbv2")[self.account][self.region].target_groups[self.arn]

    @property
    def full_name(self) -> str:
        """As in the TargetGroup dimension: targetgroup/name/id."""
        return self.arn.split(":", 5)[5]

    def attribute(self, name: str, default: str = "") -> str:
        return str(self.model.attributes.get(name, default))

    def address(self, target: Target) -> str | None:
        """The target's private address, or None for an instance that has none (any more)."""
        if self.model.target_type == "ip":
            return target.id
        instance = instance_of(self.account, self.region, target.id)
        return getattr(instance, "private_ip", None) if instance else None

    def pick(self) -> Target | None:
        """Who gets the next request; None where nobody is registered.

        Healthy targets, or, where fewer are healthy than the group's minimum, all of them (fail-open):
        https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#target-group-health
        That targets in the state initial count as not healthy there is unchecked.
        """
        present = [t for t in list(self.targets.values()) if t.state in ("healthy", "unhealthy", "initial")]
        able = [t for t in present if t.state == "healthy"]
        if len(able) < self._minimum(len(present)):
            able = present
        if not able:
            return None
        self.turn += 1
        return able[self.turn % len(able)]

    def _minimum(self, registered: int) -> int:
        prefix = "target_group_health.unhealthy_state_routing.minimum_healthy_targets"
        count = self.attribute(f"{prefix}.count", "1")
        share = self.attribute(f"{prefix}.percentage", "off")
        by_share = -(-registered * int(share) // 100) if share.isdigit() else 0
        return max(int(count) if count.isdigit() else 1, by_share)


_lock = threading.RLock()
_groups: dict[str, Group] = {}


def instance_of(account: str, region: str, instance_id: str) -> Any:
    return get_backend("ec2")[account][region].get_instance_by_id(instance_id)


def group(arn: str, account: str | None = None, region: str | None = None) -> Group:
    """The group's live side, made when first asked for."""
    with _lock:
        known = _groups.get(arn)
        if known is None:
            parts = arn.split(":")
            known = _groups[arn] = Group(arn, account or parts[4], region or parts[3])
        return known


def all_groups() -> list[Group]:
    with _lock:
        return list(_groups.values())


def forget(arn: str) -> None:
    with _lock:
        _groups.pop(arn, None)


def clear() -> None:
    with _lock:
        _groups.clear()


def states_of(arn: str, instance_id: str) -> list[str]:
    """The states of an instance's registrations in a group, for Auto Scaling; empty where it is not registered."""
    with _lock:
        known = _groups.get(arn)
        return [t.state for t in list(known.targets.values()) if t.id == instance_id] if known else []
