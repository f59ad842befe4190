"""What actions are given, what they give, and what a start may say."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from botocore.exceptions import ClientError

from rehearsal.tests.codepipeline.conftest import Run, until
from rehearsal.tests.codepipeline.declarations import ASK, approval, build, pipeline, stage


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


def test_a_role_without_the_permission_fails_the_action(work: Run) -> None:
    work.project("make", "true")
    poor = work.role("poor", "codepipeline.amazonaws.com", ["s3:*"])
    work.push()
    work.create(pipeline(stage("Make", build("Make", "make")), roleArn=poor))
    assert work.ended() == "Failed"
    error = work.action("Make", "Make")["errorDetails"]
    assert error["code"] == "PermissionError"
    assert "codebuild:StartBuild" in error["message"]
