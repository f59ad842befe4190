"""A template whose structure is sound: sections, names, references. Values are not looked at here.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rehearsal.cloudformation.errors import invalid
from rehearsal.cloudformation.text import parse
from rehearsal.kernel.errors import NotImplementedByRehearsal

_SECTIONS = [
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Mappings",
    "Conditions",
    "Rules",
    "Transform",
    "Resources",
    "Outputs",
    "Hooks",
]
_RESOURCE = [
    "Type",
    "Properties",
    "DependsOn",
    "Condition",
    "Metadata",
    "CreationPolicy",
    "UpdatePolicy",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Description",
    "Version",
]
_DELETION = ("Delete", "Retain", "Snapshot", "RetainExceptOnCreate")
_NAME = re.compile(r"[A-Za-z0-9]+")
MAX_BODY = 51_200
MAX_URL_BODY = 1_048_576
PSEUDO = [
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::NoValue",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
]


@dataclass(frozen=True)
class Template:
    text: str
    data: dict[str, Any]

    def section(self, name: str) -> dict[str, Any]:
        return self.data.get(name) or {}

    @property
    def resources(self) -> dict[str, Any]:
        return self.section("Resources")

    @property
    def transforms(self) -> list[str]:
        declared = self.data.get("Transform") or []
        listed = declared if isinstance(declared, list) else [declared]
        return [t if isinstance(t, str) else str(t.get("Name", "")) for t in listed]

    @property
    def language_extensions(self) -> bool:
        return "AWS::LanguageExtensions" in self.transforms


def load(text: str) -> Template:
    """@raises AwsError ValidationError in CloudFormation's words."""
    template = Template(text, parse(text))
    _check_sections(template)
    for name in ("Parameters", "Mappings", "Conditions", "Resources", "Outputs"):
        for key in template.section(name):
            if not _NAME.fullmatch(key):
                raise invalid(f"Template format error: {name[:-1]} name {key} is non alphanumeric.")
    for logical_id, resource in template.resources.items():
        _check_resource(logical_id, resource)
    _check_outputs(template)
    return template


def _check_sections(template: Template) -> None:
    data = template.data
    unknown = [name for name in data if name not in _SECTIONS]
    if unknown:
        raise invalid(f"Invalid template property or properties [{', '.join(unknown)}]")
    version = data.get("AWSTemplateFormatVersion")
    if version is not None and version != "2010-09-09":
        raise invalid(f"Template format error: unsupported value for AWSTemplateFormatVersion: {version}.")
    description = data.get("Description")
    if description is not None and not isinstance(description, str):
        raise invalid("Template format error: Description must be a string")
    for name in ("Parameters", "Mappings", "Conditions", "Rules", "Resources", "Outputs", "Metadata"):
        if name in data and not isinstance(data[name], dict):
            raise invalid(f"Template format error: {name} must be a map/object.")
    for transform in template.transforms:
        if transform != "AWS::LanguageExtensions":
            raise NotImplementedByRehearsal("cloudformation", "Transform", transform)
    if template.language_extensions and _loops(data):
        raise NotImplementedByRehearsal("cloudformation", "Transform", "Fn::ForEach of AWS::LanguageExtensions")
    if not template.resources:
        raise invalid("Template format error: At least one Resources member must be defined.")


def _check_resource(logical_id: str, resource: Any) -> None:
    place = f"[/Resources/{logical_id}]"
    if not isinstance(resource, dict):
        raise invalid(f"Template format error: {place} resource definition is malformed")
    if not isinstance(resource.get("Type"), str) or not resource["Type"]:
        raise invalid(f"Template format error: {place} Every Resources object must contain a Type member.")
    unknown = [name for name in resource if name not in _RESOURCE]
    if unknown:
        raise invalid(f"Invalid template resource property '{unknown[0]}'")
    if not isinstance(resource.get("Properties") or {}, dict):
        raise invalid(f"Template format error: [/Resources/{logical_id}/Properties] 'null' values are not allowed")
    _refuse_null(resource.get("Properties") or {}, f"/Resources/{logical_id}/Properties")
    depends = resource.get("DependsOn", [])
    if not isinstance(depends, str) and not (
        isinstance(depends, list) and all(isinstance(name, str) for name in depends)
    ):
        raise invalid("Template format error: DependsOn must be a string or list of strings.")
    for attribute in ("DeletionPolicy", "UpdateReplacePolicy"):
        policy = resource.get(attribute)
        if isinstance(policy, str) and (
            policy not in _DELETION or (attribute == "UpdateReplacePolicy" and policy == "RetainExceptOnCreate")
        ):
            raise invalid(f"Template format error: Unrecognized {attribute} {policy} for resource {logical_id}")
    if "Condition" in resource and not isinstance(resource["Condition"], str):
        raise invalid(f"Template format error: {place} Every Condition member must be a string.")


def _loops(value: Any) -> bool:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html"""
    if isinstance(value, dict):
        return any(str(key).startswith("Fn::ForEach::") or _loops(item) for key, item in value.items())
    return isinstance(value, list) and any(_loops(item) for item in value)


def _refuse_null(value: Any, path: str) -> None:
    if value is None:
        raise invalid(f"Template format error: [{path}] 'null' values are not allowed in templates")
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        _refuse_null(item, f"{path}/{key}")


def _check_outputs(template: Template) -> None:
    for name, output in template.section("Outputs").items():
        if not isinstance(output, dict) or "Value" not in output:
            raise invalid(
                f"Template format error: Output {name} is malformed. Every Outputs member must contain a Value."
            )
        unknown = [key for key in output if key not in ("Value", "Description", "Export", "Condition")]
        if unknown:
            raise invalid(f"Template format error: Output {name} is malformed. Unknown member {unknown[0]}.")
        export = output.get("Export")
        if export is not None and (not isinstance(export, dict) or set(export) != {"Name"}):
            raise invalid(f"Template format error: Output {name} is malformed. The Export member must contain a Name.")
