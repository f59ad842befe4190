"""What the sections of a template may hold, and how much.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.walk import function_of

SECTIONS = [
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
_MAPS = ("Parameters", "Mappings", "Conditions", "Rules", "Resources", "Outputs", "Metadata", "Hooks")
_MOST = {"Parameters": 200, "Mappings": 200, "Resources": 500, "Outputs": 200}
_DELETION = ("Delete", "Retain", "Snapshot", "RetainExceptOnCreate")
_NAME = re.compile(r"[A-Za-z0-9]+")
_KEY = re.compile(r"[A-Za-z0-9.\-]+")
LONGEST_NAME = 255
LONGEST_DESCRIPTION = 1024


def check_sections(data: Mapping[str, Any]) -> None:
    """What can be told before transforms are done. @raises AwsError ValidationError in CloudFormation's words."""
    unknown = [name for name in data if name not in SECTIONS]
    if unknown:
        raise invalid(f"Invalid template property or properties [{', '.join(unknown)}]")
    if not isinstance(data.get("Resources", {}), dict):
        raise invalid("Template format error: Any Resources member must be an object.")
    for name in _MAPS:
        if data.get(name) is not None and not isinstance(data[name], dict):
            raise invalid(f"Template format error: {name} must be a map/object.")
    _check_names("Parameters", data.get("Parameters") or {})


def check(data: Mapping[str, Any]) -> None:
    """@raises AwsError ValidationError in CloudFormation's words."""
    check_sections(data)
    version = data.get("AWSTemplateFormatVersion")
    if version is not None and version != "2010-09-09":
        raise invalid(f"Template format error: unsupported value for AWSTemplateFormatVersion: {version}.")
    _refuse_null({name: part for name, part in data.items() if name != "Metadata"}, ())
    _check_description(data)
    if not data.get("Resources"):
        raise invalid("Template format error: At least one Resources member must be defined.")
    for name in ("Parameters", "Mappings", "Conditions", "Rules", "Resources", "Outputs"):
        _check_names(name, data.get(name, {}))
    for logical_id, resource in data["Resources"].items():
        _check_resource(logical_id, resource)
    for name, mapping in data.get("Mappings", {}).items():
        _check_mapping(name, mapping)
    for name, output in data.get("Outputs", {}).items():
        _check_output(name, output)


def _check_description(data: Mapping[str, Any]) -> None:
    description = data.get("Description")
    if description is None:
        return
    if not isinstance(description, str):
        raise invalid("Template format error: Description must be a string")
    if len(description.encode(errors="replace")) > LONGEST_DESCRIPTION:
        raise invalid("Template format error: 'Description' length is greater than 1024.")


def _check_names(section: str, members: Mapping[str, Any]) -> None:
    most = _MOST.get(section)
    if most is not None and len(members) > most:
        raise invalid(
            f"Template format error: Number of {section.lower()}, {len(members)}, is greater than maximum allowed, "
            f"{most}"
        )
    for name in members:
        # Of conditions CloudFormation asks less: one named AWS::NoValue was taken, as was one with an underscore.
        # https://github.com/aws-cloudformation/cfn-lint/issues/4007
        if section != "Conditions" and not _NAME.fullmatch(name):
            raise invalid(f"Template format error: {section[:-1]} name {name} is non alphanumeric.")
        if len(name) > LONGEST_NAME:
            raise invalid(f"Template format error: {section[:-1]} name {name} is longer than {LONGEST_NAME} characters")


def _check_resource(logical_id: str, resource: Any) -> None:
    place = f"[/Resources/{logical_id}]"
    if not isinstance(resource, dict):
        raise invalid("Template format error: Any Resources member must be an object.")
    if not isinstance(resource.get("Type"), str) or not resource["Type"]:
        raise invalid(f"Template format error: {place} Every Resources object must contain a Type member.")
    unknown = [name for name in resource if name not in _RESOURCE]
    if unknown:
        raise invalid(f"Invalid template resource property '{unknown[0]}'")
    for name in ("Properties", "CreationPolicy", "UpdatePolicy", "Metadata"):
        if not isinstance(resource.get(name, {}), dict):
            raise invalid(f"Template format error: [/Resources/{logical_id}/{name}] must be a map/object.")
    function = function_of(resource.get("Properties"))
    if function is not None and function[0] != "Fn::Transform":
        raise invalid(f"Template format error: {place} Encountered unsupported property {function[0]}")
    depends = resource.get("DependsOn", [])
    if not isinstance(depends, str) and not (
        isinstance(depends, list) and all(isinstance(name, str) for name in depends)
    ):
        raise invalid("Template format error: DependsOn must be a string or list of strings.")
    for attribute in ("DeletionPolicy", "UpdateReplacePolicy"):
        check_policy(logical_id, attribute, resource.get(attribute, "Delete"))
    if not isinstance(resource.get("Condition", ""), str):
        raise invalid(f"Template format error: {place} Every Condition member must be a string.")


def check_policy(logical_id: str, attribute: str, policy: Any) -> None:
    """A function in its place (AWS::LanguageExtensions) is looked at when its value is known."""
    if isinstance(policy, dict):
        return
    if policy not in _DELETION or (attribute == "UpdateReplacePolicy" and policy == "RetainExceptOnCreate"):
        raise invalid(f"Template format error: Unrecognized {attribute} {policy} for resource {logical_id}")


def _check_mapping(name: str, mapping: Any) -> None:
    """Two levels of keys over literal values.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html
    """
    for what, part in {name: mapping, **(mapping if isinstance(mapping, dict) else {})}.items():
        if not isinstance(part, dict):
            raise invalid(f"Template format error: Every Mappings member {what} must be a map")
    if len(mapping) > _MOST["Mappings"]:
        raise invalid(
            f"Template format error: Number of attributes of mapping {name}, {len(mapping)}, is greater than maximum "
            f"allowed, {_MOST['Mappings']}"
        )
    for first, inner in mapping.items():
        for key in (first, *inner):
            if not _KEY.fullmatch(key) or len(key) > LONGEST_NAME:
                raise invalid(f"Template format error: Mappings attribute name '{key}' must be alphanumeric.")
        for value in inner.values():
            parts = value if isinstance(value, list) else [value]
            if not all(isinstance(part, (str, int, float)) for part in parts):
                raise invalid("Template format error: Every Mappings attribute must be a String or a List.")


def _check_output(name: str, output: Any) -> None:
    if not isinstance(output, dict) or "Value" not in output:
        raise invalid("Template format error: Every Outputs member must contain a Value object")
    unknown = [key for key in output if key not in ("Value", "Description", "Export", "Condition")]
    if unknown:
        raise invalid(f"Template format error: Output {name} is malformed. Unknown member {unknown[0]}.")
    export = output.get("Export", {"Name": ""})
    if not isinstance(export, dict) or set(export) != {"Name"}:
        raise invalid(f"Template format error: Output {name} is malformed. The Export member must contain a Name.")
    if not isinstance(output.get("Condition", ""), str):
        raise invalid(f"Template format error: Output {name} is malformed. Every Condition member must be a string.")
    _check_description(output)


def _refuse_null(value: Any, path: tuple[str, ...]) -> None:
    if value is None:
        # AWS's own sentence says Type where the properties' path begins: "[/Resources/Role/Type/Policies/0/...]".
        if len(path) > 3 and path[0] == "Resources" and path[2] == "Properties":
            path = (*path[:2], "Type", *path[3:])
        raise invalid(f"[/{'/'.join(path)}] 'null' values are not allowed in templates")
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        _refuse_null(item, (*path, str(key)))
