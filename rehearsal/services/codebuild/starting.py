"""From a project and StartBuild's overrides to a build that runs."""

from __future__ import annotations

import uuid
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.services.codebuild import initiators, phases, runner, store
from rehearsal.services.codebuild.projects_api import invalid, refuse_cache
from rehearsal.services.codebuild.store import Build, Project

_RUNNABLE = ("CODEPIPELINE", "S3", "NO_SOURCE")


def start(call: Call, project: Project, asked: dict[str, Any]) -> Build:
    """@raises AwsError."""
    with store.lock:
        earlier = _same_token(call, project, asked)
        if earlier is not None:
            return earlier
        _check_limit(call, project)
        build = _build(call, project, asked)
        project.builds += 1
        store.of(call).builds[build.id] = build
    phases.begin(build, "SUBMITTED")
    phases.finish(build, "SUCCEEDED")
    phases.state_changed(build)
    runner.start(build)
    return build


def _same_token(call: Call, project: Project, asked: dict[str, Any]) -> Build | None:
    token = asked.get("idempotencyToken")
    if not token:
        return None
    found = next((b for b in store.of(call).builds.values() if b.token == token and b.project is project), None)
    if found is not None and found.asked != asked:
        raise invalid("Build with the same idempotency token but different parameters already exists")
    return found


def _check_limit(call: Call, project: Project) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html: builds above the limit are
    throttled and not run."""
    limit = project.data.get("concurrentBuildLimit")
    running = [b for b in store.of(call).builds.values() if b.project is project and not b.done.is_set()]
    if limit is not None and len(running) >= limit:
        raise AwsError("AccountLimitExceededException", f"Project-level concurrent build limit cannot exceed {limit}")


def _build(call: Call, project: Project, asked: dict[str, Any]) -> Build:
    data = project.data
    name = f"{data['name']}:{uuid.uuid4()}"
    source = _source(call, data["source"], asked)
    refuse_cache(call, asked.get("cacheOverride") or data["cache"])
    if asked.get("debugSessionEnabled"):
        raise NotImplementedByRehearsal("codebuild", "StartBuild", "debug sessions")
    started = store.now()
    merged = {
        "id": name,
        "arn": f"arn:aws:codebuild:{call.region}:{call.account}:build/{name}",
        "buildNumber": project.builds + 1,
        "startTime": started,
        "currentPhase": "SUBMITTED",
        "buildStatus": "IN_PROGRESS",
        "sourceVersion": asked.get("sourceVersion") or data.get("sourceVersion") or "",
        "projectName": data["name"],
        "phases": [],
        "source": source,
        "secondarySources": asked.get("secondarySourcesOverride") or data["secondarySources"],
        "secondarySourceVersions": asked.get("secondarySourcesVersionOverride") or data["secondarySourceVersions"],
        "artifacts": {"location": ""},
        "secondaryArtifacts": [],
        "cache": asked.get("cacheOverride") or data["cache"],
        "environment": _environment(data["environment"], asked),
        "serviceRole": _role(call, asked.get("serviceRoleOverride") or data["serviceRole"]),
        "logs": _logs(call, data, asked, name.split(":", 1)[1]),
        "timeoutInMinutes": asked.get("timeoutInMinutesOverride") or data["timeoutInMinutes"],
        "queuedTimeoutInMinutes": asked.get("queuedTimeoutInMinutesOverride") or data["queuedTimeoutInMinutes"],
        "buildComplete": False,
        "initiator": initiators.of(asked.get("idempotencyToken", ""), call.principal),
        "encryptionKey": asked.get("encryptionKeyOverride") or data["encryptionKey"],
        "exportedEnvironmentVariables": [],
        "reportArns": [],
    }
    if data.get("vpcConfig"):
        merged["vpcConfig"] = data["vpcConfig"]
    targets = {
        "primary": asked.get("artifactsOverride") or data["artifacts"],
        "secondary": asked.get("secondaryArtifactsOverride") or data["secondaryArtifacts"],
    }
    # A pipeline's build hands over what the pipeline asks for, which may be nothing.
    if targets["primary"]["type"] == "CODEPIPELINE" and not targets["primary"].get("location"):
        targets["primary"] = {"type": "NO_ARTIFACTS"}
    token = asked.get("idempotencyToken", "")
    return Build(merged, project, call.account, call.region, token=token, asked=dict(asked), targets=targets)


def _source(call: Call, source: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    overrides = {
        "type": asked.get("sourceTypeOverride"),
        "location": asked.get("sourceLocationOverride"),
        "buildspec": asked.get("buildspecOverride"),
    }
    merged = {**source, **{k: v for k, v in overrides.items() if v}}
    if merged["type"] not in _RUNNABLE:
        raise NotImplementedByRehearsal("codebuild", "StartBuild", f"source type {merged['type']}")
    if merged["type"] == "CODEPIPELINE" and not merged.get("location"):
        # A project with this source is started by its pipeline. The wording is unchecked.
        raise invalid("Project with source type CODEPIPELINE can only be built by CodePipeline")
    return merged


def _environment(environment: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    changed = {
        "image": asked.get("imageOverride"),
        "type": asked.get("environmentTypeOverride"),
        "computeType": asked.get("computeTypeOverride"),
        "privilegedMode": asked.get("privilegedModeOverride"),
    }
    merged = {**environment, **{k: v for k, v in changed.items() if v is not None}}
    variables = {v["name"]: v for v in environment.get("environmentVariables", [])}
    variables.update({v["name"]: v for v in asked.get("environmentVariablesOverride") or []})
    complete = [{"type": "PLAINTEXT", **v} for v in variables.values()]
    return {"privilegedMode": False, **merged, "environmentVariables": complete}


def _role(call: Call, role: str) -> str:
    return role if role.startswith("arn:") else f"arn:aws:iam::{call.account}:role/{role}"


def _logs(call: Call, data: dict[str, Any], asked: dict[str, Any], uid: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CloudWatchLogsConfig.html"""
    config = asked.get("logsConfigOverride") or data.get("logsConfig") or {}
    cloudwatch = {"status": "ENABLED", **config.get("cloudWatchLogs", {})}
    found: dict[str, Any] = {
        "cloudWatchLogs": cloudwatch,
        "s3Logs": {"status": "DISABLED", "encryptionDisabled": False, **config.get("s3Logs", {})},
    }
    if cloudwatch["status"] == "ENABLED":
        group = cloudwatch.get("groupName") or f"/aws/codebuild/{data['name']}"
        stream = f"{cloudwatch['streamName']}/{uid}" if cloudwatch.get("streamName") else uid
        found["cloudWatchLogs"] = {"status": "ENABLED", "groupName": group, "streamName": stream}
        found.update(
            groupName=group,
            streamName=stream,
            deepLink=f"https://console.aws.amazon.com/cloudwatch/home?region={call.region}#logEvent:group={group};stream={stream}",
            cloudWatchLogsArn=f"arn:aws:logs:{call.region}:{call.account}:log-group:{group}:log-stream:{stream}",
        )
    return found
