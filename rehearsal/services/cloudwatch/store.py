"""Metric data: written by the rehearsal's services into moto's list, read by alarms through an index of it.

Time: a datum's timestamp is real. An alarm's period of 60 s is 60 s divided by the rehearsal's speed, so the alarm
looks at timestamps in "AWS time", which is the real time multiplied by the speed.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from moto.backends import get_backend
from moto.cloudwatch.models import MetricAggregatedDatum

from rehearsal.kernel import tasks

# moto keeps every datum for good; beyond this many the older half goes.
LIMIT = 60_000

Dimensions = list[dict[str, str]]
Key = tuple[str, str, frozenset[tuple[str, str]]]


class Distribution(MetricAggregatedDatum):
    """A statistic set that also knows how often each value was seen, for percentiles."""

    def __init__(self, values: Counter[float], **rest: Any) -> None:
        total = sum(values.values())
        super().__init__(
            min_stat=min(values), max_stat=max(values), sample_count=total,
            sum_stat=sum(v * n for v, n in values.items()), **rest,
        )  # fmt: skip
        self.values = values


def minute_start() -> float:
    """The real time at which the last complete minute of AWS time began."""
    minute = int(time.time() * tasks.speed() // 60) - 1
    # A hair later, so that dividing and multiplying by the speed cannot fall into the minute before.
    return minute * 60 / tasks.speed() + 0.001


def record(
    account: str, region: str, namespace: str, name: str,
    dimensions: dict[str, str], values: Counter[float], unit: str, at: float | None = None,
) -> None:  # fmt: skip
    """Adds what was seen in the last minute; `at` is another real time than that minute's start."""
    stamp = datetime.fromtimestamp(at if at is not None else minute_start(), UTC).replace(tzinfo=None)
    pairs = [{"Name": k, "Value": v} for k, v in dimensions.items()]
    backend = get_backend("cloudwatch")[account][region]
    backend.metric_data.append(
        Distribution(values, namespace=namespace, name=name, dimensions=pairs, timestamp=stamp, unit=unit)
    )


def key_of(namespace: str, name: str, dimensions: Dimensions) -> Key:
    return namespace, name, frozenset((d["Name"], d["Value"]) for d in dimensions or [])


class _Index:
    """moto's list by metric. The list only grows, except when it is cut or forgotten; then the index starts anew."""

    def __init__(self) -> None:
        self.read = 0
        self.first: Any = None
        self.series: dict[Key, list[tuple[float, Any]]] = defaultdict(list)

    def follow(self, data: list[Any]) -> None:
        if len(data) > LIMIT:
            del data[: LIMIT // 2]
        if len(data) < self.read or (data and data[0] is not self.first):
            self.read, self.first = 0, data[0] if data else None
            self.series.clear()
        for datum in data[self.read :]:
            key = (datum.namespace, datum.name, frozenset((d.name, d.value) for d in datum.dimensions))
            at = datum.timestamp
            stamp = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
            series = self.series[key]
            if series and series[-1][0] > stamp:
                series.insert(bisect_left(series, stamp, key=lambda s: s[0]), (stamp, datum))
            else:
                series.append((stamp, datum))
        self.read = len(data)


_lock = threading.Lock()
_indexes: dict[tuple[str, str], _Index] = defaultdict(_Index)


def between(
    account: str, region: str, key: Key, start: float, end: float, unit: str | None
) -> Iterable[tuple[float, Any]]:
    """(AWS time, datum) of one metric with start <= AWS time < end."""
    with _lock:
        index = _indexes[(account, region)]
        index.follow(get_backend("cloudwatch")[account][region].metric_data)
        series = index.series.get(key, [])
        low = bisect_left(series, start / tasks.speed(), key=lambda s: s[0])
        high = bisect_left(series, end / tasks.speed(), key=lambda s: s[0])
        found = series[low:high]
    return [(at * tasks.speed(), datum) for at, datum in found if unit in (None, datum.unit)]


@tasks.on_reset
def _forget() -> None:
    with _lock:
        _indexes.clear()
