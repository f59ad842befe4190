"""The intrinsic functions.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

import base64
import ipaddress
import json
from collections.abc import Callable
from typing import Any

from rehearsal.cloudformation.conditions import choose
from rehearsal.cloudformation.errors import invalid
from rehearsal.cloudformation.scope import NO_VALUE, UNKNOWN, Scope, is_unknown
from rehearsal.cloudformation.walk import VARIABLE, function_of, get_att_parts
from rehearsal.kernel.errors import NotImplementedByRehearsal

_PLAIN = [
    "Base64",
    "Cidr",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Ref",
    "Select",
    "Split",
    "Sub",
    "Transform",
    "And",
    "Equals",
    "Not",
    "Or",
]


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
        extended = name in ("Fn::Length", "Fn::ToJsonString")
        if function is None or (extended and not scope.template.language_extensions):
            supported = ", ".join(n if n == "Ref" else f"Fn::{n}" for n in sorted(_PLAIN))
            raise invalid(
                f"Template error: Encountered unsupported function: {name} Supported functions are: [{supported}]"
            )
        return function(argument, scope)
    if isinstance(value, dict):
        items = ((key, resolve(item, scope)) for key, item in value.items())
        return {key: item for key, item in items if item is not NO_VALUE}
    if isinstance(value, list):
        return [item for item in (resolve(item, scope) for item in value) if item is not NO_VALUE]
    return value


def text_of(value: Any) -> str:
    """A scalar as CloudFormation writes it into text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def _join(argument: Any, scope: Scope) -> Any:
    wrong = invalid(
        "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of "
        "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined."
    )
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
        raise wrong
    parts = resolve(argument[1], scope)
    if is_unknown(parts):
        return UNKNOWN
    if not isinstance(parts, list) or not all(_scalar(part) for part in parts):
        raise wrong
    return argument[0].join(text_of(part) for part in parts)


def _split(argument: Any, scope: Scope) -> Any:
    wrong = invalid(
        "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to "
        "be split or a function that returns a string to be split."
    )
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str) or not argument[0]:
        raise wrong
    text = resolve(argument[1], scope)
    if is_unknown(text):
        return UNKNOWN
    if not isinstance(text, str):
        raise wrong
    return text.split(argument[0])


def _select(argument: Any, scope: Scope) -> Any:
    wrong = invalid(
        "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
    )
    if not isinstance(argument, list) or len(argument) != 2:
        raise wrong
    index, values = resolve(argument[0], scope), resolve(argument[1], scope)
    if is_unknown(values) and not isinstance(values, list):
        return UNKNOWN
    if not isinstance(values, list) or not text_of(index).isdigit():
        raise wrong
    if int(index) >= len(values):
        raise invalid(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
    return values[int(index)]


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
        if not _scalar(found):
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


def _base64(argument: Any, scope: Scope) -> Any:
    value = resolve(argument, scope)
    if is_unknown(value):
        return UNKNOWN
    if not _scalar(value):
        raise invalid("Template error: every Fn::Base64 object must have a String-typed value.")
    return base64.b64encode(text_of(value).encode()).decode()


def _cidr(argument: Any, scope: Scope) -> Any:
    parts = resolve(argument, scope)
    if is_unknown(parts):
        return UNKNOWN
    if not isinstance(parts, list) or len(parts) not in (2, 3):
        raise invalid("Template error: every Fn::Cidr object requires two or three parameters")
    try:
        network = ipaddress.ip_network(text_of(parts[0]))
        count = int(parts[1])
        bits = int(parts[2]) if len(parts) == 3 else 8
        subnets = network.subnets(new_prefix=network.max_prefixlen - bits)
        result = [str(subnet) for subnet, _ in zip(subnets, range(count), strict=False)]
    except ValueError as error:
        raise invalid(f"Template error: Fn::Cidr: {error}") from error
    if len(result) < count or not 1 <= count <= 256:
        raise invalid(f"Template error: Fn::Cidr cannot make {count} blocks of {bits} bits from {parts[0]}")
    return result


def _zones(argument: Any, scope: Scope) -> Any:
    region = resolve(argument, scope)
    if not isinstance(region, str):
        raise invalid("Template error: every Fn::GetAZs object must have a String-typed value.")
    return scope.zones(region or scope.pseudo["AWS::Region"])


def _import(argument: Any, scope: Scope) -> Any:
    name = resolve(argument, scope)
    if is_unknown(name):
        return UNKNOWN
    if not _scalar(name):
        raise invalid("Template error: the attribute in Fn::ImportValue must not depend on any resources")
    return scope.export(text_of(name))


def _length(argument: Any, scope: Scope) -> Any:
    value = resolve(argument, scope)
    if not isinstance(value, list):
        raise invalid("Template error: Fn::Length needs a list")
    return len(value)


def _json(argument: Any, scope: Scope) -> Any:
    value = resolve(argument, scope)
    if not isinstance(value, (dict, list)):
        raise invalid("Template error: Fn::ToJsonString needs an object or an array")
    return UNKNOWN if is_unknown(value) else json.dumps(value, separators=(",", ":"))


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
    name, first, second = (resolve(part, scope) for part in argument[:3])
    default = argument[3].get("DefaultValue", NO_VALUE) if len(argument) == 4 else NO_VALUE
    if default is not NO_VALUE and not scope.template.language_extensions:
        raise wrong
    mappings = scope.template.section("Mappings")
    if name not in mappings and default is NO_VALUE:
        raise invalid(f"Template error: Mapping named '{name}' is not present in the 'Mappings' section of template.")
    found = (mappings.get(name, {}).get(text_of(first)) or {}).get(text_of(second), NO_VALUE)
    if found is not NO_VALUE:
        return found
    if default is NO_VALUE:
        raise invalid(f"Template error: Unable to get mapping for {name}::{first}::{second}")
    return resolve(default, scope)


_FUNCTIONS: dict[str, Callable[[Any, Scope], Any]] = {
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _zones,
    "Fn::GetAtt": _get_att,
    "Fn::If": lambda argument, scope: resolve(choose(argument, scope.conditions), scope),
    "Fn::ImportValue": _import,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _json,
    "Fn::Transform": _transform,
}
