"""A pipeline's declaration held against AWS's rules, in AWS's words where they are known.

https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
"""

from __future__ import annotations

import re
from typing import Any

from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.services.codepipeline import action_types, cloudformation_config, rule_types, variables

NAME = re.compile(r"[A-Za-z0-9.@\-_]{1,100}")
_NAMESPACE = re.compile(r"[A-Za-z0-9@\-_]{1,100}")
_MODES = ("SUPERSEDED", "QUEUED", "PARALLEL")


def validate(pipeline: dict[str, Any]) -> None:
    """@raises AwsError, the first that is found."""
    _check_name(pipeline.get("name", ""), "pipeline.name")
    if not pipeline.get("roleArn"):
        raise _validation("Value at 'pipeline.roleArn' failed to satisfy constraint: Member must not be null")
    stages = pipeline.get("stages") or []
    if len(stages) < 2:
        raise _structure(
            f"Pipeline has only {len(stages)} stage(s). There should be a minimum of 2 stages in a pipeline"
        )
    if bool(pipeline.get("artifactStore")) == bool(pipeline.get("artifactStores")):
        raise _structure("Pipeline should have exactly one of artifactStore and artifactStores")
    for number, stage in enumerate(stages, 1):
        _check_name(stage.get("name", ""), f"pipeline.stages.{number}.member.name")
        for order, action in enumerate(stage.get("actions") or [], 1):
            _check_name(action.get("name", ""), f"pipeline.stages.{number}.member.actions.{order}.member.name")
        _check_stage(stage)
    _check_unique([stage["name"] for stage in stages], "InvalidStageDeclarationException", "Stage")
    _check_sources(stages)
    _check_v2(pipeline)
    _check_wiring(stages)
    _check_variables(pipeline)


def _check_name(name: str, where: str) -> None:
    if not NAME.fullmatch(name):
        raise _validation(
            f"Value '{name}' at '{where}' failed to satisfy constraint: Member must satisfy regular expression "
            r"pattern: [A-Za-z0-9.@\-_]+ and have length between 1 and 100"
        )


def _validation(text: str) -> AwsError:
    return AwsError("ValidationException", f"1 validation error detected: {text}")


def _structure(text: str) -> AwsError:
    return AwsError("InvalidStructureException", text)


def _action(text: str) -> AwsError:
    return AwsError("InvalidActionDeclarationException", text)


def _stage(text: str) -> AwsError:
    return AwsError("InvalidStageDeclarationException", text)


