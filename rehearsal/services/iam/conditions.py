"""Condition operators and policy variables.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from rehearsal.kernel.wildcards import like

# Lower-case condition key -> its values (several for keys such as aws:TagKeys).
Context = Mapping[str, list[str]]


def _arn_like(pattern: str, value: str) -> bool:
    """Each of the six parts of the ARN is matched by itself."""
    wanted, given = pattern.split(":", 5), value.split(":", 5)
    return len(wanted) == len(given) and all(like(w, g) for w, g in zip(wanted, given, strict=True))


def _time(text: str) -> float:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _in_network(pattern: str, value: str) -> bool:
    return ipaddress.ip_address(value) in ipaddress.ip_network(pattern, strict=False)


# Operator -> (does this wanted value match this given one, is the operator a negation)
_OPERATORS: dict[str, tuple[Callable[[str, str], bool], bool]] = {
    "StringEquals": (lambda w, g: w == g, False),
    "StringNotEquals": (lambda w, g: w == g, True),
    "StringEqualsIgnoreCase": (lambda w, g: w.lower() == g.lower(), False),
    "StringNotEqualsIgnoreCase": (lambda w, g: w.lower() == g.lower(), True),
    "StringLike": (like, False),
    "StringNotLike": (like, True),
    "ArnEquals": (_arn_like, False),
    "ArnLike": (_arn_like, False),
    "ArnNotEquals": (_arn_like, True),
    "ArnNotLike": (_arn_like, True),
    "Bool": (lambda w, g: w.lower() == g.lower(), False),
    "NumericEquals": (lambda w, g: float(g) == float(w), False),
    "NumericNotEquals": (lambda w, g: float(g) == float(w), True),
    "NumericLessThan": (lambda w, g: float(g) < float(w), False),
    "NumericLessThanEquals": (lambda w, g: float(g) <= float(w), False),
    "NumericGreaterThan": (lambda w, g: float(g) > float(w), False),
    "NumericGreaterThanEquals": (lambda w, g: float(g) >= float(w), False),
    "DateEquals": (lambda w, g: _time(g) == _time(w), False),
    "DateNotEquals": (lambda w, g: _time(g) == _time(w), True),
    "DateLessThan": (lambda w, g: _time(g) < _time(w), False),
    "DateLessThanEquals": (lambda w, g: _time(g) <= _time(w), False),
    "DateGreaterThan": (lambda w, g: _time(g) > _time(w), False),
    "DateGreaterThanEquals": (lambda w, g: _time(g) >= _time(w), False),
    "IpAddress": (_in_network, False),
    "NotIpAddress": (_in_network, True),
    "BinaryEquals": (lambda w, g: base64.b64decode(w) == base64.b64decode(g), False),
}


def substitute(text: str, context: Context) -> str:
    """Replaces ${aws:username} and its like; a variable without a value makes the text match nothing real."""

    def value(found: re.Match[str]) -> str:
        name, _, default = found.group(1).partition(",")
        if name in ("*", "?", "$"):
            return name
        values = context.get(name.strip().lower())
        return values[0] if values else default.strip(" '") if default else found.group(0)

    return re.sub(r"\$\{([^}]+)\}", value, str(text))


def _one(operator: str, wanted: list[str], given: list[str] | None) -> bool:
    name = operator
    quantifier, _, rest = name.partition(":")
    if rest:
        name = rest
    else:
        quantifier = ""
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    if name == "Null":
        return any((given is None) == (value.lower() == "true") for value in wanted)
    if name not in _OPERATORS:
        return False
    match, negated = _OPERATORS[name]
    if given is None:
        return if_exists or negated or quantifier == "ForAllValues"

    def good(value: str) -> bool:
        try:
            return any(match(w, value) for w in wanted) != negated
        except (ValueError, OverflowError):
            return False

    if quantifier == "ForAllValues":
        return all(good(value) for value in given)
    if quantifier == "ForAnyValue":
        return any(good(value) for value in given)
    return all(good(value) for value in given) if negated else any(good(value) for value in given)


def holds(condition: Mapping[str, Any], context: Context) -> bool:
    """All operators and all keys must hold; of one key's values any."""
    for operator, keys in condition.items():
        for key, wanted in keys.items():
            values = [_text(v) for v in (wanted if isinstance(wanted, list) else [wanted])]
            if not _one(operator, [substitute(v, context) for v in values], context.get(key.lower())):
                return False
    return True


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
