"""Executions from source to end. https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html"""

from __future__ import annotations

import io
import json
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.services.codepipeline import engine, store
from rehearsal.tests.codepipeline.conftest import Run, until
from rehearsal.tests.codepipeline.declarations import approval, build, condition, pipeline, rule, stage

ASK = stage("Ask", approval())


def test_a_new_pipeline_runs_at_once_and_fails_without_a_source(work: Run) -> None:
    work.create(pipeline(ASK))
    assert work.ended() == "Failed"
    assert work.executions()[0]["trigger"]["triggerType"] == "CreatePipeline"
    assert "does not exist" in work.action("Source", "Get")["errorDetails"]["message"]


def test_artifacts_and_variables_go_from_action_to_action(work: Run) -> None:
    more = "env: {exported-variables: [ID]}\nartifacts: {files: [made]}\n"
    work.project("make", "export ID=from-$(cat version)-$SAID", "echo $ID > made", more=more)
    work.project("use", 'test "$(cat $CODEBUILD_SRC_DIR_Made/made)" = "$ID" && test -f version')
    version = work.push(version="1", summary="a first one")
    said = {"SAID": "#{Source.ObjectKey}"}
    work.create(
        pipeline(
            stage("Make", build("Make", "make", outputs="Made", namespace="Make", variables=said)),
            stage("Use", build("Use", "use", inputs="Source Made", variables={"ID": "#{Make.ID}"})),
        )
    )
    assert work.ended() == "Succeeded"
    execution = work.executions()[0]
    revision = execution["sourceRevisions"][0]
    assert (revision["revisionId"], revision["revisionSummary"]) == (version, "a first one")
    get, make, use = work.history(execution["pipelineExecutionId"])
    assert get["output"]["outputVariables"]["VersionId"] == version
    assert make["output"]["outputVariables"] == {"ID": "from-1-source.zip"}
    assert json.loads(use["input"]["resolvedConfiguration"]["EnvironmentVariables"])[0]["value"] == "from-1-source.zip"
    assert use["output"]["executionResult"]["externalExecutionId"].startswith("use:")
    made = make["output"]["outputArtifacts"][0]["s3location"]
    body = work.s3.get_object(Bucket=made["bucket"], Key=made["key"])["Body"].read()
    assert zipfile.ZipFile(io.BytesIO(body)).namelist() == ["made"]
    codebuild = work.aws("codebuild")
    built = codebuild.batch_get_builds(ids=[make["output"]["executionResult"]["externalExecutionId"]])["builds"][0]
    assert built["initiator"] == "codepipeline/pipeline"


def test_a_build_knows_the_revision_of_its_source(work: Run) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html"""
    more = "env: {exported-variables: [REVISION]}\nartifacts: {files: [version]}\n"
    work.project("tell", "export REVISION=${CODEBUILD_RESOLVED_SOURCE_VERSION:-none}", more=more)
    version = work.push(version="1")
    first = build("First", "tell", outputs="Made", namespace="First")
    second = build("Second", "tell", inputs="Made", outputs="Again", namespace="Second")
    work.create(pipeline(stage("First", first), stage("Second", second)))
    assert work.ended() == "Succeeded"
    _, *builds = work.history(work.executions()[0]["pipelineExecutionId"])
    assert [b["output"]["outputVariables"]["REVISION"] for b in builds] == [version, "none"]
    ids = [b["output"]["executionResult"]["externalExecutionId"] for b in builds]
    told = {b["id"]: b.get("resolvedSourceVersion") for b in work.aws("codebuild").batch_get_builds(ids=ids)["builds"]}
    assert [told[i] for i in ids] == [version, None]


def test_an_approval_wants_its_token_and_takes_one_answer(work: Run) -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html"""
    work.push()
    work.create(pipeline(stage("Ask", approval(configuration={"CustomData": "look at #{Source.VersionId}"}))))
    token = work.token("Ask")
    asked = work.history(work.executions()[0]["pipelineExecutionId"])[-1]["input"]["resolvedConfiguration"]
    assert asked["CustomData"].startswith("look at ") and "#{" not in asked["CustomData"]

    def answer(with_token: str) -> None:
        work.pipelines.put_approval_result(
            pipelineName="pipeline", stageName="Ask", actionName="Approve", token=with_token,
            result={"status": "Approved", "summary": "fine"},
        )  # fmt: skip

    with pytest.raises(work.pipelines.exceptions.InvalidApprovalTokenException):
        answer("00000000-0000-0000-0000-000000000000")
    answer(token)
    assert work.ended() == "Succeeded"
    assert work.action("Ask", "Approve")["summary"] == "fine"
    with pytest.raises(work.pipelines.exceptions.ApprovalAlreadyCompletedException):
        answer(token)


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


