"""Translation between a template's properties and a service's API, led by botocore's and the registry's models.

Both sides mostly use the same words in another case (`RoleArn`, `roleArn`), so names are matched without regard
to case and only the exceptions are spelled out, as dotted paths.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.session import Session

from rehearsal.services.cloudformation.handlers.schemas import resolve, schema

Renames = Mapping[str, str | None]
NO_RENAMES: Renames = {}
_INTEGERS = frozenset({"integer", "long"})
_DECIMALS = frozenset({"float", "double"})


class UnknownProperty(Exception):
    """A property has no place in the operation that should set it."""


@cache
def _service_model(service: str) -> Any:
    return Session().get_service_model(service)


@cache
def input_shape(service: str, operation: str) -> StructureShape:
    """The input of an API operation, by boto3's name for it (`create_vpc`)."""
    model = _service_model(service)
    named = {xform_name(name): name for name in model.operation_names}
    return model.operation_model(named[operation]).input_shape


def arguments(
    service: str, operation: str, properties: Mapping[str, Any], renames: Renames = NO_RENAMES
) -> dict[str, Any]:
    """The keyword arguments of a boto3 call that sets all of the properties."""
    return to_api(input_shape(service, operation), properties, renames)


def to_api(shape: Shape, value: Any, renames: Renames = NO_RENAMES, path: str = "") -> Any:
    """A property's value in the form that an API shape wants; types follow the shape (templates may hold "80")."""
    if isinstance(shape, StructureShape):
        if not isinstance(value, Mapping):
            raise UnknownProperty(f"{path or shape.name} is not an object")
        return _structure(shape, value, renames, path)
    if isinstance(shape, ListShape):
        items = value if isinstance(value, list | tuple) else [value]
        return [to_api(shape.member, item, renames, path) for item in items]
    if isinstance(shape, MapShape):
        return {str(k): to_api(shape.value, v, renames, f"{path}.{k}") for k, v in value.items()}
    return scalar(shape.type_name, value)


def _structure(shape: StructureShape, value: Mapping[str, Any], renames: Renames, path: str) -> dict[str, Any]:
    members = {name.lower(): name for name in shape.members}
    result = {}
    for key, item in value.items():
        here = f"{path}.{key}" if path else key
        wanted = renames.get(here, key)
        if wanted is None or item is None:
            continue
        name = members.get(wanted.lower())
        if name is None:
            raise UnknownProperty(f"{here} has no place in {shape.name}")
        result[name] = to_api(shape.members[name], item, renames, here)
    return result


def scalar(kind: str, value: Any) -> Any:
    """A scalar as an API wants it; documents (policies, dashboards) become JSON text."""
    if kind == "string":
        return text(value)
    if kind in _INTEGERS:
        return int(value)
    if kind in _DECIMALS:
        return float(value)
    if kind == "boolean":
        return truth(value)
    return value


def text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, separators=(",", ":"))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def truth(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() == "true"


def to_model(type_name: str, value: Mapping[str, Any], renames: Renames = NO_RENAMES) -> dict[str, Any]:
    """An API reply as the model of a resource: the schema's names and types, nothing that it does not know."""
    root = schema(type_name)
    return _model_object(root, root, value, renames, "")


def _model_object(root: dict, node: dict, value: Mapping[str, Any], renames: Renames, path: str) -> dict[str, Any]:
    present = {str(key).lower(): key for key in value}
    result = {}
    for name, child in node["properties"].items():
        here = f"{path}.{name}" if path else name
        wanted = renames.get(here, name)
        key = present.get(wanted.lower()) if wanted is not None else None
        if key is not None and value[key] is not None:
            result[name] = _model(root, resolve(root, child), value[key], renames, here)
    return result


def _model(root: dict, node: dict, value: Any, renames: Renames, path: str) -> Any:
    kinds = node.get("type", "object")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "array" in kinds and isinstance(value, list | tuple | set):
        return [_model(root, resolve(root, node.get("items", {})), item, renames, path) for item in value]
    if "object" in kinds and isinstance(value, Mapping) and "properties" in node:
        return _model_object(root, node, value, renames, path)
    if "object" in kinds and isinstance(value, str) and value[:1] in "{[":
        return json.loads(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if "integer" in kinds and isinstance(value, str | float) and str(value).lstrip("-").isdigit():
        return int(value)
    if "boolean" in kinds and isinstance(value, str):
        return truth(value)
    if "string" in kinds and isinstance(value, int | float | bool):
        return text(value)
    return value
