"""A template's parameters: what is declared, what is given, and whether that fits.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal import patterns
from rehearsal.services.cloudformation import parameter_types
from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.functions import is_scalar, text_of
from rehearsal.services.cloudformation.template import Template

MASK = "****"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
LONGEST_VALUE = 4096
LONGEST_DESCRIPTION = 4000
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_MEMBERS = [
    "Type",
    "Default",
    "Description",
    "NoEcho",
    "AllowedValues",
    "AllowedPattern",
    "MinLength",
    "MaxLength",
    "MinValue",
    "MaxValue",
    "ConstraintDescription",
]


@dataclass(frozen=True)
class Parameter:
    """`given` is what the caller said (an SSM type's name of a parameter), `value` the text that counts."""

    name: str
    type: str
    given: str
    value: str
    no_echo: bool

    @property
    def effective(self) -> str | list[str]:
        """What Ref gives: a list for the list types."""
        return parameter_types.effective(self.type, self.value)

    def described(self) -> dict[str, Any]:
        shown = {"ParameterKey": self.name, "ParameterValue": MASK if self.no_echo else self.given}
        if parameter_types.ssm_inner(self.type):
            shown["ResolvedValue"] = MASK if self.no_echo else self.value
        return shown


def check_declarations(template: Template) -> None:
    for name, declared in template.section("Parameters").items():
        if not isinstance(declared, dict) or not isinstance(declared.get("Type"), str):
            raise invalid(f"Template format error: Every Parameters object must contain a Type member. ({name})")
        unknown = [key for key in declared if key not in _MEMBERS]
        if unknown:
            raise invalid(f"Invalid template parameter property '{unknown[0]}'")
        if not parameter_types.known(declared["Type"]):
            raise invalid(
                f"Template format error: Unrecognized parameter type: {declared['Type']} for parameter {name}"
            )
        _check_members(name, declared)
        default = declared.get("Default")
        if default is not None and not parameter_types.ssm_inner(declared["Type"]):
            check_value(name, declared, text_of(default))


def _check_members(name: str, declared: Mapping[str, Any]) -> None:
    """That the constraints are such. CloudFormation's own words for most of it are unchecked."""

    def refuse(member: str, what: str) -> Exception:
        return invalid(f"Template format error: Every {member} member must be {what}. ({name})")

    for member in ("Default", "Description", "AllowedPattern", "ConstraintDescription"):
        if isinstance(declared.get(member, ""), (list, dict)):
            raise refuse(member, "a string")
    for member in ("MinLength", "MaxLength"):
        if not _WHOLE.fullmatch(text_of(declared.get(member, 0))):
            raise refuse(member, "an integer")
    for member in ("MinValue", "MaxValue"):
        if not _NUMBER.fullmatch(text_of(declared.get(member, 0))):
            raise refuse(member, "a number")
    if text_of(declared.get("NoEcho", False)).lower() not in ("true", "false"):
        raise refuse("NoEcho", "a boolean")
    allowed = declared.get("AllowedValues", [])
    if not isinstance(allowed, list) or not all(is_scalar(choice) for choice in allowed):
        raise refuse("AllowedValues", "a list of strings")
    if len(text_of(declared.get("Description", ""))) > LONGEST_DESCRIPTION:
        raise invalid(f"Template format error: 'Description' length is greater than {LONGEST_DESCRIPTION}. ({name})")
    if "AllowedPattern" in declared:
        _pattern(name, text_of(declared["AllowedPattern"]))


def _pattern(name: str, pattern: str) -> patterns.Expression:
    try:
        return patterns.java(pattern)
    except patterns.PatternError as error:
        raise invalid(
            f"Template format error: AllowedPattern {pattern} of parameter {name} is not a valid regular expression: "
            f"{error}"
        ) from error


def _fits(name: str, pattern: str, value: str) -> bool:
    """The whole value must match. An expression that would take for ever is refused where AWS may wait longer."""
    try:
        return _pattern(name, pattern).whole(value)
    except patterns.TooSlow as error:
        raise invalid(f"Parameter '{name}' cannot be matched against pattern {pattern} in time") from error


def gather(
    template: Template,
    given: list[dict[str, Any]],
    previous: Mapping[str, Parameter],
    from_store: Callable[[list[str]], dict[str, str]],
) -> dict[str, Parameter]:
    """The values of all declared parameters. `from_store` reads SSM parameters.

    @raises AwsError ValidationError, with all missing or all strange names at once.
    """
    declared = template.section("Parameters")
    if not all("ParameterKey" in item for item in given):
        raise invalid("Every parameter must have a ParameterKey.")
    names = [item["ParameterKey"] for item in given]
    asked = dict(zip(names, given, strict=True))
    if len(asked) < len(given):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise invalid(f"Parameters: [{', '.join(twice)}] are specified more than once")
    strange = [name for name in asked if name not in declared]
    if strange:
        raise invalid(f"Parameters: [{', '.join(strange)}] do not exist in the template")
    values: dict[str, str] = {}
    for name, declaration in declared.items():
        item = asked.get(name, {})
        if item.get("UsePreviousValue"):
            if "ParameterValue" in item:
                raise invalid(
                    f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true and non "
                    "empty value for a parameter"
                )
            if name not in previous:
                raise invalid(
                    f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true for a "
                    "parameter key not in the previous template"
                )
            values[name] = previous[name].given
        elif item.get("ParameterValue") is not None:
            values[name] = item["ParameterValue"]
        elif declaration.get("Default") is not None:
            values[name] = text_of(declaration["Default"])
    missing = [name for name in declared if name not in values]
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    stored = [values[name] for name, d in declared.items() if parameter_types.ssm_inner(d["Type"])]
    found = from_store(stored) if stored else {}
    result = {}
    for name, declaration in declared.items():
        value = values[name]
        if parameter_types.ssm_inner(declaration["Type"]):
            value = found[value]
        check_value(name, declaration, value)
        no_echo = text_of(declaration.get("NoEcho", False)).lower() == "true"
        result[name] = Parameter(name, declaration["Type"], values[name], value, no_echo)
    return result


def check_value(name: str, declared: Mapping[str, Any], value: str) -> None:
    """The constraints that a template sets. @raises AwsError ValidationError."""
    kind = parameter_types.ssm_inner(declared["Type"]) or declared["Type"]
    said = declared.get("ConstraintDescription")

    def refuse(message: str) -> Exception:
        if said:
            return invalid(f"Parameter '{name}' failed to satisfy constraint: {said}")
        return invalid(f"Parameter '{name}' {message}")

    if len(value.encode(errors="replace")) > LONGEST_VALUE:
        raise invalid(f"Parameter '{name}' is longer than {LONGEST_VALUE} bytes")
    parts = parameter_types.parts(kind, value)
    if kind in ("Number", "List<Number>"):
        for part in parts:
            if not _NUMBER.fullmatch(part):
                raise refuse("must be a number")
            if "MinValue" in declared and float(part) < float(declared["MinValue"]):
                raise refuse(f"must be a number not less than {text_of(declared['MinValue'])}")
            if "MaxValue" in declared and float(part) > float(declared["MaxValue"]):
                raise refuse(f"must be a number not greater than {text_of(declared['MaxValue'])}")
    allowed = declared.get("AllowedValues")
    pattern = declared.get("AllowedPattern")
    for part in parts or ([""] if allowed or pattern else []):
        if allowed is not None and part not in [text_of(choice) for choice in allowed]:
            raise refuse("must be one of AllowedValues")
        if pattern is not None and not _fits(name, text_of(pattern), part):
            raise refuse(f"must match pattern {pattern}")
        if "MinLength" in declared and len(part) < int(declared["MinLength"]):
            raise refuse(f"must contain at least {declared['MinLength']} characters")
        if "MaxLength" in declared and len(part) > int(declared["MaxLength"]):
            raise refuse(f"must contain at most {declared['MaxLength']} characters")


def declared_as_summary(template: Template, constraints: bool) -> list[dict[str, Any]]:
    """The parameters as ValidateTemplate (no type or constraints) and GetTemplateSummary show them."""
    result = []
    for name, declared in template.section("Parameters").items():
        shown: dict[str, Any] = {
            "ParameterKey": name,
            "NoEcho": text_of(declared.get("NoEcho", False)).lower() == "true",
        }
        if declared.get("Default") is not None:
            shown["DefaultValue"] = text_of(declared["Default"])
        if declared.get("Description"):
            shown["Description"] = text_of(declared["Description"])
        if constraints:
            allowed = declared.get("AllowedValues")
            shown["ParameterType"] = declared["Type"]
            shown["ParameterConstraints"] = {"AllowedValues": [text_of(a) for a in allowed]} if allowed else {}
        result.append(shown)
    return result