def test_on_failure_retry_runs_the_stage_once_more(work: Run) -> None:
    work.project("flaky", "false")
    work.push()
    retry = {"result": "RETRY", "retryConfiguration": {"retryMode": "FAILED_ACTIONS"}}
    work.create(pipeline(stage("Build", build("Flaky", "flaky"), onFailure=retry)))
    assert work.ended() == "Failed"
    assert sum(a["actionName"] == "Flaky" for a in work.history(work.executions()[0]["pipelineExecutionId"])) == 2
    assert work.stage("Build")["retryStageMetadata"]["autoStageRetryAttempt"] == 1


def test_an_entry_condition_skips_its_stage_or_fails_it(work: Run) -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-conditions.html"""
    work.push()
    never = rule(Variable="#{Source.ObjectKey}", Value="other", Operator="EQ")
    always = rule(Variable="#{Source.ObjectKey}", Value="source", Operator="CONTAINS")
    work.create(
        pipeline(
            stage("Skipped", approval(), beforeEntry=condition("SKIP", never)),
            stage("Entered", approval(), beforeEntry=condition("FAIL", always)),
            stage("Refused", approval(), beforeEntry=condition("FAIL", never)),
        )
    )
    work.answer("Entered")
    assert work.ended() == "Failed"
    assert work.stage("Skipped")["latestExecution"]["status"] == "Skipped"
    assert work.stage("Refused")["latestExecution"]["status"] == "Failed"
    assert work.stage("Refused")["beforeEntryConditionState"]["latestExecution"]["status"] == "Failed"
    rules = work.pipelines.list_rule_executions(pipelineName="pipeline")["ruleExecutionDetails"]
    assert [(r["stageName"], r["status"]) for r in rules] == [
        ("Refused", "Failed"),
        ("Entered", "Succeeded"),
        ("Skipped", "Failed"),
    ]
    execution_id = work.executions()[0]["pipelineExecutionId"]
    override = {"pipelineName": "pipeline", "stageName": "Refused", "pipelineExecutionId": execution_id}
    work.pipelines.override_stage_condition(**override, conditionType="BEFORE_ENTRY")
    work.answer("Refused")
    assert work.ended(execution_id) == "Succeeded"


def test_an_alarm_on_success_fails_the_stage(work: Run) -> None:
    work.push()
    cloudwatch = work.aws("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="bad", MetricName="m", Namespace="n", Statistic="Sum", Period=3600, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", TreatMissingData="ignore",
    )  # fmt: skip
    cloudwatch.set_alarm_state(AlarmName="bad", StateValue="ALARM", StateReason="test")
    work.create(
        pipeline(stage("Watched", approval(), onSuccess=condition("FAIL", rule("CloudWatchAlarm", AlarmName="bad"))))
    )
    work.answer("Watched")
    assert work.ended() == "Failed"
    assert "is in state ALARM" in work.stage("Watched")["onSuccessConditionState"]["latestExecution"]["summary"]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (rule(Variable="x", Value="#{variables.BAD}", Operator="MATCHES"), "Unclosed group"),
        (rule("CloudWatchAlarm", AlarmName="bad", WaitTime="#{variables.BAD}"), "invalid literal"),
    ],
)
def test_a_rule_that_a_variable_breaks_fails_its_stage(work: Run, broken: dict[str, Any], words: str) -> None:
    work.push()
    bad = [{"name": "BAD", "defaultValue": "("}]
    work.create(pipeline(stage("Checked", approval(), beforeEntry=condition("FAIL", broken)), variables=bad))
    assert work.ended() == "Failed"
    assert words in work.stage("Checked")["beforeEntryConditionState"]["latestExecution"]["summary"]


def test_an_execution_that_breaks_the_rehearsal_fails_and_lets_the_next_one_in(
    work: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> str:
        raise RuntimeError("a defect")

    work.push()
    with monkeypatch.context() as patch:
        patch.setattr("rehearsal.services.codepipeline.conditions.check", broken)
        work.create(pipeline(ASK))
        assert work.ended() == "Failed"
    assert "a defect" in capfd.readouterr().err
    assert work.stage("Source")["latestExecution"]["status"] == "Failed"
    second = work.start()
    work.answer("Ask")
    assert work.ended(second) == "Succeeded"


def test_a_newer_execution_supersedes_one_that_waits(work: Run) -> None:
    work.push()
    work.create(pipeline(ASK))
    work.token("Ask")
    second = work.start()
    until(lambda: work.stage("Ask").get("inboundExecution", {}).get("pipelineExecutionId") == second)
    third = work.start()
    assert work.ended(second) == "Superseded"
    work.answer("Ask")
    until(lambda: work.stage("Ask")["latestExecution"]["pipelineExecutionId"] == third)
    work.answer("Ask")
    assert work.ended(third) == "Succeeded"


def test_queued_executions_go_in_order(work: Run) -> None:
    work.push()
    work.create(pipeline(ASK, executionMode="QUEUED"))
    work.token("Ask")
    waiting = [work.start(), work.start()]
    until(lambda: len(work.stage("Ask").get("inboundExecutions", [])) == 2)
    for execution_id in waiting:
        work.answer("Ask")
        until(lambda wanted=execution_id: work.stage("Ask")["latestExecution"]["pipelineExecutionId"] == wanted)
    work.answer("Ask")
    assert work.ended(waiting[1]) == "Succeeded"


def test_a_disabled_transition_holds_executions_until_it_is_enabled(work: Run) -> None:
    work.push()
    work.create(pipeline(ASK))
    work.answer("Ask")
    work.ended()
    transition = {"pipelineName": "pipeline", "stageName": "Ask", "transitionType": "Inbound"}
    work.pipelines.disable_stage_transition(**transition, reason="holiday")
    held = work.start()
    until(lambda: "inboundExecution" in work.stage("Ask"))
    assert work.stage("Ask")["inboundTransitionState"]["disabledReason"] == "holiday"
    time.sleep(0.2)
    assert work.stage("Ask")["inboundExecution"]["pipelineExecutionId"] == held
    work.pipelines.enable_stage_transition(**transition)
    work.answer("Ask")
    assert work.ended(held) == "Succeeded"


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


@pytest.mark.parametrize("mode", ["QUEUED", "SUPERSEDED"])
def test_executions_enter_the_first_stage_in_the_order_of_their_starts(
    work: Run, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """Although the machine may run their threads in another one."""
    work.push()
    work.create(pipeline(ASK, executionMode=mode))
    work.answer("Ask")
    work.ended()
    go, held = engine._go, []
    monkeypatch.setattr(engine, "_go", lambda *given: held.append(given))
    started = [work.start(), work.start()]
    for given in reversed(held):
        go(*given)
        time.sleep(0.1)
    for execution_id in started:
        until(lambda wanted=execution_id: work.stage("Ask")["latestExecution"]["pipelineExecutionId"] == wanted)
        work.answer("Ask")
    assert [work.ended(execution_id) for execution_id in started] == ["Succeeded", "Succeeded"]


def test_an_execution_stops_after_its_actions_or_at_once(work: Run) -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-stop.html"""
    work.push()
    work.create(pipeline(ASK, stage("Last", approval("Never"))))
    work.token("Ask")
    execution_id = work.executions()[0]["pipelineExecutionId"]
    stop = {"pipelineName": "pipeline", "pipelineExecutionId": execution_id}
    work.pipelines.stop_pipeline_execution(**stop, reason="enough")
    assert work.execution(execution_id)["status"] == "Stopping"
    with pytest.raises(work.pipelines.exceptions.DuplicatedStopRequestException):
        work.pipelines.stop_pipeline_execution(**stop)
    work.answer("Ask")
    assert work.ended(execution_id) == "Stopped"
    assert work.action("Last", "Never") == {}
    with pytest.raises(work.pipelines.exceptions.PipelineExecutionNotStoppableException):
        work.pipelines.stop_pipeline_execution(**stop)
    second = work.start()
    work.token("Ask")
    work.pipelines.stop_pipeline_execution(pipelineName="pipeline", pipelineExecutionId=second, abandon=True)
    assert work.ended(second) == "Stopped"
    assert work.action("Ask", "Approve")["status"] == "Abandoned"


