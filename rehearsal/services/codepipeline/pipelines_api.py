"""Pipelines themselves. https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_CreatePipeline.html"""

from __future__ import annotations

import copy
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.kernel import clients
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.kernel.paging import page
from rehearsal.services.codepipeline import action_types, definition, engine, rule_types, store
from rehearsal.services.codepipeline.store import Pipeline, now
from rehearsal.services.codepipeline.work import SERVICE


@operation("codepipeline", "CreatePipeline")
def create_pipeline(call: Call) -> dict[str, Any]:
    """A pipeline runs once when it is made, on AWS too: without a source yet, that run fails in its first stage."""
    declaration = _declaration(call.params["pipeline"], 1)
    tags = call.params.get("tags") or []
    definition.validate(declaration)
    _check_role(declaration["roleArn"])
    with store.lock:
        if declaration["name"] in store.of(call):
            raise AwsError(
                "PipelineNameInUseException", f"A pipeline with the name '{declaration['name']}' already exists"
            )
        pipeline = Pipeline(declaration, call.account, call.region, tags={t["key"]: t["value"] for t in tags})
        store.of(call)[pipeline.name] = pipeline
    engine.begin(pipeline, {"triggerType": "CreatePipeline", "triggerDetail": call.principal.arn})
    return {"pipeline": copy.deepcopy(declaration), "tags": tags}


@operation("codepipeline", "UpdatePipeline")
def update_pipeline(call: Call) -> dict[str, Any]:
    """Running executions keep the structure that they began with; the next one has the new."""
    pipeline = store.find(call, call.params["pipeline"].get("name", ""))
    declaration = _declaration(call.params["pipeline"], pipeline.version + 1)
    definition.validate(declaration)
    _check_role(declaration["roleArn"])
    with pipeline.changed:
        pipeline.declaration, pipeline.updated = declaration, now()
        pipeline.changed.notify_all()
    return {"pipeline": copy.deepcopy(declaration)}


def _declaration(wanted: dict[str, Any], version: int) -> dict[str, Any]:
    declaration = copy.deepcopy(wanted)
    declaration.setdefault("pipelineType", "V1")
    declaration.setdefault("executionMode", "SUPERSEDED")
    for stage in declaration.get("stages") or []:
        for action in stage.get("actions") or []:
            action.setdefault("runOrder", 1)
            for member in ("inputArtifacts", "outputArtifacts"):
                action[member] = action.get(member) or []
            action["configuration"] = action.get("configuration") or {}
    declaration["version"] = version
    return declaration


def _check_role(role: str) -> None:
    try:
        clients.role_credentials(role, "codepipeline", SERVICE)
    except ClientError as error:
        raise AwsError(
            "InvalidStructureException", f"CodePipeline is not authorized to perform AssumeRole on role {role}"
        ) from error


@operation("codepipeline", "GetPipeline")
def get_pipeline(call: Call) -> dict[str, Any]:
    pipeline = store.find(call, call.params.get("name", ""))
    wanted = call.params.get("version")
    with pipeline.changed:
        versions = {e.declaration["version"]: e.declaration for e in pipeline.executions.values()}
    versions[pipeline.version] = pipeline.declaration
    if wanted is not None and wanted not in versions:
        raise AwsError("PipelineVersionNotFoundException", f"Pipeline '{pipeline.name}' has no version {wanted}")
    metadata = {"pipelineArn": pipeline.arn, "created": pipeline.created, "updated": pipeline.updated}
    return {"pipeline": copy.deepcopy(versions[wanted or pipeline.version]), "metadata": metadata}


@operation("codepipeline", "ListPipelines")
def list_pipelines(call: Call) -> dict[str, Any]:
    found = [
        {
            "name": p.name,
            "version": p.version,
            "pipelineType": p.declaration["pipelineType"],
            "executionMode": p.declaration["executionMode"],
            "created": p.created,
            "updated": p.updated,
        }
        for p in sorted(store.of(call).values(), key=lambda p: p.name)
    ]
    return page(call, "pipelines", found, 1000)


@operation("codepipeline", "DeletePipeline")
def delete_pipeline(call: Call) -> dict[str, Any]:
    """A pipeline that is not there is no error. Actions that run are given up; their builds go on."""
    with store.lock:
        pipeline = store.of(call).pop(call.params.get("name", ""), None)
    if pipeline is not None:
        with pipeline.changed:
            pipeline.deleted = True
            for execution in list(pipeline.executions.values()):
                if execution.active:
                    engine.stop(pipeline, execution, True, "The pipeline was deleted")
            pipeline.changed.notify_all()
    return {}


@operation("codepipeline", "ListActionTypes")
def list_action_types(call: Call) -> dict[str, Any]:
    """Those that run here; AWS has more."""
    owner = call.params.get("actionOwnerFilter")
    found = [
        {
            "id": {"category": t.category, "owner": t.owner, "provider": t.provider, "version": t.version},
            "settings": {"entityUrlTemplate": "", "executionUrlTemplate": ""},
            "actionConfigurationProperties": [
                {"name": key, "required": key in t.required, "key": False, "secret": False, "queryable": False}
                for key in (*t.required, *t.optional)
            ],
            "inputArtifactDetails": {"minimumCount": t.inputs[0], "maximumCount": t.inputs[1]},
            "outputArtifactDetails": {"minimumCount": t.outputs[0], "maximumCount": t.outputs[1]},
        }
        for t in action_types.KNOWN
        if owner in (None, t.owner)
    ]
    return page(call, "actionTypes", found)


@operation("codepipeline", "ListRuleTypes")
def list_rule_types(call: Call) -> dict[str, Any]:
    found = [
        {
            "id": {"category": "Rule", "owner": "AWS", "provider": provider, "version": "1"},
            "ruleConfigurationProperties": [
                {"name": key, "required": key in required, "key": False, "secret": False, "queryable": False}
                for key in (*required, *optional)
            ],
            "inputArtifactDetails": {"minimumCount": 0, "maximumCount": 0},
        }
        for provider, (required, optional) in rule_types.KNOWN.items()
    ]
    return {"ruleTypes": found}
