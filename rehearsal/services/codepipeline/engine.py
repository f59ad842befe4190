"""Takes executions through a pipeline: begins, carries from stage to stage, retries, rolls back, stops."""

from __future__ import annotations

import json
import uuid
from typing import Any

from rehearsal.kernel import bugs, tasks
from rehearsal.services.codepipeline import announce, gates, stages
from rehearsal.services.codepipeline.store import Execution, Pipeline, StageRun, now


def begin(
    pipeline: Pipeline,
    trigger: dict[str, str],
    values: dict[str, str] | None = None,
    overrides: list[dict[str, str]] | None = None,
    token: str = "",
) -> Execution:
    """A new execution of the pipeline as it is now; `values` are its variables, `overrides` source revisions."""
    declaration = pipeline.declaration
    defaults = {v["name"]: v["defaultValue"] for v in declaration.get("variables") or [] if "defaultValue" in v}
    with pipeline.changed:
        execution = _new(pipeline, trigger, {"variables": {**defaults, **(values or {})}})
        execution.overrides, execution.token = overrides or [], token
        announce.pipeline_changed(pipeline, execution)
        # Here and not in its thread, so that executions stand at the door in the order of their starts.
        gates.arrive(pipeline, declaration["stages"][0]["name"], execution)
    _go(pipeline, execution, 0)
    return execution


def _new(pipeline: Pipeline, trigger: dict[str, str], values: dict[str, dict[str, str]]) -> Execution:
    execution_id = str(uuid.uuid4())
    execution = Execution(
        execution_id,
        pipeline.declaration,
        trigger,
        {**values, "codepipeline": {"PipelineExecutionId": execution_id}},
        pipeline.declaration.get("executionMode", "SUPERSEDED"),
    )
    with pipeline.changed:
        pipeline.executions[execution_id] = execution
    return execution


def _go(pipeline: Pipeline, execution: Execution, index: int, retry: str = "") -> None:
    tasks.spawn(f"codepipeline-{pipeline.name}-{execution.id[:8]}", carry, pipeline, execution, index, retry)


def carry(pipeline: Pipeline, execution: Execution, index: int, retry: str) -> None:
    """From stage number `index` on; `retry` (FAILED_ACTIONS, ALL_ACTIONS) is for that first stage only.

    A defect of the rehearsal is printed and fails the execution: nobody must wait for one that nothing carries.
    """
    try:
        _through_stages(pipeline, execution, index, retry)
    except Exception as error:
        bugs.report(f"codepipeline: execution {execution.id}")
        with pipeline.changed:
            execution.summary = f"{type(error).__name__}: {error}"
            for run in execution.stages.values():
                run.status = "Failed" if run.status == "InProgress" else run.status
        _end(pipeline, execution, "Failed")


def _through_stages(pipeline: Pipeline, execution: Execution, index: int, retry: str) -> None:
    declared = execution.declaration["stages"]
    wanted = declared[index : index + 1] if execution.type == "ROLLBACK" else declared[index:]
    for stage in wanted:
        name = stage["name"]
        # A retry stands in its stage already.
        if not retry and not gates.enter(pipeline, name, execution):
            _stopped(pipeline, execution)
            return
        back = None
        try:
            status = stages.run(pipeline, execution, stage, retry)
            if status == "Failed":
                back = _automatic_roll_back(pipeline, execution, stage)
        finally:
            gates.leave(pipeline, name, execution)
        retry = ""
        if status == "Stopped":
            _stopped(pipeline, execution)
            return
        if status == "Failed":
            _end(pipeline, execution, "Failed")
            if back is not None:
                _begin_roll_back(pipeline, back, name)
            return
    _end(pipeline, execution, "Succeeded")


def _end(pipeline: Pipeline, execution: Execution, status: str) -> None:
    with pipeline.changed:
        execution.status, execution.updated = status, now()
        pipeline.changed.notify_all()
    announce.pipeline_changed(pipeline, execution)


def _stopped(pipeline: Pipeline, execution: Execution) -> None:
    if execution.stop and execution.active:
        _end(pipeline, execution, "Stopped")


