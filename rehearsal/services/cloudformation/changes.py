"""What an update would do, as a change set shows it: for every resource the properties, where the change comes
from, and whether it means a new physical resource.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-samples.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from rehearsal.services.cloudformation import coercion, dynamic, policies, registry
from rehearsal.services.cloudformation.blueprint import Blueprint, Definition
from rehearsal.services.cloudformation.comparison import Path, at, changed_paths
from rehearsal.services.cloudformation.functions import text_of
from rehearsal.services.cloudformation.graph import order
from rehearsal.services.cloudformation.intrinsics import resolve
from rehearsal.services.cloudformation.masking import mask, secrets_of
from rehearsal.services.cloudformation.model import Resource
from rehearsal.services.cloudformation.running import Phase, attribute_of
from rehearsal.services.cloudformation.scope import UNKNOWN, is_unknown
from rehearsal.services.cloudformation.walk import Reference

_ATTRIBUTES = ("Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy")


@dataclass
class Forecast:
    """Walks the new template in dependency order; `outcome` says Add, True, Conditional or False for what changes."""

    phase: Phase
    before: Blueprint | None
    resources: dict[str, Resource]

    def __post_init__(self) -> None:
        self.outcome: dict[str, str] = {}
        self.after: dict[str, dict[str, Any]] = {}
        self.scope = self.phase.scope()
        self.scope.resource = self._value
        self.scope.export = self._export

    def changes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        blueprint = self.phase.blueprint
        for name in order(blueprint.graph):
            definition = blueprint.resources[name]
            current = self.resources.get(name)
            if current is None or not current.exists:
                found.append(self._add(definition))
            elif change := self._modify(current, definition):
                found.append(change)
        for name, resource in self.resources.items():
            if name not in blueprint.resources and resource.exists:
                found.append(_remove(resource))
        # Every value of a change is text by now, and so are its contexts.
        masked = mask(found, secrets_of(self.before, blueprint))
        return sorted(masked, key=lambda change: change["LogicalResourceId"])

    def _value(self, name: str, attribute: str) -> Any:
        resource, outcome = self.resources.get(name), self.outcome.get(name)
        if resource is None or outcome in ("Add", "True"):
            return UNKNOWN
        if not attribute:
            return resource.physical_id if outcome != "Conditional" else UNKNOWN
        # CloudFormation does not say whether an attribute of a changed resource stays; it calls it dynamic.
        return attribute_of(self.phase, resource, attribute) if outcome is None else UNKNOWN

    def _export(self, name: str) -> Any:
        """A change set may be made before the export that it wants."""
        from rehearsal.services.cloudformation.exports import exported_value

        found = exported_value(self.phase.stack.account, self.phase.stack.region, name)
        return UNKNOWN if found is None else found

    def _desired(self, definition: Definition) -> dict[str, Any]:
        resolved = dynamic.plain(resolve(definition.properties, self.scope), self.phase.client)
        desired = self.after[definition.logical_id] = coercion.coerce(definition.type, resolved)
        return desired

    def _add(self, definition: Definition) -> dict[str, Any]:
        self.outcome[definition.logical_id] = "Add"
        desired = self._desired(definition)
        return {
            "Action": "Add",
            "LogicalResourceId": definition.logical_id,
            "ResourceType": definition.type,
            "Scope": [],
            "Details": [],
            "AfterContext": _context(desired, definition),
        }

    def _modify(self, current: Resource, definition: Definition) -> dict[str, Any] | None:
        kind = registry.get(definition.type)
        desired = self._desired(definition)
        details = [
            detail
            for path in changed_paths(current.properties, desired)
            for detail in self._details(kind, current, definition, desired, path)
        ]
        details += self._stack_tags(kind, current)
        details += _attribute_details(current.definition, definition)
        if not details and current.stable:
            return None
        scope = sorted({d["Target"]["Attribute"] for d in details})
        replacement = self.outcome[definition.logical_id] = _replacement(details)
        change: dict[str, Any] = {
            "Action": "Modify",
            "LogicalResourceId": definition.logical_id,
            "PhysicalResourceId": current.physical_id,
            "ResourceType": definition.type,
            "Replacement": replacement,
            "Scope": scope,
            "Details": details,
            "BeforeContext": _context(current.properties, current.definition),
            "AfterContext": _context(desired, definition),
        }
        if replacement == "True":
            change["PolicyAction"] = f"ReplaceAnd{current.definition.replace_policy}"
        return change

    def _details(
        self,
        kind: registry.ResourceType,
        current: Resource,
        definition: Definition,
        desired: dict[str, Any],
        path: Path,
    ) -> list[dict[str, Any]]:
        before, after = at(current.properties, path), at(desired, path)
        target: dict[str, Any] = {"RequiresRecreation": kind.recreation(path)}
        if path[0] == kind.tag_property:
            target["Attribute"] = "Tags"
        else:
            target.update(Attribute="Properties", Name=str(path[0]))
        target["Path"] = "/" + "/".join(str(step) for step in ("Properties", *path))
        if before is not None:
            target["BeforeValue"] = _shown(before)
        if after is not None:
            target["AfterValue"] = _shown(after)
        target["AttributeChangeType"] = "Add" if before is None else "Remove" if after is None else "Modify"
        sources = [s for r in definition.references if _touches(r, path) for s in self._source(r)]
        details = [
            {"Target": target, "Evaluation": evaluation, "ChangeSource": source, "CausingEntity": entity}
            for evaluation, source, entity in dict.fromkeys(sources)
        ]
        # An entity that surely changes comes with a second, dynamic entry: the whole value is known only later.
        if not details:
            details = [{"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"}]
        elif any(d["Evaluation"] == "Static" for d in details):
            details.append({"Target": target, "Evaluation": "Dynamic", "ChangeSource": "DirectModification"})
        return details

    def _source(self, reference: Reference) -> list[tuple[str, str, str]]:
        name = reference.name
        parameters = self.phase.blueprint.parameters
        if name in parameters:
            old = self.before.parameters.get(name) if self.before else None
            changed = old is None or old.value != parameters[name].value
            return [("Static", "ParameterReference", name)] if changed else []
        outcome = self.outcome.get(name)
        if outcome is None:
            return []
        certain = "Static" if outcome in ("Add", "True") else "Dynamic"
        if reference.attribute:
            return [(certain, "ResourceAttribute", reference.entity)]
        return [(certain, "ResourceReference", name)] if outcome != "False" else []

    def _stack_tags(self, kind: registry.ResourceType, current: Resource) -> list[dict[str, Any]]:
        if not kind.tag_property or self.phase.tags_for(current) == current.tags:
            return []
        target = {"Attribute": "Tags", "RequiresRecreation": "Never"}
        return [{"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"}]


def _touches(reference: Reference, path: Path) -> bool:
    place = reference.path[1:]
    return all(a == b for a, b in zip(place, path, strict=False))


def _replacement(details: list[dict[str, Any]]) -> str:
    needs = {(d["Target"]["RequiresRecreation"], d["Evaluation"]) for d in details}
    if ("Always", "Static") in needs:
        return "True"
    if any(need in ("Always", "Conditionally") for need, _ in needs):
        return "Conditional"
    return "False"


def _attribute_details(before: Definition, after: Definition) -> list[dict[str, Any]]:
    found = []
    for name in _ATTRIBUTES:
        old, new = before.policy(name), after.policy(name)
        if old == new:
            continue
        target: dict[str, Any] = {"Attribute": name, "RequiresRecreation": "Never", "Path": f"/{name}"}
        if old is not None:
            target["BeforeValue"] = _shown(old)
        if new is not None:
            target["AfterValue"] = _shown(new)
        target["AttributeChangeType"] = "Add" if old is None else "Remove" if new is None else "Modify"
        found.append({"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"})
    return found


def _remove(resource: Resource) -> dict[str, Any]:
    return {
        "PolicyAction": policies.deletion(resource),
        "Action": "Remove",
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id,
        "ResourceType": resource.type,
        "Scope": [],
        "Details": [],
        "BeforeContext": _context(resource.properties, resource.definition),
    }


def _context(properties: dict[str, Any], definition: Definition) -> str:
    shown: dict[str, Any] = {"Properties": properties}
    shown.update({name: definition.policy(name) for name in _ATTRIBUTES if definition.policy(name) is not None})
    return json.dumps(shown, separators=(",", ":"), default=str)


def _shown(value: Any) -> str:
    if is_unknown(value):
        return str(UNKNOWN)
    return json.dumps(value, separators=(",", ":")) if isinstance(value, (dict, list)) else text_of(value)


def without_values(change: dict[str, Any]) -> dict[str, Any]:
    """As DescribeChangeSet shows a change that was not asked for with IncludePropertyValues: a detail a property."""
    shown = {k: v for k, v in change.items() if k not in ("BeforeContext", "AfterContext")}
    details: list[dict[str, Any]] = []
    for detail in change["Details"]:
        target = {k: v for k, v in detail["Target"].items() if k in ("Attribute", "Name", "RequiresRecreation")}
        short = {**detail, "Target": target}
        if short not in details:
            details.append(short)
    shown["Details"] = details
    return shown
