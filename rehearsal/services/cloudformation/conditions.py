"""Conditions: which parts of a template count.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.template import PSEUDO, Template
from rehearsal.services.cloudformation.walk import function_of, references

Evaluate = Callable[[Any], Any]


def choose(argument: Any, conditions: Mapping[str, bool]) -> Any:
    """The branch of an Fn::If."""
    if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str):
        raise invalid("Template error: Fn::If requires a list argument with three elements")
    name, yes, no = argument
    if name not in conditions:
        raise invalid(f"Template error: unresolved condition dependency {name} in Fn::If")
    return yes if conditions[name] else no


def prune(value: Any, conditions: Mapping[str, bool]) -> Any:
    """The value with every Fn::If replaced by its branch, so that only what counts can be referred to."""
    found = function_of(value)
    if found and found[0] == "Fn::If":
        return prune(choose(found[1], conditions), conditions)
    if isinstance(value, dict):
        return {key: prune(item, conditions) for key, item in value.items()}
    if isinstance(value, list):
        return [prune(item, conditions) for item in value]
    return value


def evaluate(template: Template, value_of: Evaluate) -> dict[str, bool]:
    """All conditions of a template; `value_of` resolves what Fn::Equals compares."""
    defined = template.section("Conditions")
    refuse_resources(template)
    known: dict[str, bool] = {}
    open_names: list[str] = []

    def by_name(name: Any) -> bool:
        if not isinstance(name, str) or name not in defined:
            raise invalid(
                f"Template format error: Unresolved condition dependency {name} in the Conditions block of the template"
            )
        if name in open_names:
            raise invalid(f"Template error: Found circular condition dependency: [{', '.join(open_names)}]")
        if name not in known:
            open_names.append(name)
            known[name] = truth(defined[name], by_name, value_of)
            open_names.pop()
        return known[name]

    return {name: by_name(name) for name in defined}


def refuse_resources(template: Template) -> None:
    """Conditions are decided before any resource is there."""
    outside = {*template.section("Parameters"), *PSEUDO}
    strange = sorted({r.name for r in references(template.section("Conditions")) if r.name not in outside})
    if strange:
        raise invalid(
            f"Template format error: Unresolved dependencies [{', '.join(strange)}]. Cannot reference resources in the "
            "Conditions block of the template"
        )


def truth(expression: Any, by_name: Callable[[Any], bool], value_of: Evaluate) -> bool:
    """@raises AwsError ValidationError for anything but the condition functions."""
    if isinstance(expression, dict) and len(expression) == 1:
        (name, argument), *_ = expression.items()
        if name == "Condition":
            return by_name(argument)
        if name == "Fn::Equals":
            if not isinstance(argument, list) or len(argument) != 2:
                raise invalid("Template error: every Fn::Equals object requires a list of 2 string parameters.")
            left, right = (_comparable(value_of(side)) for side in argument)
            return left == right
        if name == "Fn::Not":
            if not isinstance(argument, list) or len(argument) != 1:
                raise invalid("Template error: every Fn::Not object requires one boolean parameter.")
            return not truth(argument[0], by_name, value_of)
        if name in ("Fn::And", "Fn::Or"):
            if not isinstance(argument, list) or not 2 <= len(argument) <= 10:
                raise invalid(
                    f"Template error: every {name} object requires a list of at least 2 and at most 10 boolean "
                    "parameters."
                )
            sides = [truth(side, by_name, value_of) for side in argument]
            return all(sides) if name == "Fn::And" else any(sides)
    if isinstance(expression, bool) or expression in ("true", "false"):
        return expression in (True, "true")
    raise invalid("Template format error: Conditions can only be boolean operations on parameters and other conditions")


def _comparable(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, (list, dict)) else str(value)
