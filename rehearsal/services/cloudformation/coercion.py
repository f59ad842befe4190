"""Values in the types that a schema asks for: CloudFormation takes "80" for 80 and true for "true".

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html knows no rule for it; that
the types are bent both ways is what every template with a Number parameter relies on.
"""

from __future__ import annotations

import re
from typing import Any

from rehearsal import patterns
from rehearsal.services.cloudformation import registry
from rehearsal.services.cloudformation.functions import text_of
from rehearsal.services.cloudformation.scope import Unknown

# As long as any number that a service knows; a text without an end is none.
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?")


def coerce(type_name: str, properties: dict[str, Any]) -> dict[str, Any]:
    root = registry.get(type_name).schema
    return _coerce(root, {"type": "object", "properties": root.get("properties", {})}, properties)


def types_of(root: dict[str, Any], node: dict[str, Any]) -> set[str]:
    """All the JSON types that a schema node allows; empty for any."""
    node = registry.resolve(root, node)
    declared = node.get("type", [])
    found = {declared} if isinstance(declared, str) else set(declared)
    for alternative in [*node.get("oneOf", []), *node.get("anyOf", [])]:
        found |= types_of(root, alternative)
    if not found and "properties" in node:
        found = {"object"}
    return found


def _coerce(root: dict[str, Any], node: dict[str, Any], value: Any) -> Any:
    node = registry.resolve(root, node)
    if isinstance(value, dict):
        return {key: _member(root, node, key, item) for key, item in value.items()}
    if isinstance(value, list):
        items = _items(root, node)
        return [_coerce(root, items, item) for item in value] if items is not None else value
    return _scalar(types_of(root, node), value)


def _alternatives(root: dict[str, Any], node: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [registry.resolve(root, n) for key in ("oneOf", "anyOf", "allOf") for n in node.get(key, [])]
    return [node, *[found for n in inner for found in _alternatives(root, n)]]


def _member(root: dict[str, Any], node: dict[str, Any], key: str, value: Any) -> Any:
    for option in _alternatives(root, node):
        declared = option.get("properties", {}).get(key)
        if isinstance(declared, dict):
            return _coerce(root, declared, value)
        for pattern, inner in option.get("patternProperties", {}).items():
            if patterns.of_schema(pattern).found(key) and isinstance(inner, dict):
                return _coerce(root, inner, value)
        if isinstance(option.get("additionalProperties"), dict):
            return _coerce(root, option["additionalProperties"], value)
    return value


def _items(root: dict[str, Any], node: dict[str, Any]) -> dict[str, Any] | None:
    for option in _alternatives(root, node):
        if isinstance(option.get("items"), dict):
            return option["items"]
    return None


def _scalar(types: set[str], value: Any) -> Any:
    if isinstance(value, Unknown) or not types:
        return value
    if isinstance(value, (bool, int, float)):
        if isinstance(value, bool):
            return value if "boolean" in types or "string" not in types else text_of(value)
        whole = isinstance(value, int) or value.is_integer()
        if "number" in types or ("integer" in types and whole):
            return int(value) if "number" not in types else value
        return text_of(value) if "string" in types else value
    if not isinstance(value, str) or "string" in types:
        return value
    if "boolean" in types and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if types & {"integer", "number"} and _NUMBER.fullmatch(value):
        return _number(value)
    return value


def _number(text: str) -> int | float:
    """Whole numbers keep all their digits, which a float has no room for."""
    if text.lstrip("+-").isdigit():
        return int(text)
    number = float(text)
    return int(number) if number.is_integer() else number
