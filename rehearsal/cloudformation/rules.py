"""The Rules section: assertions about parameters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.cloudformation.conditions import truth
from rehearsal.cloudformation.errors import invalid
from rehearsal.cloudformation.intrinsics import resolve
from rehearsal.cloudformation.parameters import Parameter
from rehearsal.cloudformation.scope import Scope
from rehearsal.cloudformation.template import Template
from rehearsal.kernel.errors import NotImplementedByRehearsal


def check(template: Template, parameters: Mapping[str, Parameter], pseudo: Mapping[str, Any]) -> None:
    """@raises AwsError ValidationError naming the first assertion that does not hold."""
    values = {name: parameter.effective for name, parameter in parameters.items()}
    scope = Scope(template, values, pseudo)
    for name, rule in template.section("Rules").items():
        if "RuleCondition" in rule and not _true(rule["RuleCondition"], scope):
            continue
        for assertion in rule.get("Assertions", []):
            if not _true(assertion.get("Assert"), scope):
                said = assertion.get("AssertDescription", "")
                raise invalid(f"Template error: Rule {name} failed: {said}".rstrip(": "))


def _true(expression: Any, scope: Scope) -> bool:
    if isinstance(expression, dict) and len(expression) == 1:
        (name, argument), *_ = expression.items()
        if name == "Fn::Not":
            return not _true(argument[0], scope)
        if name == "Fn::And":
            return all(_true(side, scope) for side in argument)
        if name == "Fn::Or":
            return any(_true(side, scope) for side in argument)
        if name == "Fn::Contains":
            return resolve(argument[1], scope) in resolve(argument[0], scope)
        if name == "Fn::EachMemberEquals":
            wanted = resolve(argument[1], scope)
            return all(member == wanted for member in resolve(argument[0], scope))
        if name == "Fn::EachMemberIn":
            allowed = resolve(argument[1], scope)
            return all(member in allowed for member in resolve(argument[0], scope))
        if name in ("Fn::ValueOf", "Fn::ValueOfAll", "Fn::RefAll"):
            raise NotImplementedByRehearsal("cloudformation", "Rules", name)
    return truth(expression, lambda condition: False, lambda value: resolve(value, scope))
