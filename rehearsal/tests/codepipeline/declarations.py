"""Small pipelines for the tests."""

from __future__ import annotations

import json
from typing import Any

ROLE = "arn:aws:iam::123456789012:role/pipeline"


def action(
    name: str, category: str, provider: str, order: int = 1, inputs: str = "", outputs: str = "", **more: Any
) -> dict[str, Any]:
    """`inputs` and `outputs` are artifact names with spaces between; `configuration` and the rest are as in the API."""
    return {
        "name": name,
        "actionTypeId": {"category": category, "owner": "AWS", "provider": provider, "version": "1"},
        "runOrder": order,
        "inputArtifacts": [{"name": one} for one in inputs.split()],
        "outputArtifacts": [{"name": one} for one in outputs.split()],
        **more,
    }


def source(**more: Any) -> dict[str, Any]:
    configuration = {"S3Bucket": "source", "S3ObjectKey": "source.zip", "PollForSourceChanges": "false", **more}
    return {
        "name": "Source",
        "actions": [action("Get", "Source", "S3", outputs="Source", namespace="Source", configuration=configuration)],
    }


def build(
    name: str,
    project: str,
    order: int = 1,
    inputs: str = "Source",
    outputs: str = "",
    variables: Any = None,
    **more: Any,
) -> dict[str, Any]:
    configuration = {"ProjectName": project, "PrimarySource": inputs.split()[0]}
    if variables:
        listed = [{"name": key, "value": value} for key, value in variables.items()]
        configuration["EnvironmentVariables"] = json.dumps(listed)
    return action(name, "Build", "CodeBuild", order, inputs, outputs, configuration=configuration, **more)


def approval(name: str = "Approve", order: int = 1, **more: Any) -> dict[str, Any]:
    return action(name, "Approval", "Manual", order, **more)


def stack(name: str, mode: str, order: int = 1, inputs: str = "Source", **configuration: Any) -> dict[str, Any]:
    wanted = {
        "ActionMode": mode,
        "StackName": "stack",
        "RoleArn": "arn:aws:iam::123456789012:role/deploy",
        **configuration,
    }
    return action(name, "Deploy", "CloudFormation", order, inputs, configuration=wanted)


def rule(provider: str = "VariableCheck", **configuration: str) -> dict[str, Any]:
    kind = {"category": "Rule", "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": "rule", "ruleTypeId": kind, "configuration": configuration}


def condition(result: str, *rules: dict[str, Any]) -> dict[str, Any]:
    return {"conditions": [{"result": result, "rules": list(rules)}]}


def pipeline(*stages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": "pipeline",
        "roleArn": ROLE,
        "pipelineType": "V2",
        "executionMode": "SUPERSEDED",
        "artifactStore": {"type": "S3", "location": "artifacts"},
        "stages": [source(), *stages],
        **more,
    }


def stage(name: str, *actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "actions": list(actions), **more}


ASK = stage("Ask", approval())
