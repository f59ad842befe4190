"""Whether a request's parameters are such as the service's model wants: what is required, and the JSON types.

botocore asks this before it sends; other clients do not, and AWS answers. Values, lengths and patterns are looked at
for the services whose models hold at AWS's own door; elsewhere they are left to the operations.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.core.model import OperationModel

from rehearsal import patterns
from rehearsal.kernel.errors import AwsError

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
}
_CONSTRAINED = ("cloudformation", "codepipeline")
# A nest deeper than any service's model goes.
_DEEPEST = 40


class WrongType(Exception):
    """A value of another type than the model has for its member."""


def check(operation: OperationModel, params: dict[str, Any]) -> None:
    """@raises AwsError that names every member that is missing; WrongType."""
    if operation.input_shape is None:
        return
    model = operation.service_model
    faults = list(_faults(operation.input_shape, params, "", 0, str(model.service_name) in _CONSTRAINED))
    if not faults:
        return
    protocol = model.metadata.get("protocol")
    if protocol == "ec2":
        raise AwsError("MissingParameter", f"The request must contain the parameter {faults[0].path}")
    said = "; ".join(
        f"Value {fault.value} at '{_camel(fault.path)}' failed to satisfy constraint: Member must {fault.must}"
        for fault in faults
    )
    count = f"{len(faults)} validation error{'s' * (len(faults) > 1)} detected"
    # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    code = {"query": "ValidationError", "rest-xml": "InvalidRequest"}.get(str(protocol), "ValidationException")
    raise AwsError(code, f"{count}: {said}")


@dataclass(frozen=True)
class _Fault:
    path: str
    value: str
    must: str


def _faults(shape: Any, value: Any, path: str, depth: int, constrained: bool) -> Iterator[_Fault]:
    kind = shape.type_name
    if getattr(shape, "is_document_type", False) or depth > _DEEPEST:
        return
    if kind in _TYPES and (not isinstance(value, _TYPES[kind]) or (kind != "boolean" and isinstance(value, bool))):
        raise WrongType(path)
    if kind == "string" and not value.isascii():
        # Half a surrogate pair is no text: nothing could be answered about it.
        value.encode()
    if kind == "string" and "\0" in value:
        # Neither XML nor any service's text has it.
        raise WrongType(path)
    if constrained:
        yield from (_Fault(path, f"'{value}'", must) for must in _unmet(shape, value))
    if kind == "structure":
        for name, member in shape.members.items():
            below = f"{path}.{name}" if path else name
            if value.get(name) is not None:
                yield from _faults(member, value[name], below, depth + 1, constrained)
            elif name in shape.required_members:
                yield _Fault(below, "null", "not be null")
    elif kind == "list":
        for number, item in enumerate(value, 1):
            yield from _faults(shape.member, item, f"{path}.{number}.member", depth + 1, constrained)
    elif kind == "map":
        for key, item in value.items():
            yield from _faults(shape.value, item, f"{path}.{key}.member", depth + 1, constrained)


def _unmet(shape: Any, value: Any) -> Iterator[str]:
    """What a value must be and is not, in the words of AWS's services."""
    limits, kind = shape.metadata, shape.type_name
    if kind not in ("string", "list", "map", "integer", "long", "double", "float"):
        return
    if limits.get("enum") and value not in limits["enum"]:
        yield f"satisfy enum value set: [{', '.join(limits['enum'])}]"
    measured = len(value) if isinstance(value, (str, list, dict)) else value
    what = "have value" if measured is value else "have length"
    if "min" in limits and measured < limits["min"]:
        yield f"{what} greater than or equal to {limits['min']}"
    if "max" in limits and measured > limits["max"]:
        yield f"{what} less than or equal to {limits['max']}"
    if "pattern" in limits and isinstance(value, str) and not _fits(limits["pattern"], value):
        yield f"satisfy regular expression pattern: {limits['pattern']}"


def _fits(pattern: str, value: str) -> bool:
    try:
        return patterns.java(pattern).whole(value)
    except (patterns.PatternError, patterns.TooSlow):
        return True


def _camel(path: str) -> str:
    return ".".join(part[:1].lower() + part[1:] for part in path.split("."))
