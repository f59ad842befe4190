"""Whether the functions of a template are written as they must be; what they make of their values is not looked at.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.functions import is_scalar, whole
from rehearsal.services.cloudformation.template import Template
from rehearsal.services.cloudformation.walk import PLACE, VARIABLE_NAME, function_of, get_att_parts

EXTENDED = ("Fn::Length", "Fn::ToJsonString")
_PLAIN = [
    "Fn::And", "Fn::Base64", "Fn::Cidr", "Fn::Equals", "Fn::FindInMap", "Fn::GetAZs", "Fn::GetAtt", "Fn::If",
    "Fn::ImportValue", "Fn::Join", "Fn::Not", "Fn::Or", "Fn::Select", "Fn::Split", "Fn::Sub", "Fn::Transform",
]  # fmt: skip
# Where only what needs no resource may stand.
_IN_MAPS = ("Ref", "Fn::FindInMap")


def check_template(template: Template) -> None:
    """Also what a condition leaves out: CloudFormation looks at this before it knows any value."""
    for condition in template.section("Conditions").values():
        check(condition, template.language_extensions)
    for section in ("Resources", "Outputs"):
        for body in template.section(section).values():
            check({key: part for key, part in body.items() if key != "Metadata"}, template.language_extensions)


def check(value: Any, extended: bool) -> None:
    """All below `value`; `extended` with AWS::LanguageExtensions. @raises AwsError ValidationError."""
    found = function_of(value)
    if found:
        name, argument = found
        if name != "Ref" and name not in _PLAIN and not (extended and name in EXTENDED):
            raise invalid(
                f"Template error: Encountered unsupported function: {name} Supported functions are: "
                f"[{', '.join(_PLAIN)}]"
            )
        rule = _RULES.get(name)
        if rule is not None and not rule[0](argument, extended):
            raise invalid(f"Template error: {rule[1]}")
        if name == "Fn::Sub":
            _check_variables(argument)
    for item in _inside(value):
        check(item, extended)


def maps(value: Any) -> Iterator[Any]:
    """Every Fn::FindInMap below a value, whose result needs no resource and can be looked up at once."""
    found = function_of(value)
    if found and found[0] == "Fn::FindInMap":
        yield value
        return
    for item in _inside(value):
        yield from maps(item)


def _inside(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _check_variables(argument: Any) -> None:
    text = argument if isinstance(argument, str) else argument[0]
    if not all(VARIABLE_NAME.fullmatch(name.strip()) for name in PLACE.findall(text)):
        raise invalid(
            "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, "
            "periods, and colons"
        )


def _is(value: Any, kind: Callable[[Any], bool]) -> bool:
    """True for a value of the kind, and for a function, which may make one."""
    return function_of(value) is not None or kind(value)


def _text(value: Any) -> bool:
    return _is(value, is_scalar)


def _listed(argument: Any, *kinds: Callable[[Any], bool]) -> bool:
    return (
        isinstance(argument, list)
        and len(argument) == len(kinds)
        and all(kind(one) for kind, one in zip(kinds, argument, strict=True))
    )


def _list(value: Any) -> bool:
    return _is(value, lambda given: isinstance(given, list))


def _number(value: Any) -> bool:
    return _is(value, lambda given: whole(given) is not None)


def _selects(index: Any, values: Any) -> bool:
    """False for a place behind the end of a list that is written out, which is refused before any value is known."""
    place = whole(index) if is_scalar(index) else None
    return place is None or not isinstance(values, list) or place < len(values)


def _sub(argument: Any, extended: bool) -> bool:
    return isinstance(argument, str) or _listed(
        argument, lambda text: isinstance(text, str), lambda own: isinstance(own, dict)
    )


def _find_in_map(argument: Any, extended: bool) -> bool:
    if extended:
        return isinstance(argument, list) and len(argument) in (3, 4)
    return (
        isinstance(argument, list)
        and len(argument) == 3
        and all((function_of(part) or ("Ref",))[0] in _IN_MAPS and _text(part) for part in argument)
    )


def _get_att(argument: Any, extended: bool) -> bool:
    resource, attribute = get_att_parts(argument)
    return bool(resource) and bool(attribute) and _is(attribute, lambda name: isinstance(name, str))


_RULES: dict[str, tuple[Callable[[Any, bool], bool], str]] = {
    "Ref": (
        lambda a, _: isinstance(a, str),
        "every Ref object must have a single String value.",
    ),
    "Fn::Base64": (
        lambda a, _: _text(a),
        "every Fn::Base64 object must have a String-typed value.",
    ),
    "Fn::Cidr": (
        lambda a, _: function_of(a) is not None or _listed(a, _text, _number) or _listed(a, _text, _number, _number),
        "every Fn::Cidr object requires two or three parameters, a count and cidrBits that are integers among them",
    ),
    "Fn::FindInMap": (
        _find_in_map,
        "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return "
        "value",
    ),
    "Fn::GetAZs": (
        lambda a, _: _text(a),
        "every Fn::GetAZs object must have a String-typed value.",
    ),
    "Fn::GetAtt": (
        _get_att,
        "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
    ),
    "Fn::If": (
        lambda a, _: isinstance(a, list) and len(a) == 3 and isinstance(a[0], str),
        "Fn::If requires a list argument with three elements",
    ),
    "Fn::ImportValue": (
        lambda a, _: _text(a),
        "the attribute in Fn::ImportValue must not depend on any resources",
    ),
    "Fn::Join": (
        lambda a, _: _listed(a, lambda mark: isinstance(mark, str), _list),
        "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined "
        "or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
    ),
    "Fn::Select": (
        lambda a, _: _listed(a, _number, _list) and _selects(*a),
        "Fn::Select requires a list argument with two elements: an integer index and a list",
    ),
    "Fn::Split": (
        lambda a, _: _listed(a, lambda mark: isinstance(mark, str) and mark != "", _text),
        "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a "
        "function that returns a string to be split.",
    ),
    "Fn::Sub": (
        _sub,
        "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, "
        "and an optional second argument to specify a mapping of values to replace in the string",
    ),
}