def _automatic_roll_back(pipeline: Pipeline, execution: Execution, stage: dict[str, Any]) -> Execution | None:
    """The roll-back that this failure calls for. It stands at the stage's door before the failed execution leaves.

    Otherwise a newer execution could enter first and be undone by it. How AWS orders the two is unchecked.
    """
    name = stage["name"]
    if execution.type != "STANDARD" or not stages.wants_rollback(pipeline, execution, stage, execution.stages[name]):
        return None
    target = last_success(pipeline, name)
    if target is None:
        return None
    detail = json.dumps({"FailedPipelineExecutionId": execution.id})
    back = _roll_back(pipeline, target, {"triggerType": "AutomatedRollback", "triggerDetail": detail})
    gates.reserve(pipeline, name, back)
    return back


def last_success(pipeline: Pipeline, stage: str) -> Execution | None:
    """The latest execution that may be a roll-back's target: a standard one, of the present structure, that succeeded
    in the stage. https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html"""
    with pipeline.changed:
        return next((e for e in reversed(pipeline.executions.values()) if may_be_target(pipeline, stage, e)), None)


def may_be_target(pipeline: Pipeline, stage: str, execution: Execution) -> bool:
    run = execution.stages.get(stage)
    return (
        execution.type == "STANDARD"
        and execution.declaration["version"] == pipeline.version
        and run is not None
        and run.status == "Succeeded"
    )


def roll_back(pipeline: Pipeline, stage: str, target: Execution, trigger: dict[str, str]) -> Execution:
    """A new execution of that stage alone, with the artifacts and variables that the target had."""
    back = _roll_back(pipeline, target, trigger)
    _begin_roll_back(pipeline, back, stage)
    return back


def _roll_back(pipeline: Pipeline, target: Execution, trigger: dict[str, str]) -> Execution:
    execution = _new(pipeline, trigger, {space: dict(found) for space, found in target.values.items()})
    execution.type, execution.target = "ROLLBACK", target.id
    execution.artifacts = dict(target.artifacts)
    return execution


def _begin_roll_back(pipeline: Pipeline, execution: Execution, stage: str) -> None:
    announce.pipeline_changed(pipeline, execution)
    names = [s["name"] for s in execution.declaration["stages"]]
    _go(pipeline, execution, names.index(stage))


def retry(pipeline: Pipeline, execution: Execution, stage: str, mode: str) -> None:
    """The same execution goes on from its failed stage."""
    with pipeline.changed:
        execution.status, execution.updated, execution.stop = "InProgress", now(), ""
        execution.attempt += 1
        execution.stages[stage].manual_retries += 1
        gates.enter_again(pipeline, stage, execution)
        pipeline.changed.notify_all()
    announce.pipeline_changed(pipeline, execution, "RESUMED")
    names = [s["name"] for s in execution.declaration["stages"]]
    _go(pipeline, execution, names.index(stage), mode)


def go_on_after(pipeline: Pipeline, execution: Execution, stage: str) -> None:
    """The stage's success condition was overridden: the stage counts as succeeded, the next one is entered."""
    with pipeline.changed:
        execution.status, execution.updated = "InProgress", now()
        execution.stages[stage].status = "Succeeded"
    announce.pipeline_changed(pipeline, execution, "RESUMED")
    names = [s["name"] for s in execution.declaration["stages"]]
    _go(pipeline, execution, names.index(stage) + 1)


def stop(pipeline: Pipeline, execution: Execution, abandon: bool, reason: str) -> None:
    """Stops after the actions that run now, or at once, giving them up. The caller holds the lock under which it saw
    the execution to be active: one that has ended meanwhile would be Stopping for ever."""
    with pipeline.changed:
        execution.stop, execution.stop_reason = "abandon" if abandon else "wait", reason
        execution.status, execution.updated = "Stopping", now()
        execution.summary = reason
        runs: list[StageRun] = list(execution.stages.values())
        pipeline.changed.notify_all()
    announce.pipeline_changed(pipeline, execution)
    if abandon:
        for action in [action for run in runs for action in run.actions.values()]:
            action.wake.set()
        for rule in [r for run in runs for c in run.conditions.values() for one in c for r in one.rules]:
            rule.wake.set()