def _check_unique(names: list[str], code: str, what: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise AwsError(code, f"{what} names must be unique. The following occur more than once: {', '.join(twice)}")


def _check_stage(stage: dict[str, Any]) -> None:
    actions = stage.get("actions") or []
    if not actions:
        raise _stage(f"Stage {stage['name']} should have at least one action")
    _check_unique([a["name"] for a in actions], "InvalidActionDeclarationException", f"Stage {stage['name']}: action")
    for action in actions:
        _check_action(action)
    for where, results in rule_types.RESULTS.items():
        for condition in (stage.get(where) or {}).get("conditions") or []:
            _check_condition(stage["name"], where, condition, results)
    failure = stage.get("onFailure") or {}
    if failure.get("result") not in (None, "ROLLBACK", "RETRY"):
        raise _stage(f"Stage {stage['name']}: onFailure result must be ROLLBACK or RETRY")
    if failure.get("retryConfiguration") and failure.get("result") != "RETRY":
        raise _stage(f"Stage {stage['name']}: a retry configuration needs the result RETRY")


def _check_action(action: dict[str, Any]) -> None:
    kind, name = action["actionTypeId"], action["name"]
    known = action_types.find(kind["category"], kind["owner"], kind["provider"], kind["version"])
    if known is None:
        if kind["provider"] in action_types.ELSEWHERE:
            raise NotImplementedByRehearsal("codepipeline", "CreatePipeline", f"action provider {kind['provider']}")
        described = f"{kind['category']} {kind['owner']} {kind['provider']} {kind['version']}"
        raise _action(f"ActionType ({described}) of action {name} is not available")
    configuration = action.get("configuration") or {}
    for key in known.required:
        if key not in configuration:
            raise _action(f"Action configuration for action '{name}' is missing required configuration '{key}'")
    for key, value in configuration.items():
        if key not in (*known.required, *known.optional):
            raise _action(f"Action configuration for action '{name}' contains unknown configuration '{key}'")
        if len(value) > (10_000 if key == "EnvironmentVariables" else 1_000):
            raise _action(f"Action configuration for action '{name}': the value of '{key}' is too long")
    for member, (low, high) in (("inputArtifacts", known.inputs), ("outputArtifacts", known.outputs)):
        count = len(action.get(member) or [])
        if not low <= count <= high:
            raise _action(f"Action '{name}' has {count} {member}; {kind['provider']} takes {low} to {high}")
    if not 1 <= action.get("runOrder", 1) <= 999:
        raise _validation(f"Value at 'runOrder' of action {name} must be between 1 and 999")
    if action.get("timeoutInMinutes") is not None:
        if kind["provider"] != "Manual":
            raise _action(f"Action '{name}': only manual approvals take timeoutInMinutes")
        if not 5 <= action["timeoutInMinutes"] <= 86_400:
            raise _validation(f"Value at 'timeoutInMinutes' of action {name} must be between 5 and 86400")
    if kind["provider"] == "CodeBuild":
        _check_build(action, configuration)
    if kind["provider"] == "CloudFormation":
        cloudformation_config.check(name, configuration)


def _check_build(action: dict[str, Any], configuration: dict[str, str]) -> None:
    inputs = [artifact["name"] for artifact in action.get("inputArtifacts") or []]
    if len(inputs) > 1 and configuration.get("PrimarySource") not in inputs:
        raise _action(f"Action '{action['name']}': PrimarySource must name one of its input artifacts")
    for key in ("BatchEnabled", "CombineArtifacts"):
        if configuration.get(key, "false").lower() == "true":
            raise NotImplementedByRehearsal("codepipeline", "CreatePipeline", f"CodeBuild {key}")


def _check_condition(stage: str, where: str, condition: dict[str, Any], results: tuple[str, ...]) -> None:
    if condition.get("result") not in results:
        raise _stage(f"Stage {stage}: the result of a {where} condition must be {' or '.join(results)}")
    rules = condition.get("rules") or []
    if not 1 <= len(rules) <= 5:
        raise _stage(f"Stage {stage}: a condition has 1 to 5 rules")
    _check_unique([r["name"] for r in rules], "InvalidStageDeclarationException", f"Stage {stage}: rule")
    for rule in rules:
        rule_types.check(stage, condition["result"], rule)


def _check_sources(stages: list[dict[str, Any]]) -> None:
    if any(action["actionTypeId"]["category"] != "Source" for action in stages[0]["actions"]):
        raise _structure("Pipeline should start with a stage that only contains source actions")
    for stage in stages[1:]:
        for action in stage["actions"]:
            if action["actionTypeId"]["category"] == "Source":
                raise _structure(f"Source action {action['name']} may only be in the first stage")
    # https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html: not for the source stage.
    if (stages[0].get("onFailure") or {}).get("result") == "ROLLBACK":
        raise _stage("The source stage cannot be rolled back")


def _check_v2(pipeline: dict[str, Any]) -> None:
    mode = pipeline.get("executionMode", "SUPERSEDED")
    if mode not in _MODES:
        raise _validation(f"Value '{mode}' at 'executionMode' must be one of {', '.join(_MODES)}")
    if pipeline.get("pipelineType", "V1") == "V2":
        return
    stages = pipeline["stages"]
    newer = [
        ("variables", bool(pipeline.get("variables"))),
        ("triggers", bool(pipeline.get("triggers"))),
        (f"executionMode {mode}", mode != "SUPERSEDED"),
        ("stage conditions and onFailure", any(s.get(w) for s in stages for w in rule_types.RESULTS)),
    ]
    for what, used in newer:
        if used:
            raise _structure(f"Pipeline type V1 does not support {what}; use pipeline type V2")


def _check_wiring(stages: list[dict[str, Any]]) -> None:
    """Every input is the output of an action that runs before."""
    made: list[str] = []
    for stage in stages:
        ordered = sorted({action.get("runOrder", 1) for action in stage["actions"]})
        for order in ordered:
            group = [action for action in stage["actions"] if action.get("runOrder", 1) == order]
            for action in group:
                for artifact in action.get("inputArtifacts") or []:
                    if artifact["name"] not in made:
                        raise _action(
                            f"Input Artifact Bundle {artifact['name']} in action {action['name']} is not declared as "
                            "Output Artifact Bundle in any of the preceding actions"
                        )
            for action in group:
                made += [artifact["name"] for artifact in action.get("outputArtifacts") or []]
    twice = sorted({name for name in made if made.count(name) > 1})
    if twice:
        raise _action(f"Output Artifact Bundle name must be unique within the pipeline: {', '.join(twice)}")


def _check_variables(pipeline: dict[str, Any]) -> None:
    declared = [v["name"] for v in pipeline.get("variables") or []]
    _check_unique(declared, "InvalidStructureException", "Variable")
    namespaces: dict[str, tuple[str, str]] = {}
    for stage in pipeline["stages"]:
        for action in stage["actions"]:
            space = action.get("namespace")
            if space is None:
                continue
            where = f"StageName=[{stage['name']}], ActionName=[{action['name']}], Namespace=[{space}]"
            if not _NAMESPACE.fullmatch(space) or space in variables.OWN:
                raise _action(f"Namespace is not valid or reserved. {where}")
            if space in namespaces:
                raise _action(
                    "Namespaces must be unique across the pipeline definition. The following occur more than once in "
                    f"the pipeline. {where}"
                )
            namespaces[space] = (stage["name"], action["name"])
    for stage in pipeline["stages"]:
        for action in stage["actions"]:
            _check_references(stage["name"], action, {*namespaces, *variables.OWN}, declared)


def _check_references(stage: str, action: dict[str, Any], known: set[str], declared: list[str]) -> None:
    def use(key: str, whole: str, namespace: str, name: str) -> None:
        missing = namespace == "variables" and name not in declared
        if namespace not in known or missing:
            raise _action(
                "Valid format for a pipeline execution variable reference is a namespace and a key separated by a "
                "period (.). The following pipeline execution variables are referencing a namespace that does not "
                f"exist. StageName=[{stage}], ActionName=[{action['name']}], ActionConfigurationKey=[{key}], "
                f"VariableReferenceText=[{whole[2:-1]}]"
            )

    variables.each(action.get("configuration") or {}, use)
