"""Pure policy evaluation: statements against an action, a resource and a context.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rehearsal.kernel.wildcards import like
from rehearsal.services.iam.conditions import Context, holds, substitute

Verdict = Literal["allow", "deny", "none"]


@dataclass(frozen=True)
class Question:
    """`context` maps lower-case condition keys to one or many values."""

    action: str
    resource: str
    context: Context
    principals: frozenset[str] = frozenset()


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _about_action(statement: Mapping[str, Any], action: str) -> bool:
    if "NotAction" in statement:
        return not any(like(p, action, True) for p in as_list(statement["NotAction"]))
    return any(like(p, action, True) for p in as_list(statement.get("Action")))


def _about_resource(statement: Mapping[str, Any], question: Question) -> bool:
    def matches(patterns: Any) -> bool:
        return any(like(substitute(p, question.context), question.resource) for p in as_list(patterns))

    if "NotResource" in statement:
        return not matches(statement["NotResource"])
    return "Resource" not in statement or matches(statement["Resource"])


def _about_principal(statement: Mapping[str, Any], principals: frozenset[str]) -> bool:
    """For policies of resources and for trust: identity policies name no principal."""
    if "NotPrincipal" in statement:
        return not _named(statement["NotPrincipal"], principals)
    if "Principal" not in statement:
        return True
    return _named(statement["Principal"], principals)


def _named(principal: Any, principals: frozenset[str]) -> bool:
    if principal == "*":
        return True
    values = [v for many in principal.values() for v in as_list(many)]
    # A bare account id stands for the account's root.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    wanted = {f"arn:aws:iam::{v}:root" if re.fullmatch(r"\d{12}", v) else v for v in values}
    return "*" in wanted or bool(wanted & principals)


def decide(policies: Iterable[Mapping[str, Any]], question: Question) -> Verdict:
    """deny if any statement denies, else allow if any allows, else none."""
    verdict: Verdict = "none"
    for policy in policies:
        for statement in as_list(policy.get("Statement")):
            if not _about_principal(statement, question.principals) or not _about_action(statement, question.action):
                continue
            if not _about_resource(statement, question) or not holds(statement.get("Condition", {}), question.context):
                continue
            if statement.get("Effect") == "Deny":
                return "deny"
            verdict = "allow"
    return verdict
