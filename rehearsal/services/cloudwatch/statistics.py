"""Statistics over the data of one period.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

SIMPLE = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)$")


def known(statistic: str) -> bool:
    return statistic in SIMPLE or _PERCENTILE.match(statistic) is not None


def _values(data: Iterable[Any]) -> Counter[float]:
    """How often each value was seen; a plain statistic set does not tell, as on AWS."""
    seen: Counter[float] = Counter()
    for datum in data:
        if hasattr(datum, "values"):
            seen.update(datum.values)
        elif hasattr(datum, "value"):
            seen[datum.value] += 1
    return seen


def compute(statistic: str, data: list[Any]) -> float | None:
    """None where the data cannot give this statistic."""
    if not data:
        return None
    percentile = _PERCENTILE.match(statistic)
    if percentile:
        return _percentile(_values(data), float(percentile.group(1)))
    count = sum(d.sample_count if hasattr(d, "sample_count") else 1 for d in data)
    total = sum(d.sum if hasattr(d, "sum") else d.value for d in data)
    match statistic:
        case "SampleCount":
            return float(count)
        case "Sum":
            return float(total)
        case "Average":
            return float(total / count) if count else None
        case "Minimum":
            return float(min(d.min if hasattr(d, "min") else d.value for d in data))
        case "Maximum":
            return float(max(d.max if hasattr(d, "max") else d.value for d in data))
    return None


def _percentile(seen: Counter[float], share: float) -> float | None:
    wanted = share / 100 * sum(seen.values())
    passed = 0
    for value in sorted(seen):
        passed += seen[value]
        if passed >= wanted:
            return value
    return None