def test_an_execution_that_ends_before_its_stop_is_taken_stays_ended(work: Run) -> None:
    work.push()
    work.create(pipeline(ASK))
    work.token("Ask")
    ends = next(p for place in store._pipelines.values() for p in place.values())
    execution = next(iter(ends.executions.values()))
    stop = {"pipelineName": "pipeline", "pipelineExecutionId": execution.id}
    with ThreadPoolExecutor() as pool, ends.changed:
        asked = pool.submit(work.pipelines.stop_pipeline_execution, **stop)
        time.sleep(0.3)
        engine._end(ends, execution, "Succeeded")
        ends.changed.release()
        try:
            with pytest.raises(work.pipelines.exceptions.PipelineExecutionNotStoppableException):
                asked.result()
        finally:
            ends.changed.acquire()
    assert work.execution(execution.id)["status"] == "Succeeded"


def test_start_takes_variables_revisions_and_one_token(work: Run) -> None:
    first = work.push(version="1")
    work.push(version="2")
    variables = [{"name": "COLOUR", "defaultValue": "red"}]
    ask = stage("Ask", approval(configuration={"CustomData": "#{variables.COLOUR} #{Source.VersionId}"}))
    work.create(pipeline(ask, executionMode="PARALLEL", variables=variables))
    revision = {"actionName": "Get", "revisionType": "S3_OBJECT_VERSION_ID", "revisionValue": first}
    asked = {
        "variables": [{"name": "COLOUR", "value": "blue"}],
        "sourceRevisions": [revision],
        "clientRequestToken": "t",
    }
    started = work.start(**asked)
    assert work.start(**asked) == started
    ask = until(lambda: [a for a in work.history(started) if a["actionName"] == "Approve"])[0]
    until(lambda: work.history(started)[-1]["input"].get("resolvedConfiguration"))
    assert work.history(started)[-1]["input"]["resolvedConfiguration"]["CustomData"] == f"blue {first}"
    assert ask["status"] == "InProgress"
    detail = work.pipelines.get_pipeline_execution(pipelineName="pipeline", pipelineExecutionId=started)[
        "pipelineExecution"
    ]
    assert detail["variables"] == [{"name": "COLOUR", "resolvedValue": "blue"}]
    with pytest.raises(ClientError, match="does not have a variable named 'SIZE'"):
        work.start(variables=[{"name": "SIZE", "value": "1"}])


def test_a_role_without_the_permission_fails_the_action(work: Run) -> None:
    work.project("make", "true")
    poor = work.role("poor", "codepipeline.amazonaws.com", ["s3:*"])
    work.push()
    work.create(pipeline(stage("Make", build("Make", "make")), roleArn=poor))
    assert work.ended() == "Failed"
    error = work.action("Make", "Make")["errorDetails"]
    assert error["code"] == "PermissionError"
    assert "codebuild:StartBuild" in error["message"]


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
