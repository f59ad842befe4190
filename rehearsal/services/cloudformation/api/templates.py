"""Operations on templates alone.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ValidateTemplate.html
"""

from __future__ import annotations

import json
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.services.cloudformation import capabilities, inputs, parameters, registry, static, store
from rehearsal.services.cloudformation.errors import change_set_not_found, invalid, no_such_stack
from rehearsal.services.cloudformation.template import Template, load


def _of_stack(call: Call, name: str, change_set: str | None = None) -> Template:
    if change_set:
        found = store.change_set(call.account, call.region, change_set, name or None)
        if found is None:
            raise change_set_not_found(change_set)
        settings = found[1].settings
    else:
        settings = store.get(call.account, call.region, name).settings
    if settings.blueprint is None:
        raise no_such_stack(name)
    return settings.blueprint.template


@operation("cloudformation", "GetTemplate")
def get_template(call: Call) -> dict[str, Any]:
    name, change_set = call.params.get("StackName") or "", call.params.get("ChangeSetName")
    if not name and not change_set:
        raise invalid("StackName is required if ChangeSetName is not specified.")
    if change_set and not name and not change_set.startswith("arn:"):
        raise invalid("StackName is a required parameter.")
    # Until a change set is executed there is no template: https://github.com/cdklabs/awscdk-v1-stack-finder/issues/273
    if not change_set and store.get(call.account, call.region, name).settings.blueprint is None:
        return {"StagesAvailable": []}
    template = _of_stack(call, name, change_set)
    processed = template.transforms and call.params.get("TemplateStage") != "Original"
    body = json.dumps(template.data) if processed else template.text
    return {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}


def _given(call: Call) -> Template:
    text = inputs.template_text(call)
    if text is None:
        raise invalid("Either Template URL or Template Body must be specified.")
    return load(text)


def _summary(template: Template) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if needed := capabilities.needed(template):
        shown.update(Capabilities=needed, CapabilitiesReason=capabilities.reason(template))
    if template.data.get("Description"):
        shown["Description"] = template.data["Description"]
    if template.transforms:
        shown["DeclaredTransforms"] = list(template.transforms)
    return shown


@operation("cloudformation", "ValidateTemplate")
def validate_template(call: Call) -> dict[str, Any]:
    template = _given(call)
    static.check(template)
    shown = {"Parameters": parameters.declared_as_summary(template, constraints=False), "Capabilities": []}
    return {**shown, **_summary(template)}


@operation("cloudformation", "GetTemplateSummary")
def get_template_summary(call: Call) -> dict[str, Any]:
    if call.params.get("StackSetName"):
        raise NotImplementedByRehearsal("cloudformation", "GetTemplateSummary", "StackSetName")
    name = call.params.get("StackName")
    if name and store.get(call.account, call.region, name).status == "REVIEW_IN_PROGRESS":
        raise invalid("GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.")
    template = _of_stack(call, name) if name else _given(call)
    static.check(template)
    types = {body["Type"] for body in template.resources.values()}
    shown = {
        **_summary(template),
        "Parameters": parameters.declared_as_summary(template, constraints=True),
        "ResourceTypes": sorted(types),
        "ResourceIdentifierSummaries": [_identifiers(template, kind) for kind in sorted(types)],
    }
    if template.data.get("AWSTemplateFormatVersion"):
        shown["Version"] = template.data["AWSTemplateFormatVersion"]
    if template.data.get("Metadata"):
        shown["Metadata"] = json.dumps(template.data["Metadata"])
    return shown


def _identifiers(template: Template, kind: str) -> dict[str, Any]:
    return {
        "ResourceType": kind,
        "LogicalResourceIds": [name for name, body in template.resources.items() if body["Type"] == kind],
        "ResourceIdentifiers": list(registry.get(kind).identifier),
    }
