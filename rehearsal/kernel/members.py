"""Whether a request's parameters are such as the service's model wants: what is required, and the JSON types.

botocore asks this before it sends; other clients do not, and AWS answers. Lengths and patterns are left to the
operations. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.model import OperationModel

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
# A nest deeper than any service's model goes.
_DEEPEST = 40


class WrongType(Exception):
    """A value of another type than the model has for its member."""


def check(operation: OperationModel, params: dict[str, Any]) -> None:
    """@raises AwsError that names every member that is missing; WrongType."""
    if operation.input_shape is None:
        return
    missing = list(_missing(operation.input_shape, params, "", 0))
    if not missing:
        return
    protocol = operation.service_model.metadata.get("protocol")
    if protocol == "ec2":
        raise AwsError("MissingParameter", f"The request must contain the parameter {missing[0]}")
    said = "; ".join(
        f"Value null at '{_camel(path)}' failed to satisfy constraint: Member must not be null" for path in missing
    )
    count = f"{len(missing)} validation error{'s' * (len(missing) > 1)} detected"
    # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    code = {"query": "ValidationError", "rest-xml": "InvalidRequest"}.get(str(protocol), "ValidationException")
    raise AwsError(code, f"{count}: {said}")


def _missing(shape: Any, value: Any, path: str, depth: int) -> Iterator[str]:
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
    if kind == "structure":
        for name, member in shape.members.items():
            below = f"{path}.{name}" if path else name
            if value.get(name) is not None:
                yield from _missing(member, value[name], below, depth + 1)
            elif name in shape.required_members:
                yield below
    elif kind == "list":
        for number, item in enumerate(value, 1):
            yield from _missing(shape.member, item, f"{path}.{number}.member", depth + 1)
    elif kind == "map":
        for key, item in value.items():
            yield from _missing(shape.value, item, f"{path}.{key}.member", depth + 1)


def _camel(path: str) -> str:
    return ".".join(part[:1].lower() + part[1:] for part in path.split("."))
