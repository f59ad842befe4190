"""Executions, stages and actions as CodePipeline's replies show them."""

from __future__ import annotations

from typing import Any

from rehearsal.services.codepipeline.store import ActionRun, Artifact, ConditionRun, Execution, Pipeline, StageRun


def kept(document: dict[str, Any]) -> dict[str, Any]:
    """Without members that are empty, as AWS leaves them out."""
    return {key: value for key, value in document.items() if value not in (None, "", {})}


def execution_summary(execution: Execution) -> dict[str, Any]:
    return kept(
        {
            "pipelineExecutionId": execution.id,
            "status": execution.status,
            "statusSummary": execution.summary,
            "startTime": execution.started,
            "lastUpdateTime": execution.updated,
            "sourceRevisions": [_source_revision(name, a) for name, a in _sources(execution)],
            "trigger": execution.trigger,
            "stopTrigger": {"reason": execution.stop_reason} if execution.stop else {},
            "executionMode": execution.mode,
            "executionType": execution.type,
            "rollbackMetadata": {"rollbackTargetPipelineExecutionId": execution.target} if execution.target else {},
        }
    )


def execution_detail(pipeline: Pipeline, execution: Execution) -> dict[str, Any]:
    values = execution.values.get("variables", {})
    return kept(
        {
            "pipelineName": pipeline.name,
            "pipelineVersion": execution.declaration["version"],
            "pipelineExecutionId": execution.id,
            "status": execution.status,
            "statusSummary": execution.summary,
            "artifactRevisions": [{"name": a.name, **a.revision} for _, a in _sources(execution)],
            "variables": [{"name": name, "resolvedValue": value} for name, value in values.items()],
            "trigger": execution.trigger,
            "executionMode": execution.mode,
            "executionType": execution.type,
            "rollbackMetadata": {"rollbackTargetPipelineExecutionId": execution.target} if execution.target else {},
        }
    )


def _sources(execution: Execution) -> list[tuple[str, Artifact]]:
    """(source action, its artifact) of those that have run."""
    found = []
    for action in execution.declaration["stages"][0]["actions"]:
        for declared in action["outputArtifacts"]:
            if declared["name"] in execution.artifacts:
                found.append((action["name"], execution.artifacts[declared["name"]]))
    return found


def _source_revision(action: str, artifact: Artifact) -> dict[str, Any]:
    members = ("revisionId", "revisionSummary", "revisionUrl")
    return {"actionName": action, **{key: artifact.revision[key] for key in members if key in artifact.revision}}


def stage_state(pipeline: Pipeline, stage: dict[str, Any]) -> dict[str, Any]:
    state = pipeline.state(stage["name"])
    inbound = [_short(execution, "InProgress") for execution in state.inbound]
    run = state.latest.stages.get(stage["name"]) if state.latest is not None else None
    transition = {
        "enabled": state.enabled,
        "lastChangedBy": state.changed_by,
        "lastChangedAt": state.changed_at,
        "disabledReason": state.reason,
    }
    shown = {
        "stageName": stage["name"],
        "inboundExecution": inbound[-1] if inbound else None,
        "inboundTransitionState": kept(transition),
        "actionStates": [_action_state(state.actions.get(a["name"]), a) for a in stage["actions"]],
        "latestExecution": _short(state.latest, _status(state.latest, run)) if state.latest and run else None,
        "retryStageMetadata": _retries(run),
    }
    if inbound:
        shown["inboundExecutions"] = inbound
    for where in ("beforeEntry", "onSuccess", "onFailure"):
        if run is not None and run.conditions.get(where):
            shown[f"{where}ConditionState"] = _conditions(run.conditions[where])
    return kept(shown)


def _status(execution: Execution, run: StageRun) -> str:
    return "Stopping" if run.status == "InProgress" and execution.status == "Stopping" else run.status


def _short(execution: Execution, status: str) -> dict[str, Any]:
    return {"pipelineExecutionId": execution.id, "status": status, "type": execution.type}


