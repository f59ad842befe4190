"""What a piece of a template refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")
# What stands in a Fn::Sub's braces otherwise, also nothing at all.
PLACE = re.compile(r"\$\{(?!!)([^}]*)\}")
VARIABLE_NAME = re.compile(r"[A-Za-z0-9_.:]+")


@dataclass(frozen=True)
class Reference:
    """`attribute` is empty for a Ref. `path` tells where in the piece: ("Properties", "Tags", 0, "Value")."""

    name: str
    attribute: str
    path: tuple[str | int, ...]

    @property
    def entity(self) -> str:
        return f"{self.name}.{self.attribute}" if self.attribute else self.name


def function_of(value: Any) -> tuple[str, Any] | None:
    """The intrinsic function that a value is, as its long name and argument."""
    if isinstance(value, dict) and len(value) == 1:
        (name, argument), *_ = value.items()
        if name == "Ref" or str(name).startswith("Fn::"):
            return name, argument
    return None


def get_att_parts(argument: Any) -> tuple[str, Any]:
    """The resource and attribute of an Fn::GetAtt, given as a list or as "Resource.Attribute"."""
    if isinstance(argument, str):
        resource, _, attribute = argument.partition(".")
        return resource, attribute
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[0], str):
        return argument[0], argument[1]
    if isinstance(argument, list) and len(argument) > 2 and all(isinstance(part, str) for part in argument):
        return argument[0], ".".join(argument[1:])
    return "", None


def references(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Reference]:
    """Every Ref, GetAtt and Sub variable below `value`. Give it a piece whose Fn::If are already chosen."""
    found = function_of(value)
    if found:
        name, argument = found
        if name == "Ref" and isinstance(argument, str):
            yield Reference(argument, "", path)
            return
        if name == "Fn::GetAtt":
            resource, attribute = get_att_parts(argument)
            yield Reference(resource, attribute if isinstance(attribute, str) else "*", path)
            yield from references(attribute, path)
            return
        if name == "Fn::Sub":
            yield from _of_sub(argument, path)
            return
        # What a function is made from has no place of its own in the result.
        yield from ((Reference(r.name, r.attribute, path)) for r in _below(argument, path))
        return
    yield from _below(value, path)


def _below(value: Any, path: tuple[str | int, ...]) -> Iterator[Reference]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from references(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from references(item, (*path, index))


def _of_sub(argument: Any, path: tuple[str | int, ...]) -> Iterator[Reference]:
    text, own = argument, {}
    if isinstance(argument, list) and len(argument) == 2:
        text, own = argument
    own = own if isinstance(own, dict) else {}
    if own:
        for item in own.values():
            yield from (Reference(r.name, r.attribute, path) for r in references(item, path))
    for variable in VARIABLE.findall(text) if isinstance(text, str) else ():
        name = variable.strip()
        if name not in own:
            resource, _, attribute = name.partition(".")
            yield Reference(resource, attribute, path)
