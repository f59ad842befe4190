"""Fn::ForEach: a fragment for each item of a collection.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rehearsal.services.cloudformation.functions import is_scalar, text_of

PREFIX = "Fn::ForEach::"
SECTIONS = ("Conditions", "Resources", "Outputs")
Collect = Callable[[Any], list[Any]]


class BadLoop(Exception):
    """What AWS::LanguageExtensions fails with."""


def any_in(value: Any) -> bool:
    if isinstance(value, dict):
        return any(key.startswith(PREFIX) or any_in(item) for key, item in value.items())
    return isinstance(value, list) and any(any_in(item) for item in value)


def refuse(name: str, section: Any) -> Any:
    """The section as it is; a loop may not stand in it. The words are ours: AWS's own are unchecked."""
    if any_in(section):
        raise BadLoop(f"Fn::ForEach is not supported in the {name} section")
    return section


def unroll(value: Any, collect: Collect) -> Any:
    """The value without loops; `collect` gives a collection's items. @raises BadLoop."""
    if isinstance(value, list):
        return [unroll(item, collect) for item in value]
    if not isinstance(value, dict):
        return value
    result: dict[str, Any] = {}
    for key, item in value.items():
        parts = _turns(item, collect) if key.startswith(PREFIX) else [{key: unroll(item, collect)}]
        for part in parts:
            for name, body in part.items():
                if name in result:
                    raise BadLoop(f"Duplicate key '{name}' when merging keys to parent object in Fn::ForEach")
                result[name] = body
    return result


def _turns(loop: Any, collect: Collect) -> list[dict[str, Any]]:
    if not isinstance(loop, list) or len(loop) != 3 or not isinstance(loop[0], str) or not isinstance(loop[2], dict):
        raise BadLoop("Fn::ForEach layout is incorrect")
    identifier, collection, fragment = loop
    items = collect(collection)
    if not all(is_scalar(item) for item in items):
        raise BadLoop("Fn::ForEach collection items must be strings")
    return [unroll(_put(fragment, identifier, text_of(item)), collect) for item in items]


def _put(value: Any, identifier: str, item: str) -> Any:
    """The fragment of one turn: `${Name}` is the item, `&{Name}` its letters and digits, a Ref of Name the item."""
    if value == {"Ref": identifier}:
        return item
    if isinstance(value, dict):
        return {_in_text(key, identifier, item): _put(one, identifier, item) for key, one in value.items()}
    if isinstance(value, list):
        return [_put(one, identifier, item) for one in value]
    return _in_text(value, identifier, item) if isinstance(value, str) else value


def _in_text(text: str, identifier: str, item: str) -> str:
    bare = re.sub(r"[^A-Za-z0-9]", "", item)
    return text.replace("${" + identifier + "}", item).replace("&{" + identifier + "}", bare)