def _retries(run: StageRun | None) -> dict[str, Any]:
    if run is None or not (run.auto_retries or run.manual_retries):
        return {}
    return {
        "autoStageRetryAttempt": run.auto_retries,
        "manualStageRetryAttempt": run.manual_retries,
        "latestRetryTrigger": "ManualStageRetry" if run.manual_retries else "AutomatedStageRetry",
    }


def _action_state(run: ActionRun | None, declared: dict[str, Any]) -> dict[str, Any]:
    if run is None:
        return {"actionName": declared["name"]}
    revision = next((a.revision for a in run.outputs if a.revision), None)
    shown: dict[str, Any] = {
        "actionName": run.name,
        "latestExecution": _latest(run, "actionExecutionId"),
        "entityUrl": run.external_url if declared["actionTypeId"]["category"] != "Approval" else "",
    }
    if revision:
        shown["currentRevision"] = {
            "revisionId": revision["revisionId"],
            "revisionChangeId": revision["revisionId"],
            "created": revision["created"],
        }
        shown["revisionUrl"] = revision["revisionUrl"]
    return kept(shown)


def _latest(run: ActionRun, id_member: str) -> dict[str, Any]:
    return kept(
        {
            id_member: run.id,
            "status": run.status,
            "summary": run.summary,
            "lastStatusChange": run.updated,
            "token": run.token,
            "lastUpdatedBy": run.updated_by,
            "externalExecutionId": run.external_id,
            "externalExecutionUrl": run.external_url,
            "errorDetails": run.error,
        }
    )


def _conditions(runs: list[ConditionRun]) -> dict[str, Any]:
    statuses = [run.status for run in runs]
    overall = next((s for s in ("Failed", "Abandoned", "InProgress", "Overridden") if s in statuses), "Succeeded")
    summary = next((run.summary for run in runs if run.status == overall), "")
    states = [
        {
            "latestExecution": kept({"status": r.status, "summary": r.summary, "lastStatusChange": r.updated}),
            "ruleStates": [
                {"ruleName": rule.name, "latestExecution": _latest(rule, "ruleExecutionId")} for rule in r.rules
            ],
        }
        for r in runs
    ]
    return {"latestExecution": kept({"status": overall, "summary": summary}), "conditionStates": states}


def run_detail(execution: Execution, run: ActionRun, kind: str) -> dict[str, Any]:
    """`kind` is action or rule."""
    declared = run.declared
    result = {
        "externalExecutionId": run.external_id,
        "externalExecutionSummary": run.summary,
        "externalExecutionUrl": run.external_url,
        "errorDetails": run.error,
    }
    output: dict[str, Any] = {"executionResult": kept(result)}
    given: dict[str, Any] = {
        f"{kind}TypeId": declared[f"{kind}TypeId"],
        "configuration": declared.get("configuration") or {},
        "resolvedConfiguration": run.configuration,
        "region": run.region,
        "inputArtifacts": [_artifact(a) for a in run.inputs],
    }
    if declared.get("roleArn"):
        given["roleArn"] = declared["roleArn"]
    if kind == "action":
        output.update(outputArtifacts=[_artifact(a) for a in run.outputs], outputVariables=run.variables)
        if declared.get("namespace"):
            given["namespace"] = declared["namespace"]
    return kept(
        {
            "pipelineExecutionId": execution.id,
            f"{kind}ExecutionId": run.id,
            "pipelineVersion": execution.declaration["version"],
            "stageName": run.stage,
            f"{kind}Name": run.name,
            "startTime": run.started,
            "lastUpdateTime": run.updated,
            "updatedBy": run.updated_by,
            "status": run.status,
            "input": given,
            "output": output,
        }
    )


def _artifact(artifact: Artifact) -> dict[str, Any]:
    return {"name": artifact.name, "s3location": {"bucket": artifact.bucket, "key": artifact.key}}
