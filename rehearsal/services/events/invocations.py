"""Which rule made a call: the session under which EventBridge uses a target's role tells a service the rule.

On AWS the called service learns the rule's ARN from EventBridge itself.
"""

from __future__ import annotations

import hashlib
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.identity import Principal

_rules: dict[str, str] = {}


def session(rule: Any) -> str:
    name = f"AWSEvents_{hashlib.sha256(rule.arn.encode()).hexdigest()[:20]}"
    _rules[name] = rule.arn
    return name


def rule_of(principal: Principal) -> str | None:
    """The ARN of the rule whose target this principal calls for, if it is one."""
    return _rules.get(principal.session)


tasks.on_reset(_rules.clear)
