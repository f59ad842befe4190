"""Evaluates the intrinsic functions of a template's piece.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.kernel.errors import NotImplementedByRehearsal
from rehearsal.services.cloudformation import functions
from rehearsal.services.cloudformation.conditions import choose
from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.functions import is_scalar, text_of
from rehearsal.services.cloudformation.scope import NO_VALUE, UNKNOWN, Scope, is_unknown
from rehearsal.services.cloudformation.walk import VARIABLE, function_of, get_att_parts

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-findinmap.html
_IN_MAPS = ("Ref", "Fn::FindInMap")
_EXTENDED = ("Fn::Length", "Fn::ToJsonString")


def resolve(value: Any, scope: Scope) -> Any:
    """The value with every function done. Missing values (AWS::NoValue) leave their maps and lists.

    @raises AwsError ValidationError in CloudFormation's words.
    """
    found = function_of(value)
    if found:
        name, argument = found
        if name == "Ref":
            if not isinstance(argument, str):
                raise invalid("Template error: every Ref object must have a single String value.")
            return scope.ref(argument)
        function = _FUNCTIONS.get(name)
        if function is None or (name in _EXTENDED and not scope.template.language_extensions):
            plain = sorted(
                [*(n for n in _FUNCTIONS if n not in _EXTENDED), "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"]
            )
            raise invalid(
                f"Template error: Encountered unsupported function: {name} Supported functions are: "
                f"[{', '.join(plain)}]"
            )
        return function(argument, scope)
    if isinstance(value, dict):
        items = ((key, resolve(item, scope)) for key, item in value.items())
        return {key: item for key, item in items if item is not NO_VALUE}
    if isinstance(value, list):
        return [item for item in (resolve(item, scope) for item in value) if item is not NO_VALUE]
    return value


def _of_known(function: Callable[[Any], Any], listed: bool = False) -> Callable[[Any, Scope], Any]:
    """A function of resolved arguments; of an unknown one the result is unknown."""

    def apply(argument: Any, scope: Scope) -> Any:
        resolved = resolve(argument, scope)
        if is_unknown(resolved):
            return UNKNOWN
        return function(resolved if isinstance(resolved, list) or not listed else [])

    return apply


def _select(argument: Any, scope: Scope) -> Any:
    """One known item of a partly unknown list is known."""
    resolved = resolve(argument, scope)
    if (
        isinstance(resolved, list)
        and len(resolved) == 2
        and is_unknown(resolved[1])
        and not isinstance(resolved[1], list)
    ):
        return UNKNOWN
    return functions.select(resolved if isinstance(resolved, list) else [])


def _sub(argument: Any, scope: Scope) -> Any:
    text, own = argument, {}
    if isinstance(argument, list) and len(argument) == 2:
        text, own = argument
    if not isinstance(text, str) or not isinstance(own, dict):
        raise invalid(
            "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a "
            "string as first argument, and an optional second argument to specify a mapping of values to replace in "
            "the string"
        )
    unknown = False

    def value(match: Any) -> str:
        nonlocal unknown
        name = match.group(1).strip()
        if name in own:
            found = resolve(own[name], scope)
        elif "." in name:
            resource, _, attribute = name.partition(".")
            found = scope.resource(resource, attribute)
        else:
            found = scope.ref(name)
        if is_unknown(found):
            unknown = True
            return ""
        if not is_scalar(found):
            raise invalid(f"Template error: variable {name} in Fn::Sub expression does not resolve to a string")
        return text_of(found)

    result = VARIABLE.sub(value, text).replace("${!", "${")
    return UNKNOWN if unknown else result


def _get_att(argument: Any, scope: Scope) -> Any:
    resource, attribute = get_att_parts(argument)
    attribute = resolve(attribute, scope) if attribute is not None else None
    if not resource or not isinstance(attribute, str) or not attribute:
        raise invalid(
            "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the "
            "resource attribute"
        )
    return scope.resource(resource, attribute)


def _zones(argument: Any, scope: Scope) -> Any:
    region = resolve(argument, scope)
    if not isinstance(region, str):
        raise invalid("Template error: every Fn::GetAZs object must have a String-typed value.")
    return scope.zones(region or scope.pseudo["AWS::Region"])


def _import(argument: Any, scope: Scope) -> Any:
    name = resolve(argument, scope)
    if is_unknown(name):
        return UNKNOWN
    if not is_scalar(name):
        raise invalid("Template error: the attribute in Fn::ImportValue must not depend on any resources")
    return scope.export(text_of(name))


def _transform(argument: Any, scope: Scope) -> Any:
    name = argument.get("Name", "") if isinstance(argument, dict) else ""
    raise NotImplementedByRehearsal("cloudformation", "Fn::Transform", str(name))


def _find_in_map(argument: Any, scope: Scope) -> Any:
    wrong = invalid(
        "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the "
        "attribute for return value"
    )
    if not isinstance(argument, list) or len(argument) not in (3, 4):
        raise wrong
    if len(argument) == 4 and not (isinstance(argument[3], dict) and set(argument[3]) == {"DefaultValue"}):
        raise wrong
    default = argument[3]["DefaultValue"] if len(argument) == 4 else NO_VALUE
    if not scope.template.language_extensions and (
        default is not NO_VALUE or any((function_of(part) or ("Ref",))[0] not in _IN_MAPS for part in argument[:3])
    ):
        raise wrong
    name, first, second = (resolve(part, scope) for part in argument[:3])
    if not all(is_scalar(part) for part in (name, first, second)):
        raise wrong
    mappings = scope.template.section("Mappings")
    if text_of(name) not in mappings and default is NO_VALUE:
        raise invalid(f"Template error: Mapping named '{name}' is not present in the 'Mappings' section of template.")
    found = (mappings.get(text_of(name), {}).get(text_of(first)) or {}).get(text_of(second), NO_VALUE)
    if found is not NO_VALUE:
        return found
    if default is NO_VALUE:
        raise invalid(f"Template error: Unable to get mapping for {name}::{first}::{second}")
    return resolve(default, scope)


_FUNCTIONS: dict[str, Callable[[Any, Scope], Any]] = {
    "Fn::Base64": _of_known(functions.encode),
    "Fn::Cidr": _of_known(functions.cidr, listed=True),
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _zones,
    "Fn::GetAtt": _get_att,
    "Fn::If": lambda argument, scope: resolve(choose(argument, scope.conditions), scope),
    "Fn::ImportValue": _import,
    "Fn::Join": _of_known(functions.join, listed=True),
    "Fn::Length": _of_known(functions.length),
    "Fn::Select": _select,
    "Fn::Split": _of_known(functions.split, listed=True),
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _of_known(functions.to_json),
    "Fn::Transform": _transform,
}
