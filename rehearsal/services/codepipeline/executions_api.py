"""Executions: start, stop, retry, roll back. https://docs.aws.amazon.com/codepipeline/latest/APIReference/Welcome.html"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.codepipeline import engine, store
from rehearsal.services.codepipeline.store import Pipeline
from rehearsal.services.events import invocations

QUEUE_LIMIT = 50


@operation("codepipeline", "StartPipelineExecution")
def start_pipeline_execution(call: Call) -> dict[str, Any]:
    pipeline = store.find(call, call.params.get("name", ""))
    with pipeline.changed:
        return {"pipelineExecutionId": _start(call, pipeline)}


def _start(call: Call, pipeline: Pipeline) -> str:
    token = call.params.get("clientRequestToken") or ""
    known = next((e for e in pipeline.executions.values() if token and e.token == token), None)
    if known is not None:
        return known.id
    values = _variables(pipeline, call.params.get("variables") or [])
    overrides = call.params.get("sourceRevisions") or []
    _check_overrides(pipeline, overrides)
    waiting = sum(e.active for e in pipeline.executions.values())
    if pipeline.declaration["executionMode"] != "SUPERSEDED" and waiting >= QUEUE_LIMIT:
        raise AwsError(
            "ConcurrentPipelineExecutionsLimitExceededException",
            f"The pipeline has reached the limit of {QUEUE_LIMIT} concurrent executions",
        )
    rule = invocations.rule_of(call.principal)
    trigger = {"triggerType": "StartPipelineExecution", "triggerDetail": call.principal.arn}
    if rule is not None:
        trigger = {"triggerType": "CloudWatchEvent", "triggerDetail": rule}
    return engine.begin(pipeline, trigger, values, overrides, token).id


def _variables(pipeline: Pipeline, given: list[dict[str, str]]) -> dict[str, str]:
    declared = {v["name"]: v for v in pipeline.declaration.get("variables") or []}
    values = {v["name"]: v["value"] for v in given}
    unknown = sorted(set(values) - set(declared))
    if unknown:
        raise _invalid(f"Pipeline '{pipeline.name}' does not have a variable named '{unknown[0]}'")
    missing = sorted(n for n, v in declared.items() if "defaultValue" not in v and n not in values)
    if missing:
        raise _invalid(f"Value for pipeline variable '{missing[0]}' is required, as it has no default value")
    return values


def _check_overrides(pipeline: Pipeline, overrides: list[dict[str, str]]) -> None:
    actions = {a["name"]: a for a in pipeline.declaration["stages"][0]["actions"]}
    for override in overrides:
        action = actions.get(override["actionName"])
        if action is None:
            raise _invalid(f"Pipeline '{pipeline.name}' does not have a source action '{override['actionName']}'")
        if override["revisionType"] not in ("S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY"):
            raise _invalid(f"revisionType {override['revisionType']} does not apply to an S3 source")
        allowed = action["configuration"].get("AllowOverrideForS3ObjectKey", "false").lower() == "true"
        if override["revisionType"] == "S3_OBJECT_KEY" and not allowed:
            raise _invalid(f"Action '{action['name']}' does not allow its S3 object key to be overridden")


def _invalid(text: str) -> AwsError:
    return AwsError("ValidationException", text)


@operation("codepipeline", "StopPipelineExecution")
def stop_pipeline_execution(call: Call) -> dict[str, Any]:
    pipeline = store.find(call, call.params.get("pipelineName", ""))
    execution = store.execution_of(pipeline, call.params.get("pipelineExecutionId", ""))
    abandon = bool(call.params.get("abandon"))
    with pipeline.changed:
        if not execution.active:
            raise AwsError(
                "PipelineExecutionNotStoppableException",
                f"The pipeline execution {execution.id} is in a {execution.status} state and cannot be stopped",
            )
        # A second request is only taken where it abandons what the first one waits for.
        if execution.stop == "abandon" or (execution.stop and not abandon):
            raise AwsError(
                "DuplicatedStopRequestException",
                f"The pipeline execution {execution.id} is already in a Stopping state",
            )
        engine.stop(pipeline, execution, abandon, call.params.get("reason", ""))
    return {"pipelineExecutionId": execution.id}


@operation("codepipeline", "RetryStageExecution")
def retry_stage_execution(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-retry.html"""
    pipeline = store.find(call, call.params.get("pipelineName", ""))
    name = call.params.get("stageName", "")
    store.stage_of(pipeline.declaration, name)
    execution = pipeline.executions.get(call.params.get("pipelineExecutionId", ""))
    with pipeline.changed:
        if execution is None or pipeline.state(name).latest is not execution:
            raise AwsError(
                "NotLatestPipelineExecutionException",
                f"The pipeline execution is not the latest one in stage {name}",
            )
        run = execution.stages[name]
        retried = run.status in ("Failed", "Stopped") and not execution.active
        if not retried or execution.declaration["version"] != pipeline.version:
            raise AwsError(
                "StageNotRetryableException",
                "Unable to retry. The pipeline structure or stage state might have changed while actions awaited "
                "retry, or the stage contains no failed actions.",
            )
        run.overridden.clear()
        engine.retry(pipeline, execution, name, call.params.get("retryMode", "FAILED_ACTIONS"))
    return {"pipelineExecutionId": execution.id}


@operation("codepipeline", "RollbackStage")
def rollback_stage(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html"""
    pipeline = store.find(call, call.params.get("pipelineName", ""))
    name = call.params.get("stageName", "")
    store.stage_of(pipeline.declaration, name)
    target = store.execution_of(pipeline, call.params.get("targetPipelineExecutionId", ""))
    with pipeline.changed:
        first = pipeline.declaration["stages"][0]["name"]
        if name == first or pipeline.state(name).current or not engine.may_be_target(pipeline, name, target):
            raise AwsError(
                "UnableToRollbackStageException",
                "Unable to roll back the stage. The cause might be if the pipeline version has changed since the "
                "target pipeline execution was deployed, the stage is currently running, or an incorrect target "
                "pipeline execution ID was provided.",
            )
        trigger = {"triggerType": "ManualRollback", "triggerDetail": call.principal.arn}
        return {"pipelineExecutionId": engine.roll_back(pipeline, name, target, trigger).id}


@operation("codepipeline", "OverrideStageCondition")
def override_stage_condition(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-conditions-override.html"""
    pipeline = store.find(call, call.params.get("pipelineName", ""))
    name = call.params.get("stageName", "")
    store.stage_of(pipeline.declaration, name)
    execution = store.execution_of(pipeline, call.params.get("pipelineExecutionId", ""))
    where = {"BEFORE_ENTRY": "beforeEntry", "ON_SUCCESS": "onSuccess"}.get(call.params.get("conditionType", ""), "")
    with pipeline.changed:
        run = execution.stages.get(name)
        if run is None or execution.active or run.status != "Failed" or run.failed_in != where:
            raise AwsError(
                "ConditionNotOverridableException", f"The condition {call.params.get('conditionType')} has not failed"
            )
        for condition in run.conditions[where]:
            condition.status = "Overridden" if condition.status == "Failed" else condition.status
        if where == "onSuccess":
            engine.go_on_after(pipeline, execution, name)
        else:
            run.overridden.add(where)
            engine.retry(pipeline, execution, name, "ALL_ACTIONS")
    return {}
