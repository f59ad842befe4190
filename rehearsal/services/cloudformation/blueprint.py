"""What a template and its parameter values ask for: the resources that count, and what each needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rehearsal.services.cloudformation import conditions, registry, shapes
from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.functions import text_of
from rehearsal.services.cloudformation.graph import refuse_cycles
from rehearsal.services.cloudformation.intrinsics import resolve
from rehearsal.services.cloudformation.parameters import Parameter
from rehearsal.services.cloudformation.scope import Scope
from rehearsal.services.cloudformation.static import check_attribute
from rehearsal.services.cloudformation.template import PSEUDO, Template
from rehearsal.services.cloudformation.walk import Reference, function_of, references

_SNAPSHOTS = (
    "AWS::EC2::Volume",
    "AWS::ElastiCache::",
    "AWS::Neptune::DBCluster",
    "AWS::RDS::DB",
    "AWS::Redshift::Cluster",
    "AWS::DocDB::DBCluster",
)


@dataclass(frozen=True)
class Definition:
    """A resource as the template writes it, its Fn::If chosen; functions are still in place."""

    logical_id: str
    type: str
    properties: dict[str, Any]
    depends_on: tuple[str, ...]
    attributes: dict[str, Any]

    @property
    def references(self) -> list[Reference]:
        return list(references(self.properties, ("Properties",)))

    @property
    def needs(self) -> list[str]:
        """What must exist before: also what UpdatePolicy and its like refer to."""
        return [*self.depends_on, *(r.name for r in [*self.references, *references(self.attributes)])]

    def policy(self, name: str) -> Any:
        return self.attributes.get(name)

    @property
    def deletion_policy(self) -> str:
        """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html"""
        default = "Delete"
        if self.type == "AWS::RDS::DBCluster" or (
            self.type == "AWS::RDS::DBInstance" and "DBClusterIdentifier" not in self.properties
        ):
            default = "Snapshot"
        return str(self.attributes.get("DeletionPolicy") or default)

    @property
    def replace_policy(self) -> str:
        return str(self.attributes.get("UpdateReplacePolicy") or "Delete")


@dataclass(frozen=True)
class Blueprint:
    template: Template
    parameters: Mapping[str, Parameter]
    conditions: Mapping[str, bool]
    resources: Mapping[str, Definition]
    outputs: Mapping[str, dict[str, Any]]

    @cached_property
    def graph(self) -> dict[str, frozenset[str]]:
        return {
            name: frozenset(n for n in definition.needs if n in self.resources)
            for name, definition in self.resources.items()
        }

    @property
    def values(self) -> dict[str, Any]:
        return {name: parameter.effective for name, parameter in self.parameters.items()}

    def scope(self, pseudo: Mapping[str, Any], **sources: Callable[..., Any]) -> Scope:
        return Scope(self.template, self.values, pseudo, self.conditions, **sources)

    def imports(self) -> Iterator[Any]:
        """The argument of every Fn::ImportValue that counts."""
        for definition in self.resources.values():
            yield from _imports(definition.properties)
        yield from _imports(list(self.outputs.values()))


def _imports(value: Any) -> Iterator[Any]:
    found = function_of(value)
    if found and found[0] == "Fn::ImportValue":
        yield found[1]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in items:
        yield from _imports(item)


def draw(template: Template, parameters: Mapping[str, Parameter], pseudo: Mapping[str, Any]) -> Blueprint:
    """@raises AwsError ValidationError for conditions, references or dependencies that cannot be."""
    shapes.check_template(template)
    values = {name: parameter.effective for name, parameter in parameters.items()}
    static = Scope(template, values, pseudo)
    truths = conditions.evaluate(template, lambda value: resolve(value, static))
    static.conditions = truths
    active = {
        name: _definition(name, body, truths, static)
        for name, body in template.resources.items()
        if _counts(body, truths, "Resources")
    }
    outputs = {
        name: conditions.prune(body, truths)
        for name, body in template.section("Outputs").items()
        if _counts(body, truths, "Outputs")
    }
    blueprint = Blueprint(template, parameters, truths, active, outputs)
    _check_functions(blueprint, static)
    _check_types(blueprint)
    _check_references(blueprint)
    refuse_cycles(blueprint.graph)
    return blueprint


def _counts(body: dict[str, Any], truths: Mapping[str, bool], section: str) -> bool:
    name = body.get("Condition")
    if name is None:
        return True
    if name not in truths:
        raise invalid(
            f"Template format error: Unresolved condition dependency {name} in the {section} block of the template"
        )
    return truths[name]


def _definition(name: str, body: dict[str, Any], truths: Mapping[str, bool], static: Scope) -> Definition:
    depends = body.get("DependsOn", [])
    attributes = {
        key: conditions.prune(body[key], truths)
        for key in (
            "Metadata",
            "CreationPolicy",
            "UpdatePolicy",
            "DeletionPolicy",
            "UpdateReplacePolicy",
            "Description",
        )
        if key in body
    }
    for key in ("DeletionPolicy", "UpdateReplacePolicy"):
        if key in attributes:
            policy = attributes[key] = text_of(resolve(attributes[key], static))
            if policy == "Snapshot" and not body["Type"].startswith(_SNAPSHOTS):
                raise invalid(f"Template error: resource type {body['Type']} does not support {key} Snapshot")
    return Definition(
        name,
        body["Type"],
        conditions.prune(body.get("Properties") or {}, truths),
        (depends,) if isinstance(depends, str) else tuple(depends),
        attributes,
    )


def _check_functions(blueprint: Blueprint, static: Scope) -> None:
    """Looks up at once what needs no resource, as CloudFormation does."""
    counted = [d.properties for d in blueprint.resources.values()] + list(blueprint.outputs.values())
    for part in counted:
        for found in shapes.maps(part):
            if not any(r.name in blueprint.resources for r in references(found)):
                resolve(found, static)


def _check_types(blueprint: Blueprint) -> None:
    strange = sorted({d.type for d in blueprint.resources.values() if registry.find(d.type) is None})
    if strange:
        raise invalid(f"Template format error: Unrecognized resource types: [{', '.join(strange)}]")


def _check_references(blueprint: Blueprint) -> None:
    known = {*blueprint.resources, *blueprint.parameters, *PSEUDO}
    left_out = set(blueprint.template.resources) - set(blueprint.resources)
    types = {name: definition.type for name, definition in blueprint.resources.items()}

    def check(found: list[Reference], block: str) -> None:
        missing = sorted({r.name for r in found if r.name in left_out or (not r.attribute and r.name not in known)})
        if missing:
            # Recorded on AWS: outputs that want what a condition leaves out are refused without the first words.
            start = "" if block == "Outputs" and set(missing) <= left_out else "Template format error: "
            raise invalid(
                f"{start}Unresolved resource dependencies [{', '.join(missing)}] in the {block} block of the template"
            )
        for reference in found:
            if reference.attribute:
                check_attribute(types, reference)

    for definition in blueprint.resources.values():
        check([*definition.references, *references(definition.attributes)], "Resources")
        for name in definition.depends_on:
            if name not in blueprint.template.resources:
                raise invalid(
                    f"Template format error: Unresolved resource dependencies [{name}] in the Resources block of the "
                    "template"
                )
    for body in blueprint.outputs.values():
        check(list(references(body)), "Outputs")
