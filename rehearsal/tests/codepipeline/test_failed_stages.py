"""What becomes of a stage that failed: a retry, or the way back to its last success."""

from __future__ import annotations

import json

import pytest

from rehearsal.tests.codepipeline.conftest import Run, until
from rehearsal.tests.codepipeline.declarations import ASK, approval, build, pipeline, stage


def test_a_rejected_approval_fails_its_stage_and_all_actions_can_be_retried(work: Run) -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-retry.html"""
    work.project("before", "true")
    work.push()
    work.create(pipeline(stage("Ask", build("Before", "before"), approval(order=2))))
    work.answer("Ask", "Rejected", summary="not today")
    assert work.ended() == "Failed"
    execution_id = work.executions()[0]["pipelineExecutionId"]
    assert work.action("Ask", "Approve")["errorDetails"]["message"] == "not today"
    retry = {"pipelineName": "pipeline", "stageName": "Ask", "pipelineExecutionId": execution_id}
    work.pipelines.retry_stage_execution(**retry, retryMode="FAILED_ACTIONS")
    work.answer("Ask", "Rejected")
    assert work.ended(execution_id) == "Failed"
    assert sum(a["actionName"] == "Before" for a in work.history(execution_id)) == 1
    work.pipelines.retry_stage_execution(**retry, retryMode="ALL_ACTIONS")
    work.answer("Ask")
    assert work.ended(execution_id) == "Succeeded"
    assert sum(a["actionName"] == "Before" for a in work.history(execution_id)) == 2
    with pytest.raises(work.pipelines.exceptions.StageNotRetryableException):
        work.pipelines.retry_stage_execution(**retry, retryMode="ALL_ACTIONS")


def test_on_failure_retry_runs_the_stage_once_more(work: Run) -> None:
    work.project("flaky", "false")
    work.push()
    retry = {"result": "RETRY", "retryConfiguration": {"retryMode": "FAILED_ACTIONS"}}
    work.create(pipeline(stage("Build", build("Flaky", "flaky"), onFailure=retry)))
    assert work.ended() == "Failed"
    assert sum(a["actionName"] == "Flaky" for a in work.history(work.executions()[0]["pipelineExecutionId"])) == 2
    assert work.stage("Build")["retryStageMetadata"]["autoStageRetryAttempt"] == 1


def test_a_retry_needs_no_open_door_and_takes_nothing_from_one_that_waits_there(work: Run) -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-retry.html: the failed stage itself goes on."""
    work.push()
    work.create(pipeline(ASK))
    work.answer("Ask", "Rejected")
    assert work.ended() == "Failed"
    failed = work.executions()[0]["pipelineExecutionId"]
    transition = {"pipelineName": "pipeline", "stageName": "Ask", "transitionType": "Inbound"}
    work.pipelines.disable_stage_transition(**transition, reason="holiday")
    newer = work.start()
    until(lambda: work.stage("Ask").get("inboundExecution", {}).get("pipelineExecutionId") == newer)
    work.pipelines.retry_stage_execution(
        pipelineName="pipeline", stageName="Ask", pipelineExecutionId=failed, retryMode="ALL_ACTIONS"
    )
    work.answer("Ask")
    assert work.ended(failed) == "Succeeded"
    assert work.stage("Ask")["inboundExecution"]["pipelineExecutionId"] == newer
    work.pipelines.enable_stage_transition(**transition)
    work.answer("Ask")
    assert work.ended(newer) == "Succeeded"


def test_an_updated_pipeline_cannot_be_retried_and_keeps_its_history(work: Run) -> None:
    work.push()
    work.create(pipeline(ASK))
    work.answer("Ask", "Rejected")
    assert work.ended() == "Failed"
    execution_id = work.executions()[0]["pipelineExecutionId"]
    updated = work.pipelines.update_pipeline(pipeline=pipeline(ASK, stage("More", approval())))["pipeline"]
    assert updated["version"] == 2
    with pytest.raises(work.pipelines.exceptions.StageNotRetryableException):
        work.pipelines.retry_stage_execution(
            pipelineName="pipeline", stageName="Ask", pipelineExecutionId=execution_id, retryMode="ALL_ACTIONS"
        )
    assert work.pipelines.get_pipeline(name="pipeline", version=1)["pipeline"]["version"] == 1
    arn = work.pipelines.get_pipeline(name="pipeline")["metadata"]["pipelineArn"]
    work.pipelines.tag_resource(resourceArn=arn, tags=[{"key": "Owner", "value": "us"}])
    assert work.pipelines.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "Owner", "value": "us"}]
    work.pipelines.delete_pipeline(name="pipeline")
    with pytest.raises(work.pipelines.exceptions.PipelineNotFoundException):
        work.pipelines.get_pipeline(name="pipeline")


def test_a_failed_stage_rolls_back_to_its_last_success(work: Run) -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html"""
    work.project("smoke", "test ! -e broken", "cat version >&2")
    work.create(pipeline(stage("Deploy", build("Smoke", "smoke"), onFailure={"result": "ROLLBACK"})))
    work.ended()
    work.push(broken="yes", version="0")
    assert work.ended(work.start()) == "Failed"
    assert [e["executionType"] for e in work.executions()] == ["STANDARD", "STANDARD"], "nothing had succeeded before"
    good = work.push(version="1")
    first = work.start()
    assert work.ended(first) == "Succeeded"
    work.push(broken="yes", version="2")
    failed = work.start()
    assert work.ended(failed) == "Failed"
    back = until(lambda: [e for e in work.executions() if e["executionType"] == "ROLLBACK"])[0]
    assert work.ended(back["pipelineExecutionId"]) == "Succeeded"
    assert back["rollbackMetadata"]["rollbackTargetPipelineExecutionId"] == first
    assert json.loads(back["trigger"]["triggerDetail"]) == {"FailedPipelineExecutionId": failed}
    assert back["sourceRevisions"][0]["revisionId"] == good
    assert [a["stageName"] for a in work.history(back["pipelineExecutionId"])] == ["Deploy"]
    with pytest.raises(work.pipelines.exceptions.UnableToRollbackStageException):
        work.pipelines.rollback_stage(
            pipelineName="pipeline", stageName="Deploy", targetPipelineExecutionId=back["pipelineExecutionId"]
        )
    by_hand = work.pipelines.rollback_stage(
        pipelineName="pipeline", stageName="Deploy", targetPipelineExecutionId=first
    )
    assert work.ended(by_hand["pipelineExecutionId"]) == "Succeeded"


def test_a_roll_back_goes_before_a_newer_execution_that_waits_and_takes_nothing_from_it(work: Run) -> None:
    work.project("smoke", "test ! -e broken")
    deploy = stage("Deploy", build("Smoke", "smoke"), approval(order=2), onFailure={"result": "ROLLBACK"})
    work.push(version="1")
    work.create(pipeline(deploy))
    work.answer("Deploy")
    assert work.ended() == "Succeeded"
    work.push(version="2")
    refused = work.start()
    work.token("Deploy")
    work.push(version="3")
    newer = work.start()
    until(lambda: work.stage("Deploy").get("inboundExecution", {}).get("pipelineExecutionId") == newer)
    work.answer("Deploy", "Rejected")
    assert work.ended(refused) == "Failed"
    back = until(lambda: [e for e in work.executions() if e["executionType"] == "ROLLBACK"])[0]["pipelineExecutionId"]
    until(lambda: work.stage("Deploy")["latestExecution"]["pipelineExecutionId"] == back)
    work.answer("Deploy")
    assert work.ended(back) == "Succeeded"
    work.answer("Deploy")
    assert work.ended(newer) == "Succeeded"
