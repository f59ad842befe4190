"""Brings what a service says into the order and form of what the template says, so that only real drift differs.

Drift detection compares what the template sets explicitly; a service adds defaults, sorts lists as it likes and
keeps numbers as text.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

import json
from collections.abc import Mapping
from typing import Any

_NOTHING = object()


def align(expected: Any, actual: Any, whole: bool = False) -> Any:
    """`actual` again, equal to `expected` wherever the two mean the same; `whole` keeps members that only it has."""
    if isinstance(expected, Mapping) and isinstance(actual, str):
        actual = _parsed(actual)
    if isinstance(expected, str) and isinstance(actual, Mapping | list):
        return expected if _parsed(expected) == actual else actual
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return {
            key: align(expected[key], value, whole) if key in expected else value
            for key, value in actual.items()
            if whole or key in expected
        }
    if isinstance(expected, list) and isinstance(actual, list):
        return _align_list(expected, actual)
    if isinstance(expected, list) and len(expected) == 1 and not isinstance(actual, list):
        return [align(expected[0], actual)]
    return expected if _same_scalar(expected, actual) else actual


def align_model(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> dict[str, Any]:
    """Aligns each property that the template sets; the others stay as the service tells them."""
    return {key: align(expected[key], value) if key in expected else value for key, value in actual.items()}


def same(left: Any, right: Any) -> bool:
    """Whether two property values mean the same to CloudFormation ("80" and 80, "true" and true)."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right or _same_scalar(left, right)


def _align_list(expected: list, actual: list) -> list:
    """Items that the template has stand where it has them; a changed one takes the free place; strangers follow."""
    rest = list(actual)
    matched = []
    for wanted in expected:
        match = next((item for item in rest if same(align(wanted, item), wanted)), _NOTHING)
        matched.append(match is not _NOTHING)
        if match is not _NOTHING:
            rest.remove(match)
    ordered = []
    for wanted, found in zip(expected, matched, strict=True):
        if found:
            ordered.append(wanted)
        elif rest:
            ordered.append(align(wanted, rest.pop(0), whole=True))
    return [*ordered, *rest]


def _same_scalar(left: Any, right: Any) -> bool:
    if isinstance(left, Mapping | list) or isinstance(right, Mapping | list) or left is None or right is None:
        return False
    return _plain(left) == _plain(right)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
