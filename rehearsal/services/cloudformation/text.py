"""A template's text, JSON or YAML with the short forms of the functions, as plain data.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from __future__ import annotations

import json
from typing import Any

import yaml

from rehearsal.kernel.errors import AwsError
from rehearsal.services.cloudformation.errors import invalid

_SHORT = [
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "ForEach",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
]


# No resource's properties are half as deep. What AWS's own readers bear is unchecked.
DEEPEST = 100


class _Loader(yaml.SafeLoader):
    """Dates stay text: a template's version is `2010-09-09`, and no property has a date's type."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise invalid("Template error: YAML aliases are not allowed in CloudFormation templates")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix not in _SHORT:
        raise invalid(f"Template format error: YAML not well-formed. {_place(node.start_mark)}")
    if suffix == "GetAtt" and isinstance(value, str):
        resource, _, attribute = value.partition(".")
        value = [resource, attribute]
    return {f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


def _mapping(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:
    """Keys are text in CloudFormation, also those that YAML takes for numbers or booleans."""
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode) or key_node.tag == "tag:yaml.org,2002:merge":
            raise invalid(f"Template format error: YAML not well-formed. {_place(key_node.start_mark)}")
        result[str(key_node.value)] = loader.construct_object(value_node, deep=True)
    return result


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.construct_mapping = _mapping  # type: ignore[method-assign, assignment]


def _unsupported(loader: _Loader, node: yaml.Node) -> Any:
    raise invalid(f"Template format error: YAML not well-formed. {_place(node.start_mark)}")


for _tag in ("binary", "omap", "pairs", "set", "timestamp"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _unsupported)


def _place(mark: yaml.Mark | None) -> str:
    return f"(line {mark.line + 1}, column {mark.column + 1})" if mark else "(line 1, column 1)"


def parse(text: str) -> dict[str, Any]:
    """@raises AwsError ValidationError that names the place."""
    stripped = text.lstrip("\ufeff \t\r\n")
    if stripped.startswith("{"):
        try:
            data = json.loads(stripped, parse_constant=_no_number)
        except json.JSONDecodeError as error:
            # A YAML flow mapping also begins with a brace.
            data = _yaml(text, f"JSON not well-formed. (line {error.lineno}, column {error.colno})")
        except (ValueError, RecursionError) as error:
            raise invalid("Template format error: JSON not well-formed. (line 1, column 1)") from error
    else:
        data = _yaml(text)
    if not isinstance(data, dict):
        raise invalid("Template format error: unsupported structure.")
    _refuse_depth(data)
    _refuse_half_characters(data)
    return data


class _Snippet(_Loader):
    """What AWS::Include brings: no short forms of functions."""


def _refuse_short_form(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    raise ValueError(f"!{suffix} is no YAML")


_Snippet.add_multi_constructor("!", _refuse_short_form)


def parse_snippet(text: str) -> Any:
    """A part of a template. @raises ValueError."""
    try:
        data = yaml.load(text, _Snippet)
    except (yaml.YAMLError, AwsError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if not isinstance(data, (dict, list)):
        raise ValueError("neither a map nor a list")
    _refuse_depth(data)
    return data


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _refuse_depth(data: Any) -> None:
    level = [data]
    for _ in range(DEEPEST):
        level = [
            item
            for holder in level
            for item in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(item, (dict, list))
        ]
        if not level:
            return
    raise invalid(f"Template format error: more than {DEEPEST} levels are not supported.")


def _refuse_half_characters(data: Any) -> None:
    """An escape may name half of a surrogate pair, which is no text."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise invalid("Template format error: unsupported character.") from error


def _yaml(text: str, otherwise: str = "") -> Any:
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise invalid(f"Template format error: {otherwise or f'YAML not well-formed. {_place(mark)}'}") from error
    # Besides YAML's own errors: a value that does not fit its tag, a nest without an end.
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise invalid(f"Template format error: {otherwise or 'YAML not well-formed. (line 1, column 1)'}") from error
