"""Whether properties fit the registry's schema, in the words that CloudFormation uses when they do not.

Two checks of AWS's own services that the schemas lack stand in `_LIMITS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rehearsal import patterns
from rehearsal.services.cloudformation import registry
from rehearsal.services.cloudformation.coercion import types_of
from rehearsal.services.cloudformation.scope import Unknown, is_unknown

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineDeclaration.html
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
_ELB_NAME = {"maxLength": 32, "pattern": r"^(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$"}
_LIMITS: dict[tuple[str, str], dict[str, Any]] = {
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "Name"): _ELB_NAME,
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name"): _ELB_NAME,
    ("AWS::CodePipeline::Pipeline", "Name"): {"maxLength": 100, "pattern": r"^[A-Za-z0-9.@_-]+$"},
    ("AWS::IAM::Role", "RoleName"): {"maxLength": 64, "pattern": r"^[\w+=,.@-]+$"},
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"): {"maxLength": 128, "pattern": r"^[\w+=,.@-]+$"},
    ("AWS::EC2::LaunchTemplate", "LaunchTemplateName"): {"minLength": 3, "maxLength": 128},
    ("AWS::SNS::Topic", "TopicName"): {"maxLength": 256, "pattern": r"^[A-Za-z0-9_-]+(\.fifo)?$"},
}
_JSON = {
    "string": "String",
    "integer": "Integer",
    "number": "Number",
    "boolean": "Boolean",
    "array": "JSONArray",
    "object": "JSONObject",
}


def faults(type_name: str, properties: dict[str, Any]) -> list[str]:
    """All that is wrong, each as `#/Path: what`; empty if nothing is."""
    kind = registry.get(type_name)
    root = kind.schema
    found = list(_node(root, {**root, "type": "object"}, properties, "#"))
    found += [
        f"#: extraneous key [{name}] is not permitted"
        for name in sorted(kind.names("readOnlyProperties") & set(properties) - _both(kind))
    ]
    for (name, member), limit in _LIMITS.items():
        given = properties.get(member)
        if name == type_name and isinstance(given, str) and not _told_later(given):
            found += _text(limit, given, f"#/{member}")
    return found


def _told_later(value: Any) -> bool:
    """True for what only the execution tells: a dynamic reference is not judged by its text."""
    return isinstance(value, Unknown) or (isinstance(value, str) and "{{resolve:" in value)


def _both(kind: registry.ResourceType) -> set[str]:
    """Read-only names that are also write-only or create-only may be given all the same."""
    return set(kind.names("createOnlyProperties") | kind.names("writeOnlyProperties"))


def message(logical_id: str, found: list[str]) -> str:
    return f"Properties validation failed for resource {logical_id} with message: [{', '.join(found)}]"


def _node(root: dict[str, Any], node: dict[str, Any], value: Any, path: str) -> Iterator[str]:
    node = registry.resolve(root, node)
    if _told_later(value):
        return
    types = types_of(root, node)
    if types and not _is_a(types, value):
        wanted = _JSON.get(sorted(types)[0], "String")
        yield f"{path}: expected type: {wanted}, found: {_found(value)}"
        return
    if "enum" in node and value not in node["enum"]:
        yield f"{path}: failed validation constraint for keyword [enum]"
    if "const" in node and value != node["const"]:
        yield f"{path}: failed validation constraint for keyword [const]"
    if isinstance(value, str):
        yield from _text(node, value, path)
    elif isinstance(value, dict):
        yield from _object(root, node, value, path)
    elif isinstance(value, list):
        yield from _array(root, node, value, path)
    elif not isinstance(value, bool):
        yield from _number(node, value, path)
    yield from _combined(root, node, value, path)


def _is_a(types: set[str], value: Any) -> bool:
    return _found_type(value) in types or ("number" in types and _found_type(value) == "integer")


def _found_type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, float) and value.is_integer():
        return "integer"
    by_class = {str: "string", int: "integer", float: "number", list: "array", dict: "object"}
    return next(name for kind, name in by_class.items() if isinstance(value, kind))


def _found(value: Any) -> str:
    return _JSON[_found_type(value)]


def _text(node: dict[str, Any], value: str, path: str) -> Iterator[str]:
    if len(value) > node.get("maxLength", len(value)):
        yield f"{path}: expected maxLength: {node['maxLength']}, actual: {len(value)}"
    if len(value) < node.get("minLength", 0):
        yield f"{path}: expected minLength: {node['minLength']}, actual: {len(value)}"
    if "pattern" in node and not _matches(node["pattern"], value):
        yield f"{path}: failed validation constraint for keyword [pattern]"


def _matches(pattern: str, value: str) -> bool:
    try:
        return patterns.of_schema(pattern).found(value)
    except patterns.TooSlow:
        # Nothing that AWS itself takes needs so long.
        return False


def _number(node: dict[str, Any], value: float, path: str) -> Iterator[str]:
    if value < node.get("minimum", value):
        yield f"{path}: {value} is not greater or equal to {node['minimum']}"
    if value > node.get("maximum", value):
        yield f"{path}: {value} is not less or equal to {node['maximum']}"


def _array(root: dict[str, Any], node: dict[str, Any], value: list[Any], path: str) -> Iterator[str]:
    if len(value) < node.get("minItems", 0):
        yield f"{path}: expected minimum item count: {node['minItems']}, found: {len(value)}"
    if len(value) > node.get("maxItems", len(value)):
        yield f"{path}: expected maximum item count: {node['maxItems']}, found: {len(value)}"
    # What is not known yet may turn out to be anything: two of them are no duplicates.
    known = [item for item in value if not is_unknown(item)]
    if node.get("uniqueItems") and any(item in known[:index] for index, item in enumerate(known)):
        yield f"{path}: array items are not unique"
    if isinstance(node.get("items"), dict):
        for index, item in enumerate(value):
            yield from _node(root, node["items"], item, f"{path}/{index}")


def _object(root: dict[str, Any], node: dict[str, Any], value: dict[str, Any], path: str) -> Iterator[str]:
    for name in node.get("required", []):
        if name not in value:
            yield f"{path}: required key [{name}] not found"
    known = node.get("properties", {})
    patterns = node.get("patternProperties", {})
    for key, item in value.items():
        if isinstance(known.get(key), dict):
            yield from _node(root, known[key], item, f"{path}/{key}")
            continue
        inner = next((n for p, n in patterns.items() if _matches(p, key)), node.get("additionalProperties", True))
        if inner is False and key not in known:
            yield f"{path}: extraneous key [{key}] is not permitted"
        elif isinstance(inner, dict):
            yield from _node(root, inner, item, f"{path}/{key}")
    for rule, right in (("requiredXor", lambda n: n == 1), ("requiredOr", lambda n: n >= 1)):
        names = node.get(rule, [])
        if names and not right(len(set(names) & set(value))):
            yield f"{path}: required key [{' | '.join(names)}] not found"
    for key, needs in node.get("dependentRequired", {}).items():
        if key in value:
            yield from (f"{path}: property [{need}] is required" for need in needs if need not in value)


def _combined(root: dict[str, Any], node: dict[str, Any], value: Any, path: str) -> Iterator[str]:
    def fits(option: dict[str, Any]) -> bool:
        return not list(_node(root, option, value, path))

    for option in node.get("allOf", []):
        yield from _node(root, option, value, path)
    rules: dict[str, Callable[[int], bool]] = {"anyOf": lambda n: n >= 1, "oneOf": lambda n: n == 1}
    for rule, right in rules.items():
        options = node.get(rule, [])
        matched = sum(fits(option) for option in options)
        if options and not right(matched):
            yield f"{path}: #: {matched or 'no'} subschema matched out of {len(options)}"
