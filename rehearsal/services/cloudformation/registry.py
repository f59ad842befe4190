"""What CloudFormation's registry says about a resource type, from the schemas that cfn-lint ships.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any

_PREFIX = "/properties/"


@dataclass(frozen=True)
class ResourceType:
    """Property names are top-level ones; `paths` variants keep the schema's slashes (Rules/*/Transition)."""

    name: str
    schema: dict[str, Any]
    attributes: tuple[str, ...] = ()

    def paths(self, section: str) -> tuple[str, ...]:
        return tuple(p.removeprefix(_PREFIX) for p in self.schema.get(section, []))

    def names(self, section: str) -> frozenset[str]:
        return frozenset(path for path in self.paths(section) if "/" not in path)

    @property
    def properties(self) -> dict[str, Any]:
        return self.schema.get("properties", {})

    @property
    def identifier(self) -> tuple[str, ...]:
        return self.paths("primaryIdentifier")

    @property
    def tag_property(self) -> str:
        """Where the type keeps tags that can be changed; empty if it takes none."""
        tagging = self.schema.get("tagging", {})
        if tagging.get("taggable") is False:
            return ""
        named = str(tagging.get("tagProperty", _PREFIX + "Tags")).removeprefix(_PREFIX)
        return named if named in self.properties else ""

    def recreation(self, path: tuple[str | int, ...]) -> str:
        """Never, Conditionally or Always: what a change at this place of the properties means."""
        if _covered(path, self.paths("createOnlyProperties")):
            return "Always"
        if _covered(path, self.paths("conditionalCreateOnlyProperties")):
            return "Conditionally"
        return "Never"

    def has_attribute(self, name: str) -> bool:
        """Whether GetAtt may ask for it."""
        return any(name == pattern or re.fullmatch(pattern, name) for pattern in self.attributes)


def _covered(path: tuple[str | int, ...], patterns: tuple[str, ...]) -> bool:
    """True if a pattern is the path, or lies above or below it: a nested create-only member makes its owner one."""
    for pattern in patterns:
        steps = pattern.split("/")
        if all(step in ("*", str(part)) for step, part in zip(steps, path, strict=False)):
            return True
    return False


@functools.cache
def find(type_name: str, region: str = "us-east-1") -> ResourceType | None:
    """None for a type that AWS does not have. The schemas load at the first question (half a second)."""
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

    if type_name.startswith("Custom::"):
        type_name = "AWS::CloudFormation::CustomResource"
    try:
        found = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, type_name)
    except ResourceNotFoundError:
        return None
    return ResourceType(type_name, found.schema, tuple(found.get_atts))


def get(type_name: str) -> ResourceType:
    return find(type_name) or ResourceType(type_name, {"properties": {}})


def resolve(root: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """A node of a schema with its $ref followed; what stands beside the $ref counts, too."""
    while "$ref" in node:
        target: Any = root
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node
