"""CodePipeline's events on EventBridge.

https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.services import events
from rehearsal.services.codepipeline.store import ActionRun, Artifact, Execution, Pipeline

_STATES = {
    "InProgress": "STARTED",
    "Succeeded": "SUCCEEDED",
    "Failed": "FAILED",
    "Abandoned": "ABANDONED",
    "Stopping": "STOPPING",
    "Stopped": "STOPPED",
    "Superseded": "SUPERSEDED",
    "Skipped": "SKIPPED",
}


def pipeline_changed(pipeline: Pipeline, execution: Execution, state: str = "") -> None:
    detail = _common(pipeline, execution, state or execution.status)
    trigger = {"trigger-type": execution.trigger["triggerType"], "trigger-detail": execution.trigger["triggerDetail"]}
    _emit(pipeline, "CodePipeline Pipeline Execution State Change", {**detail, "execution-trigger": trigger})


def stage_changed(pipeline: Pipeline, execution: Execution, stage: str, status: str) -> None:
    detail = {**_common(pipeline, execution, status), "stage": stage}
    _emit(pipeline, "CodePipeline Stage Execution State Change", detail)


def action_changed(pipeline: Pipeline, execution: Execution, run: ActionRun) -> None:
    kind = run.declared["actionTypeId"]
    detail: dict[str, Any] = {
        **_common(pipeline, execution, run.status),
        "stage": run.stage,
        "action": run.name,
        "action-execution-id": run.id,
        "region": run.region,
        "type": {key: kind[key] for key in ("owner", "provider", "category", "version")},
        "input-artifacts": [_artifact(artifact) for artifact in run.inputs],
        "output-artifacts": [_artifact(artifact) for artifact in run.outputs],
    }
    result = {
        "external-execution-url": run.external_url,
        "external-execution-id": run.external_id,
        "external-execution-summary": run.error.get("message") or run.summary,
        "error-code": run.error.get("code", ""),
    }
    if any(result.values()):
        detail["execution-result"] = {key: value for key, value in result.items() if value}
    _emit(pipeline, "CodePipeline Action Execution State Change", detail)


def _common(pipeline: Pipeline, execution: Execution, status: str) -> dict[str, Any]:
    return {
        "pipeline": pipeline.name,
        "execution-id": execution.id,
        "version": execution.declaration["version"],
        "state": _STATES.get(status, status.upper()),
        "start-time": f"{execution.started:%Y-%m-%dT%H:%M:%S}.{execution.started.microsecond // 1000:03d}Z",
        "pipeline-execution-attempt": float(execution.attempt),
    }


def _artifact(artifact: Artifact) -> dict[str, Any]:
    return {"name": artifact.name, "s3location": {"bucket": artifact.bucket, "key": artifact.key}}


def _emit(pipeline: Pipeline, kind: str, detail: dict[str, Any]) -> None:
    events.emit("aws.codepipeline", kind, detail, [pipeline.arn], pipeline.region, pipeline.account)
