"""The CloudFormation registry schema of a resource type, as cfn-lint ships it.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from functools import cache
from typing import Any

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER


@cache
def schema(type_name: str) -> dict[str, Any]:
    """The whole schema of a type; every region's schema of our types is the same, so one region serves."""
    return PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_name).schema


def names(type_name: str, section: str) -> frozenset[str]:
    """Top-level property names in a section such as readOnlyProperties."""
    paths = schema(type_name).get(section, [])
    return frozenset(path.removeprefix("/properties/") for path in paths if path.count("/") == 2)


def settable(type_name: str) -> frozenset[str]:
    """Properties that a template may give."""
    return frozenset(schema(type_name)["properties"]) - names(type_name, "readOnlyProperties")


def resolve(root: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """A schema node with its $ref followed and its alternatives merged, as far as names and types go."""
    while "$ref" in node:
        target: Any = root
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    merged = dict(node)
    for alternative in [*node.get("oneOf", []), *node.get("anyOf", [])]:
        option = resolve(root, alternative)
        merged.setdefault("type", option.get("type"))
        if "properties" in option:
            merged["properties"] = {**option["properties"], **merged.get("properties", {})}
        if "items" in option:
            merged.setdefault("items", option["items"])
    return merged
