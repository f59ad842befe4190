"""A pipeline on the rehearsal: roles, buckets, projects, and ways to wait for what happens."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.tests.codebuild.conftest import ACTIONS, IMAGE, packed
from rehearsal.tests.codebuild.conftest import role as role

ALLOWED = [
    "s3:*",
    "codebuild:StartBuild",
    "codebuild:BatchGetBuilds",
    "cloudformation:*",
    "iam:PassRole",
    "cloudwatch:DescribeAlarms",
]


class Run:
    """The pipeline of a test."""

    def __init__(self, aws: Callable[..., Any], role: Callable[..., str]) -> None:
        self.aws, self.role = aws, role
        self.pipelines, self.s3 = aws("codepipeline"), aws("s3")
        role("pipeline", "codepipeline.amazonaws.com", ALLOWED)
        self.build_role = role("builds", "codebuild.amazonaws.com", ACTIONS)
        for bucket in ("source", "artifacts"):
            self.s3.create_bucket(Bucket=bucket)
            self.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})

    def project(self, name: str, *commands: str, more: str = "") -> None:
        lines = "".join(f"      - {command}\n" for command in commands)
        text = f"version: 0.2\nphases:\n  build:\n    commands:\n{lines}{more}"
        self.aws("codebuild").create_project(
            name=name, source={"type": "CODEPIPELINE", "buildspec": text}, artifacts={"type": "CODEPIPELINE"},
            environment=IMAGE, serviceRole=self.build_role,
        )  # fmt: skip

    def push(self, **files: str) -> str:
        metadata = {"codepipeline-artifact-revision-summary": files.get("summary", "")}
        return str(
            self.s3.put_object(Bucket="source", Key="source.zip", Body=packed(**files), Metadata=metadata)["VersionId"]
        )

    def create(self, declaration: dict[str, Any]) -> None:
        self.pipelines.create_pipeline(pipeline=declaration)

    def start(self, **more: Any) -> str:
        return str(self.pipelines.start_pipeline_execution(name="pipeline", **more)["pipelineExecutionId"])

    def executions(self) -> list[dict[str, Any]]:
        return list(self.pipelines.list_pipeline_executions(pipelineName="pipeline")["pipelineExecutionSummaries"])

    def execution(self, execution_id: str) -> dict[str, Any]:
        return next(e for e in self.executions() if e["pipelineExecutionId"] == execution_id)

    def ended(self, execution_id: str = "") -> str:
        """The status in which an execution (or else the newest) has ended."""
        wanted = execution_id or self.executions()[0]["pipelineExecutionId"]
        return str(
            until(
                lambda: (
                    self.execution(wanted)["status"] not in ("InProgress", "Stopping")
                    and self.execution(wanted)["status"]
                )
            )
        )

    def stage(self, name: str) -> dict[str, Any]:
        states = self.pipelines.get_pipeline_state(name="pipeline")["stageStates"]
        return next(state for state in states if state["stageName"] == name)

    def action(self, stage: str, name: str) -> dict[str, Any]:
        found = next(a for a in self.stage(stage)["actionStates"] if a["actionName"] == name)
        return dict(found.get("latestExecution", {}))

    def token(self, stage: str, name: str = "Approve") -> str:
        return str(until(lambda: self.action(stage, name).get("token")))

    def answer(self, stage: str, status: str = "Approved", name: str = "Approve", summary: str = "because") -> None:
        self.pipelines.put_approval_result(
            pipelineName="pipeline", stageName=stage, actionName=name, token=self.token(stage, name),
            result={"status": status, "summary": summary},
        )  # fmt: skip

    def history(self, execution_id: str) -> list[dict[str, Any]]:
        found = self.pipelines.list_action_executions(
            pipelineName="pipeline", filter={"pipelineExecutionId": execution_id}
        )
        return list(reversed(found["actionExecutionDetails"]))


def until(found: Callable[[], Any], seconds: float = 20) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = found()
        if value:
            return value
        time.sleep(0.03)
    raise AssertionError("nothing came of it")


@pytest.fixture
def work(aws: Callable[..., Any], role: Callable[..., str]) -> Run:
    return Run(aws, role)
