"""From datapoints to a state: M out of N, and what to make of missing data.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

OPERATORS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanThreshold": (lambda v, t: v > t, "greater than"),
    "GreaterThanOrEqualToThreshold": (lambda v, t: v >= t, "greater than or equal to"),
    "LessThanThreshold": (lambda v, t: v < t, "less than"),
    "LessThanOrEqualToThreshold": (lambda v, t: v <= t, "less than or equal to"),
}


@dataclass(frozen=True)
class Rule:
    """`needed` of the last `periods` datapoints must breach; `missing` is the alarm's TreatMissingData."""

    operator: str
    threshold: float
    periods: int
    needed: int
    missing: str = "missing"

    @property
    def range(self) -> int:
        """How many datapoints are looked at: more than needed, so that late gaps can be skipped. AWS gives five for
        three as an example and keeps the exact number to itself."""
        return self.periods + 2

    def breaches(self, value: float) -> bool:
        return OPERATORS[self.operator][0](value, self.threshold)


@dataclass(frozen=True)
class Verdict:
    """`state` is None where the alarm keeps the one it has. `used` are the datapoints, the newest last."""

    state: str | None
    used: list[float]
    filled: int


def judge(rule: Rule, points: list[float | None]) -> Verdict:
    """`points` are the evaluation range's datapoints, the oldest first."""
    real = [p for p in points if p is not None]
    if len(real) >= rule.periods:
        last = real[-rule.periods :]
        breaching = sum(rule.breaches(p) for p in last)
        return Verdict("ALARM" if breaching >= rule.needed else "OK", last, 0)
    filled = rule.periods - len(real)
    breaching = sum(rule.breaches(p) for p in real)
    if rule.missing == "breaching":
        return Verdict("ALARM" if breaching + filled >= rule.needed else "OK", real, filled)
    if rule.missing == "notBreaching" or breaching >= rule.needed:
        return Verdict("ALARM" if breaching >= rule.needed else "OK", real, filled)
    if not real:
        return Verdict("INSUFFICIENT_DATA" if rule.missing == "missing" else None, real, filled)
    if breaching < len(real):
        return Verdict("OK", real, filled)
    # Only breaching datapoints and gaps. "ignore" keeps the state; "missing" goes to ALARM once the oldest breaching
    # datapoint is as old as the datapoints to alarm.
    oldest = next(i for i, p in enumerate(points) if p is not None)
    return Verdict("ALARM" if rule.missing == "missing" and len(points) - oldest >= rule.needed else None, real, filled)


def _plural(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def reason(rule: Rule, verdict: Verdict, period_ends: datetime) -> str:
    """In CloudWatch's words."""
    if verdict.state == "INSUFFICIENT_DATA":
        were = "was" if rule.periods == 1 else "were"
        return f"Insufficient Data: {_plural(rule.periods, 'datapoint')} {were} unknown."
    if not verdict.used:
        how = "Breaching" if rule.missing == "breaching" else "NonBreaching"
        were = "was" if verdict.filled == 1 else "were"
        return (
            f"Threshold Crossed: no datapoints were received for {_plural(rule.periods, 'period')} and "
            f"{_plural(verdict.filled, 'missing datapoint')} {were} treated as [{how}]."
        )
    stamp = period_ends.astimezone(UTC).strftime("%d/%m/%y %H:%M:%S")
    wanted = verdict.state == "ALARM"
    met = [v for v in verdict.used if rule.breaches(v) == wanted]
    values = ", ".join(f"{v} ({stamp})" for v in reversed(met))
    were = "was" if len(met) == 1 else "were"
    direction = "OK -> ALARM" if wanted else "ALARM -> OK"
    minimum = rule.needed if wanted else rule.periods - rule.needed + 1
    return (
        f"Threshold Crossed: {len(met)} out of the last {_plural(len(verdict.used), 'datapoint')} [{values}] {were} "
        f"{'' if wanted else 'not '}{OPERATORS[rule.operator][1]} the threshold ({rule.threshold}) "
        f"(minimum {_plural(minimum, 'datapoint')} for {direction} transition)."
    )
