"""What a pipeline does and did. https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipelineState.html"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.kernel.paging import page
from rehearsal.services.codepipeline import store, views
from rehearsal.services.codepipeline.store import ActionRun, Execution, Pipeline


@operation("codepipeline", "GetPipelineState")
def get_pipeline_state(call: Call) -> dict[str, Any]:
    pipeline = store.find(call, call.params.get("name", ""))
    with pipeline.changed:
        return {
            "pipelineName": pipeline.name,
            "pipelineVersion": pipeline.version,
            "stageStates": [views.stage_state(pipeline, stage) for stage in pipeline.declaration["stages"]],
            "created": pipeline.created,
            "updated": pipeline.updated,
        }


@operation("codepipeline", "GetPipelineExecution")
def get_pipeline_execution(call: Call) -> dict[str, Any]:
    pipeline = store.find(call, call.params.get("pipelineName", ""))
    execution = store.execution_of(pipeline, call.params.get("pipelineExecutionId", ""))
    with pipeline.changed:
        return {"pipelineExecution": views.execution_detail(pipeline, execution)}


@operation("codepipeline", "ListPipelineExecutions")
def list_pipeline_executions(call: Call) -> dict[str, Any]:
    """Newest first."""
    pipeline = store.find(call, call.params.get("pipelineName", ""))
    wanted = ((call.params.get("filter") or {}).get("succeededInStage") or {}).get("stageName")
    with pipeline.changed:
        found = [
            views.execution_summary(execution)
            for execution in reversed(pipeline.executions.values())
            if wanted is None or _succeeded(execution, wanted)
        ]
    return page(call, "pipelineExecutionSummaries", found)


def _succeeded(execution: Execution, stage: str) -> bool:
    run = execution.stages.get(stage)
    return run is not None and run.status == "Succeeded"


@operation("codepipeline", "ListActionExecutions")
def list_action_executions(call: Call) -> dict[str, Any]:
    """Newest first, of one execution or of all."""
    pipeline = store.find(call, call.params.get("pipelineName", ""))
    with pipeline.changed:
        details = _details(call, pipeline, pipeline.actions, "action")
    return page(call, "actionExecutionDetails", details)


@operation("codepipeline", "ListRuleExecutions")
def list_rule_executions(call: Call) -> dict[str, Any]:
    pipeline = store.find(call, call.params.get("pipelineName", ""))
    with pipeline.changed:
        details = _details(call, pipeline, pipeline.rules, "rule")
    return page(call, "ruleExecutionDetails", details)


def _details(call: Call, pipeline: Pipeline, runs: list[ActionRun], kind: str) -> list[dict[str, Any]]:
    wanted = call.params.get("filter") or {}
    latest = wanted.get("latestInPipelineExecution") or {}
    execution_id = wanted.get("pipelineExecutionId") or latest.get("pipelineExecutionId")
    if execution_id and execution_id not in pipeline.executions:
        raise AwsError(
            "PipelineExecutionNotFoundException",
            f"Pipeline '{pipeline.name}' does not have an execution with id '{execution_id}'",
        )
    found = [run for run in reversed(runs) if execution_id in (None, run.execution)]
    if latest.get("startTimeRange") == "Latest":
        seen: dict[tuple[str, str], ActionRun] = {}
        for run in found:
            seen.setdefault((run.stage, run.name), run)
        found = list(seen.values())
    return [views.run_detail(pipeline.executions[run.execution], run, kind) for run in found]
