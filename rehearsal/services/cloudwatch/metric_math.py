"""What metric math computes with: operators and functions over numbers and series.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list
A value is a number or a series: one number or None (no datapoint) for each period, the oldest first.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

Series = list[float | None]
Value = float | Series


@dataclass
class Scope:
    """`series` by query id, and the number of periods; `metrics` are the ids of plain metrics, for METRICS()."""

    series: dict[str, Value]
    periods: int
    metrics: list[str]


def spread(value: Value, periods: int) -> Series:
    return value if isinstance(value, list) else [value] * periods


def each(function: Callable[..., float | None], scope: Scope, *values: Value) -> Value:
    """Element by element; a missing datapoint on either side gives none."""
    if not any(isinstance(v, list) for v in values):
        result = function(*values)
        return math.nan if result is None else result
    rows = zip(*(spread(v, scope.periods) for v in values), strict=True)
    return [None if any(x is None for x in row) else function(*row) for row in rows]


OPERATORS: dict[str, Callable[[float, float], float | None]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b if b else None,
    "^": lambda a, b: a**b,
    "<": lambda a, b: float(a < b),
    ">": lambda a, b: float(a > b),
    "<=": lambda a, b: float(a <= b),
    ">=": lambda a, b: float(a >= b),
    "==": lambda a, b: float(a == b),
    "!=": lambda a, b: float(a != b),
    "AND": lambda a, b: float(bool(a) and bool(b)),
    "OR": lambda a, b: float(bool(a) or bool(b)),
}
def _fold(function: Callable[[list[float]], float]) -> Callable[[Scope, list[Value | list[Value]]], Value]:
    """Of one series: a number. Of several (an array, METRICS()): a series, over those that have a datapoint."""

    def apply(scope: Scope, arguments: list[Value | list[Value]]) -> Value:
        value = arguments[0]
        if isinstance(value, Several):
            rows = zip(*(spread(v, scope.periods) for v in value.values), strict=True)
            return [function(kept) if (kept := [x for x in row if x is not None]) else None for row in rows]
        if isinstance(value, list):
            kept = [x for x in value if isinstance(x, int | float)]
            return function(kept) if kept else math.nan
        return value

    return apply


class Several(list):  # type: ignore[type-arg]
    """An array of series; a list only so that it passes where values do."""

    def __init__(self, values: list[Value]) -> None:
        super().__init__()
        self.values = values


def _if(scope: Scope, arguments: list[Value]) -> Value:
    condition, yes = arguments[0], arguments[1]
    no: Value = arguments[2] if len(arguments) > 2 else [None] * scope.periods
    if not any(isinstance(v, list) for v in (condition, yes, no)):
        return yes if condition else no
    rows = zip(*(spread(v, scope.periods) for v in (condition, yes, no)), strict=True)
    return [None if c is None else (y if c else n) for c, y, n in rows]


def _fill(scope: Scope, arguments: list[Value]) -> Value:
    series, filler = arguments
    if isinstance(series, Several):
        return Several([_fill(scope, [one, filler]) for one in series.values])
    if not isinstance(series, list):
        return series
    if isinstance(filler, list):
        return [f if x is None else x for x, f in zip(series, filler, strict=True)]
    if isinstance(filler, str):
        filled: Series = []
        for x in series:
            filled.append(filled[-1] if x is None and filled else x)
        return filled
    return [filler if x is None else x for x in series]


def _rounding(function: Callable[[float], float]) -> Callable[[Scope, list[Value]], Value]:
    return lambda scope, arguments: each(function, scope, arguments[0])


FUNCTIONS: dict[str, tuple[Callable[..., Value], int, int]] = {
    "IF": (_if, 2, 3),
    "FILL": (_fill, 2, 2),
    "SUM": (_fold(sum), 1, 1),
    "AVG": (_fold(lambda xs: sum(xs) / len(xs)), 1, 1),
    "MIN": (_fold(min), 1, 1),
    "MAX": (_fold(max), 1, 1),
    "ABS": (_rounding(abs), 1, 1),
    "CEIL": (_rounding(math.ceil), 1, 1),
    "FLOOR": (_rounding(math.floor), 1, 1),
}


