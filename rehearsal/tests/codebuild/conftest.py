"""A role for builds, a way to run one to its end, and words for what it was given and what it told."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]

IMAGE = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
ACTIONS = ["logs:*", "s3:GetObject*", "s3:PutObject", "codebuild:*"]


@pytest.fixture
def role(aws: Callable[..., Any]) -> Callable[..., str]:
    def make(name: str, service: str, actions: list[str], resource: Any = "*") -> str:
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        iam = aws("iam")
        arn = iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        )
        allowed = {"Effect": "Allow", "Action": actions, "Resource": resource}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document)
        return str(arn["Role"]["Arn"])

    return make


@pytest.fixture
def project(aws: Callable[..., Any], role: Callable[..., str]) -> Callable[..., str]:
    """Creates a project with an inline buildspec; returns its name."""

    def make(buildspec: str, name: str = "project", actions: list[str] | None = None, **more: Any) -> str:
        arn = role(f"{name}-role", "codebuild.amazonaws.com", actions or ACTIONS)
        wanted = {
            "source": {"type": "NO_SOURCE", "buildspec": buildspec},
            "artifacts": {"type": "NO_ARTIFACTS"},
            "environment": IMAGE,
            "serviceRole": arn,
        }
        aws("codebuild").create_project(name=name, **{**wanted, **more})
        return name

    return make


def finished(codebuild: Any, build_id: str, seconds: float = 30) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        build = codebuild.batch_get_builds(ids=[build_id])["builds"][0]
        if build["buildComplete"]:
            return dict(build)
        time.sleep(0.05)
    raise AssertionError(f"build {build_id} is still in {build['currentPhase']}")


@pytest.fixture
def run(aws: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    def build(name: str, **overrides: Any) -> dict[str, Any]:
        codebuild = aws("codebuild")
        return finished(codebuild, codebuild.start_build(projectName=name, **overrides)["build"]["id"])

    return build


@pytest.fixture
def log(aws: Callable[..., Any]) -> Callable[[dict[str, Any]], str]:
    def read(build: dict[str, Any]) -> str:
        where = build["logs"]
        found = aws("logs").get_log_events(logGroupName=where["groupName"], logStreamName=where["streamName"])
        return "".join(event["message"] for event in found["events"])

    return read


def statuses(build: dict[str, Any]) -> dict[str, str]:
    return {phase["phaseType"]: phase.get("phaseStatus", "") for phase in build["phases"]}


def context(build: dict[str, Any], phase: str) -> dict[str, str]:
    return dict(next(p for p in build["phases"] if p["phaseType"] == phase)["contexts"][0])


def packed(**files: str) -> bytes:
    """A zip; a name's `__` stands for its dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return out.getvalue()
