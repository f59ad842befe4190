"""The rules of stage conditions that are evaluated here, and what results each kind of condition allows.

https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-conditions.html
"""

from __future__ import annotations

import re
from typing import Any

from rehearsal import patterns
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.services.codepipeline import variables

RESULTS = {"beforeEntry": ("FAIL", "SKIP"), "onSuccess": ("FAIL", "ROLLBACK"), "onFailure": ("ROLLBACK",)}
OPERATORS = ("EQ", "NE", "MATCHES", "CONTAINS")
# provider -> (required, optional) configuration
KNOWN = {
    "VariableCheck": (("Variable", "Value", "Operator"), ()),
    "CloudWatchAlarm": (("AlarmName",), ("AlarmStates", "WaitTime")),
}
ELSEWHERE = ("LambdaInvoke", "CodeBuild", "Commands", "DeploymentWindow")


def check(stage: str, result: str, rule: dict[str, Any]) -> None:
    """@raises AwsError InvalidStageDeclarationException, NotImplementedByRehearsal."""
    name, kind = rule["name"], rule["ruleTypeId"]
    provider, configuration = kind["provider"], rule.get("configuration") or {}
    if provider in ELSEWHERE:
        raise NotImplementedByRehearsal("codepipeline", "CreatePipeline", f"rule provider {provider}")
    if provider not in KNOWN or kind["category"] != "Rule":
        raise _invalid(f"Stage {stage}: rule {name} has an unknown type {kind['category']} {provider}")
    if result == "SKIP" and provider != "VariableCheck":
        raise _invalid(f"Stage {stage}: rule {name}: {provider} is not supported with the result SKIP")
    required, optional = KNOWN[provider]
    for key in required:
        if key not in configuration:
            raise _invalid(f"Rule configuration for rule '{name}' is missing required configuration '{key}'")
    for key in configuration:
        if key not in (*required, *optional):
            raise _invalid(f"Rule configuration for rule '{name}' contains unknown configuration '{key}'")
    if provider == "VariableCheck" and configuration["Operator"] not in OPERATORS:
        raise _invalid(f"Rule '{name}': Operator must be one of {', '.join(OPERATORS)}")
    try:
        _check_values(configuration)
    except ValueError as error:
        raise _invalid(f"Rule '{name}': {error}") from error


def _check_values(configuration: dict[str, str]) -> None:
    """What holds variables is seen only when the rule runs. That AWS looks at an expression and a wait time as early
    as this is unchecked. @raises ValueError."""
    value, wait = configuration.get("Value", ""), configuration.get("WaitTime", "0")
    if configuration.get("Operator") == "MATCHES" and not variables.REFERENCE.search(value):
        try:
            patterns.java(value)
        except patterns.PatternError as error:
            raise ValueError(f"Value '{value}' is no regular expression: {error}") from error
    if not variables.REFERENCE.search(wait) and not re.fullmatch(r"[0-9]{1,9}", wait):
        raise ValueError(f"WaitTime '{wait}' is no number of minutes")


def _invalid(text: str) -> AwsError:
    return AwsError("InvalidStageDeclarationException", text)
