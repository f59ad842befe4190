"""The Rules section: assertions about parameters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.kernel.errors import NotImplementedByRehearsal
from rehearsal.services.cloudformation.conditions import truth
from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.intrinsics import resolve
from rehearsal.services.cloudformation.parameters import Parameter
from rehearsal.services.cloudformation.scope import Scope
from rehearsal.services.cloudformation.template import Template


def check(template: Template, parameters: Mapping[str, Parameter], pseudo: Mapping[str, Any]) -> None:
    """@raises AwsError ValidationError naming the first assertion that does not hold."""
    values = {name: parameter.effective for name, parameter in parameters.items()}
    scope = Scope(template, values, pseudo)
    for name, rule in template.section("Rules").items():
        _check_form(name, rule)
        if "RuleCondition" in rule and not _true(rule["RuleCondition"], scope):
            continue
        for assertion in rule["Assertions"]:
            if not _true(assertion["Assert"], scope):
                said = assertion.get("AssertDescription", "")
                raise invalid(f"Template error: Rule {name} failed: {said}".rstrip(": "))


def _check_form(name: str, rule: Any) -> None:
    """CloudFormation's own words for these are unchecked."""
    if not isinstance(rule, dict) or set(rule) - {"RuleCondition", "Assertions"}:
        raise invalid(
            f"Template format error: Rule {name} is malformed. It may have RuleCondition and Assertions only."
        )
    assertions = rule.get("Assertions")
    if not isinstance(assertions, list) or not all(isinstance(a, dict) and "Assert" in a for a in assertions):
        raise invalid(f"Template format error: Rule {name} is malformed. Every Rules object must contain Assertions.")


def _sides(name: str, argument: Any, scope: Scope) -> tuple[list[Any], Any]:
    """The resolved arguments of a function that looks for one thing in a list."""
    if not isinstance(argument, list) or len(argument) != 2:
        raise invalid(f"Template error: every {name} object requires two parameters")
    first, second = (resolve(side, scope) for side in argument)
    if not isinstance(first, list):
        raise invalid(f"Template error: every {name} object requires a list of strings as its first parameter")
    return first, second


def _conditions(name: str, argument: Any, least: int, most: int) -> list[Any]:
    if not isinstance(argument, list) or not least <= len(argument) <= most:
        raise invalid(f"Template error: every {name} object requires a list of {least} to {most} boolean parameters.")
    return argument


def _true(expression: Any, scope: Scope) -> bool:
    if isinstance(expression, dict) and len(expression) == 1:
        (name, argument), *_ = expression.items()
        if name == "Fn::Not":
            return not _true(_conditions(name, argument, 1, 1)[0], scope)
        if name == "Fn::And":
            return all([_true(side, scope) for side in _conditions(name, argument, 2, 10)])
        if name == "Fn::Or":
            return any([_true(side, scope) for side in _conditions(name, argument, 2, 10)])
        if name == "Fn::Contains":
            listed, wanted = _sides(name, argument, scope)
            return wanted in listed
        if name == "Fn::EachMemberEquals":
            listed, wanted = _sides(name, argument, scope)
            return all(member == wanted for member in listed)
        if name == "Fn::EachMemberIn":
            listed, allowed = _sides(name, argument, scope)
            if not isinstance(allowed, list):
                raise invalid(f"Template error: every {name} object requires two lists of strings")
            return all(member in allowed for member in listed)
        if name in ("Fn::ValueOf", "Fn::ValueOfAll", "Fn::RefAll"):
            raise NotImplementedByRehearsal("cloudformation", "Rules", name)
    return truth(expression, lambda condition: False, lambda value: resolve(value, scope))
