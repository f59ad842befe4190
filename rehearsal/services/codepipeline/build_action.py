"""The CodeBuild action: starts a build with the stage's artifacts and waits for it.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html
"""

from __future__ import annotations

import json
from typing import Any

from rehearsal.services.codebuild import initiators
from rehearsal.services.codebuild import store as builds
from rehearsal.services.codepipeline.store import Artifact
from rehearsal.services.codepipeline.work import Access, ActionFailed

LOOK_SECONDS = 0.5


def run(access: Access) -> None:
    run = access.run
    project = run.configuration["ProjectName"]
    outputs = [access.new_artifact(a["name"]) for a in run.declared.get("outputArtifacts") or []]
    codebuild = access.client("codebuild")
    revision = str(_primary(access).revision.get("revisionId", ""))
    initiators.announce(run.id, f"codepipeline/{access.pipeline.name}", revision)
    build = codebuild.start_build(projectName=project, idempotencyToken=run.id, **_asked(access, outputs))["build"]
    run.external_id = build["id"]
    run.external_url = (
        f"https://console.aws.amazon.com/codebuild/home?region={run.region}#/builds/{build['id']}/view/new"
    )
    run.summary = "Build in progress"
    running = builds.build(build["id"])
    while running is not None and not running.done.wait(LOOK_SECONDS):
        access.give_up_if_abandoned()
    found = codebuild.batch_get_builds(ids=[build["id"]])["builds"]
    if not found:
        raise ActionFailed("JobFailed", f"Build {build['id']} is gone")
    _conclude(access, found[0], outputs)


def _conclude(access: Access, build: dict[str, Any], outputs: list[Artifact]) -> None:
    run, status = access.run, build["buildStatus"]
    if status != "SUCCEEDED":
        run.summary = f"Build {status}"
        raise ActionFailed("JobFailed", f"Build terminated with state: {status}{_cause(build)}")
    run.summary = "Build succeeded"
    run.outputs = outputs
    run.variables = {v["name"]: v["value"] for v in build.get("exportedEnvironmentVariables", [])}


def _cause(build: dict[str, Any]) -> str:
    for phase in build["phases"]:
        contexts = [c for c in phase.get("contexts", []) if c.get("message")]
        if phase.get("phaseStatus") not in (None, "SUCCEEDED") and contexts:
            where = f"Phase: {phase['phaseType']}, Code: {contexts[0]['statusCode']}"
            return f". {where}, Message: {contexts[0]['message']}"
    return ""


def _primary(access: Access) -> Artifact:
    inputs, wanted = access.run.inputs, access.run.configuration.get("PrimarySource")
    return next((a for a in inputs if a.name == wanted), inputs[0])


def _asked(access: Access, outputs: list[Artifact]) -> dict[str, Any]:
    """The artifacts as overrides of the project's: CodePipeline hands them over in a way of its own on AWS."""
    configuration, inputs = access.run.configuration, access.run.inputs
    primary = _primary(access)
    asked: dict[str, Any] = {
        "sourceTypeOverride": "CODEPIPELINE",
        "sourceLocationOverride": f"{primary.bucket}/{primary.key}",
        "sourceVersion": f"arn:aws:s3:::{primary.bucket}/{primary.key}",
        "secondarySourcesOverride": [
            {"type": "CODEPIPELINE", "location": f"{a.bucket}/{a.key}", "sourceIdentifier": a.name}
            for a in inputs
            if a is not primary
        ],
    }
    if len(outputs) == 1:
        asked["artifactsOverride"] = _target(outputs[0])
    elif outputs:
        asked["artifactsOverride"] = {"type": "NO_ARTIFACTS"}
        asked["secondaryArtifactsOverride"] = [{**_target(a), "artifactIdentifier": a.name} for a in outputs]
    if access.store.get("encryptionKey"):
        asked["encryptionKeyOverride"] = access.store["encryptionKey"]["id"]
    if configuration.get("BuildspecOverride"):
        asked["buildspecOverride"] = configuration["BuildspecOverride"]
    if configuration.get("EnvironmentVariables"):
        asked["environmentVariablesOverride"] = _variables(configuration["EnvironmentVariables"])
    return asked


def _target(artifact: Artifact) -> dict[str, Any]:
    path, _, name = artifact.key.rpartition("/")
    return {"type": "CODEPIPELINE", "location": artifact.bucket, "path": path, "name": name, "packaging": "ZIP"}


def _variables(text: str) -> list[dict[str, str]]:
    """@raises ActionFailed where the text, with its variables put in, is not what the action takes."""
    try:
        found = json.loads(text)
        return [{"name": v["name"], "value": v["value"], "type": v.get("type", "PLAINTEXT")} for v in found]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ActionFailed(
            "ConfigurationError", f"EnvironmentVariables is not a JSON list of variables: {error}"
        ) from error
