"""Stacks and what belongs to them, as plain records. Who changes one holds its store's lock."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from rehearsal.kernel.identity import Principal
from rehearsal.services.cloudformation.blueprint import Blueprint, Definition
from rehearsal.services.cloudformation.handler import Signal


def now() -> datetime:
    """Milliseconds, as CloudFormation's times have them."""
    time = datetime.now(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


@dataclass
class Resource:
    """`properties` and the stack's `tags` as last applied: resolved, but for secrets, which stay references."""

    logical_id: str
    type: str
    definition: Definition
    physical_id: str = ""
    status: str = ""
    reason: str = ""
    changed: datetime = field(default_factory=now)
    properties: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, Any] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    token: str = ""
    drift: dict[str, Any] | None = None
    # False for what a failed operation left half done: the next one must look at it again.
    stable: bool = True

    def copy(self) -> Resource:
        return replace(self, properties=dict(self.properties), tags=dict(self.tags))

    @property
    def exists(self) -> bool:
        return bool(self.physical_id) and self.status not in ("DELETE_COMPLETE", "DELETE_SKIPPED")


@dataclass
class Leftover:
    """A physical resource that the clean-up has to deal with, and how (Delete, Retain, Snapshot)."""

    resource: Resource
    policy: str


@dataclass(frozen=True)
class Settings:
    """All that an operation may change about a stack beside its resources; a roll-back puts it back whole."""

    blueprint: Blueprint | None = None
    tags: dict[str, str] = field(default_factory=dict)
    capabilities: list[str] = field(default_factory=list)
    notifications: list[str] = field(default_factory=list)
    rollback_configuration: dict[str, Any] = field(default_factory=dict)
    description: str | None = None


@dataclass
class Operation:
    """One run over a stack. `type` is as DescribeEvents names it."""

    id: str
    type: str
    principal: Principal
    role: str | None
    token: str = ""
    started: datetime = field(default_factory=now)
    disable_rollback: bool = False
    on_failure: str = "ROLLBACK"
    retain_except_on_create: bool = False
    change_set: ChangeSet | None = None
    # Why no resources can be told: a transform of the template failed.
    untold: str = ""
    # Why the operation was given up from outside: CancelUpdateStack, an alarm, time that ran out.
    stop_reason: str = ""
    stop_flag: bool = False
    finished: threading.Event = field(default_factory=threading.Event)
    # DeleteStack: what it leaves alone, and whether a failure may keep the stack.
    retained: frozenset[str] = frozenset()
    force: bool = False
    # DeleteStack: the stack's status when it was asked.
    before: str = ""
    signals: dict[str, list[Signal]] = field(default_factory=dict)


@dataclass
class ChangeSet:
    id: str
    name: str
    type: str
    stack_id: str
    settings: Settings
    role: str | None
    principal: Principal
    description: str | None = None
    created: datetime = field(default_factory=now)
    status: str = "CREATE_PENDING"
    execution: str = "UNAVAILABLE"
    reason: str | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    on_stack_failure: str | None = None
    token: str = ""
    operation_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    # Whether it is validated before it may be executed.
    validated: bool = True
    # IncludeNestedStacks and ImportExistingResources as they were asked for.
    nested: bool = False
    importing: bool | None = None
    # Whether another update began while it was being made.
    overtaken: bool = False

    @property
    def executed(self) -> bool:
        return self.execution in ("EXECUTE_COMPLETE", "EXECUTE_FAILED")


@dataclass
class Stack:
    id: str
    name: str
    account: str
    region: str
    principal: Principal
    created: datetime = field(default_factory=now)
    updated: datetime | None = None
    deleted: datetime | None = None
    status: str = "REVIEW_IN_PROGRESS"
    reason: str | None = None
    settings: Settings = field(default_factory=Settings)
    # What a roll-back returns to, and the resources as they were then.
    previous: Settings | None = None
    # What an update that is being undone had aimed at.
    attempted: Settings | None = None
    snapshot: dict[str, Resource] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    # Physical resources that were replaced or left the template: the clean-up deletes them.
    leftovers: list[Leftover] = field(default_factory=list)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    # Names of exports that this stack imports.
    imports: set[str] = field(default_factory=set)
    role: str | None = None
    protected: bool = False
    disable_rollback: bool = False
    retain_except_on_create: bool | None = None
    timeout_minutes: int | None = None
    policy: str | None = None
    policy_during_update: str | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    operation_events: list[dict[str, Any]] = field(default_factory=list)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    executed: str | None = None
    operations: list[Operation] = field(default_factory=list)
    # ClientRequestToken -> the operation's kind.
    tokens: dict[str, str] = field(default_factory=dict)
    drift: dict[str, Any] | None = None
    deletion_mode: str | None = None
    detailed: str | None = None

    @property
    def operation(self) -> Operation:
        return self.operations[-1]

    @property
    def busy(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    @property
    def live(self) -> bool:
        return self.status != "DELETE_COMPLETE"

    def pseudo(self, notifications: list[str]) -> dict[str, Any]:
        from rehearsal.services.cloudformation.scope import pseudo_parameters

        return pseudo_parameters(self.account, self.region, self.id, self.name, notifications)

    def system_tags(self, logical_id: str) -> dict[str, str]:
        return {
            "aws:cloudformation:stack-name": self.name,
            "aws:cloudformation:stack-id": self.id,
            "aws:cloudformation:logical-id": logical_id,
        }
