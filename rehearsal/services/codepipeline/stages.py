"""Runs one stage of one execution: entry conditions, groups of actions by run order, conditions at its end.

https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works-conditions.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel import tasks
from rehearsal.services.codepipeline import action_run, announce, conditions
from rehearsal.services.codepipeline.store import ActionRun, Execution, Pipeline, StageRun


def run(pipeline: Pipeline, execution: Execution, stage: dict[str, Any], retry: str) -> str:
    """Succeeded, Skipped, Failed or Stopped."""
    name = stage["name"]
    with pipeline.changed:
        known = execution.stages.setdefault(name, StageRun())
        known.status = "InProgress"
    announce.stage_changed(pipeline, execution, name, "InProgress" if not retry else "RESUMED")
    status = _attempt(pipeline, execution, stage, known, retry)
    mode = _automatic_retry(stage, known) if status == "Failed" else ""
    if mode:
        known.auto_retries += 1
        announce.stage_changed(pipeline, execution, name, "RESUMED")
        status = _attempt(pipeline, execution, stage, known, mode)
    with pipeline.changed:
        known.status = status
        pipeline.changed.notify_all()
    announce.stage_changed(pipeline, execution, name, status)
    return status


def _automatic_retry(stage: dict[str, Any], known: StageRun) -> str:
    """The retry mode of onFailure RETRY, once an execution.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-retry.html#stage-retry-automatic
    """
    failure = stage.get("onFailure") or {}
    if failure.get("result") != "RETRY" or known.auto_retries:
        return ""
    return str((failure.get("retryConfiguration") or {}).get("retryMode") or "ALL_ACTIONS")


def _attempt(pipeline: Pipeline, execution: Execution, stage: dict[str, Any], known: StageRun, retry: str) -> str:
    resume = retry == "FAILED_ACTIONS"
    # The conditions that let the failed actions begin have held already.
    if not (resume and known.failed_in in ("actions", "onSuccess")) and "beforeEntry" not in known.overridden:
        verdict = conditions.check(pipeline, execution, stage, "beforeEntry", known)
        if verdict:
            known.failed_in = "beforeEntry"
            return {"SKIP": "Skipped", "STOPPED": "Stopped"}.get(verdict, "Failed")
    known.failed_in = ""
    kept = {n for n, a in known.actions.items() if a.status == "Succeeded"} if resume else set()
    for order in sorted({action.get("runOrder", 1) for action in stage["actions"]}):
        if execution.stop:
            return "Stopped"
        group = [a for a in stage["actions"] if a.get("runOrder", 1) == order and a["name"] not in kept]
        runs = _together(pipeline, execution, stage, known, group)
        if any(one.status == "Abandoned" for one in runs):
            return "Stopped"
        if any(one.status == "Failed" for one in runs):
            known.failed_in = "actions"
            return "Failed"
    if execution.stop:
        return "Stopped"
    verdict = conditions.check(pipeline, execution, stage, "onSuccess", known)
    if verdict:
        known.failed_in = "onSuccess"
        return "Stopped" if verdict == "STOPPED" else "Failed"
    return "Succeeded"


def _together(
    pipeline: Pipeline, execution: Execution, stage: dict[str, Any], known: StageRun, group: list[dict[str, Any]]
) -> list[ActionRun]:
    """Runs the actions of one run order side by side and waits for all of them."""
    runs = [action_run.prepare(pipeline, execution, stage["name"], known, action) for action in group]
    threads = [
        tasks.spawn(f"action-{pipeline.name}-{one.name}", action_run.execute, pipeline, execution, one)
        for one in runs[1:]
    ]
    for one in runs[:1]:
        action_run.execute(pipeline, execution, one)
    for thread in threads:
        thread.join()
    tasks.check()
    return runs


def wants_rollback(pipeline: Pipeline, execution: Execution, stage: dict[str, Any], known: StageRun) -> bool:
    """Whether this failed stage is to be rolled back: by onFailure itself, or by a condition whose rules fail."""
    if execution.stop or execution.type == "ROLLBACK":
        return False
    if known.failed_in == "onSuccess":
        return conditions.failed_result(stage, "onSuccess", known) == "ROLLBACK"
    failure = stage.get("onFailure") or {}
    # A refused entry is no failure of the stage's own work: nothing of it has run.
    if known.failed_in == "beforeEntry":
        return False
    if failure.get("conditions"):
        return conditions.check(pipeline, execution, stage, "onFailure", known) == "ROLLBACK"
    return failure.get("result") == "ROLLBACK"
