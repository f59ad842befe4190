"""CodePipeline's state: pipelines, their executions, and what each stage and action did, in memory.

One condition a pipeline guards its state; whoever changes something others wait for notifies it.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Artifact:
    """Where an artifact lies in the store, and for a source what revision it is."""

    name: str
    bucket: str
    key: str
    revision: dict[str, Any] = field(default_factory=dict)


@dataclass
class ActionRun:
    """One run of an action (or, with `rule`, of a rule of a condition)."""

    stage: str
    name: str
    execution: str
    declared: dict[str, Any]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "InProgress"
    started: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    updated_by: str = ""
    summary: str = ""
    configuration: dict[str, str] = field(default_factory=dict)
    inputs: list[Artifact] = field(default_factory=list)
    outputs: list[Artifact] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    external_id: str = ""
    external_url: str = ""
    error: dict[str, str] = field(default_factory=dict)
    token: str = ""
    role: str = ""
    region: str = ""
    answer: dict[str, str] = field(default_factory=dict)
    wake: threading.Event = field(default_factory=threading.Event)


@dataclass
class ConditionRun:
    status: str = "InProgress"
    summary: str = ""
    updated: datetime = field(default_factory=now)
    rules: list[ActionRun] = field(default_factory=list)


@dataclass
class StageRun:
    """How one execution fared in one stage. `failed_in` is beforeEntry, actions or onSuccess."""

    status: str = "InProgress"
    started: datetime = field(default_factory=now)
    actions: dict[str, ActionRun] = field(default_factory=dict)
    conditions: dict[str, list[ConditionRun]] = field(default_factory=dict)
    failed_in: str = ""
    auto_retries: int = 0
    manual_retries: int = 0
    overridden: set[str] = field(default_factory=set)


@dataclass
class Execution:
    """`declaration` is the pipeline as it was when the execution began; `values` holds variables by namespace."""

    id: str
    declaration: dict[str, Any]
    trigger: dict[str, str]
    values: dict[str, dict[str, str]]
    mode: str
    type: str = "STANDARD"
    target: str = ""
    token: str = ""
    overrides: list[dict[str, str]] = field(default_factory=list)
    status: str = "InProgress"
    summary: str = ""
    started: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    attempt: int = 1
    stop: str = ""
    stop_reason: str = ""
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    stages: dict[str, StageRun] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        return self.status in ("InProgress", "Stopping")


@dataclass
class StageState:
    """What GetPipelineState shows of one stage."""

    current: list[Execution] = field(default_factory=list)
    inbound: list[Execution] = field(default_factory=list)
    latest: Execution | None = None
    actions: dict[str, ActionRun] = field(default_factory=dict)
    enabled: bool = True
    changed_by: str = ""
    changed_at: datetime | None = None
    reason: str = ""


@dataclass
class Pipeline:
    declaration: dict[str, Any]
    account: str
    region: str
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    tags: dict[str, str] = field(default_factory=dict)
    states: dict[str, StageState] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
    actions: list[ActionRun] = field(default_factory=list)
    rules: list[ActionRun] = field(default_factory=list)
    deleted: bool = False
    changed: threading.Condition = field(default_factory=lambda: threading.Condition(threading.RLock()))

    @property
    def name(self) -> str:
        return str(self.declaration["name"])

    @property
    def arn(self) -> str:
        return f"arn:aws:codepipeline:{self.region}:{self.account}:{self.name}"

    @property
    def version(self) -> int:
        return int(self.declaration["version"])

    def state(self, stage: str) -> StageState:
        return self.states.setdefault(stage, StageState())


lock = threading.RLock()
_pipelines: dict[tuple[str, str], dict[str, Pipeline]] = {}


def of(call: Call) -> dict[str, Pipeline]:
    with lock:
        return _pipelines.setdefault((call.account, call.region), {})


def find(call: Call, name: str) -> Pipeline:
    """@raises AwsError PipelineNotFoundException."""
    pipeline = of(call).get(name)
    if pipeline is None:
        raise AwsError(
            "PipelineNotFoundException",
            f"Account '{call.account}' does not have a pipeline with name '{name}'",
        )
    return pipeline


def stage_of(declaration: dict[str, Any], name: str) -> dict[str, Any]:
    """@raises AwsError StageNotFoundException."""
    for stage in declaration["stages"]:
        if stage["name"] == name:
            return dict(stage)
    raise AwsError(
        "StageNotFoundException", f"Pipeline '{declaration['name']}' does not have a stage with name '{name}'"
    )


def execution_of(pipeline: Pipeline, execution_id: str) -> Execution:
    """@raises AwsError PipelineExecutionNotFoundException."""
    found = pipeline.executions.get(execution_id)
    if found is None:
        raise AwsError(
            "PipelineExecutionNotFoundException",
            f"Pipeline '{pipeline.name}' does not have an execution with id '{execution_id}'",
        )
    return found


@tasks.on_reset
def forget() -> None:
    """Wakes everything that waits, so that its thread sees that it is over."""
    with lock:
        pipelines = [p for place in _pipelines.values() for p in place.values()]
        _pipelines.clear()
    for pipeline in pipelines:
        with pipeline.changed:
            pipeline.changed.notify_all()
        for run in (*pipeline.actions, *pipeline.rules):
            run.wake.set()
