"""The datapoints that an alarm looks at: one for each of its last periods, from a metric or from metric math."""

from __future__ import annotations

import math
import time
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.services.cloudwatch import expressions, statistics, store
from rehearsal.services.cloudwatch.metric_math import Scope, Series, Value


def period_of(settings: dict[str, Any]) -> int:
    """The alarm's period in AWS seconds: its own, or the longest of its metrics'."""
    if settings.get("Period"):
        return int(settings["Period"])
    found = [q.get("Period") or q.get("MetricStat", {}).get("Period") or 0 for q in settings.get("Metrics", [])]
    return int(max(found, default=60) or 60)


def last_end(period: int) -> int:
    """Where the last complete period ended, in AWS time."""
    return int(time.time() * tasks.speed() // period) * period


def series_of(account: str, region: str, settings: dict[str, Any], end: int, periods: int) -> Series:
    """`periods` datapoints up to `end`, the oldest first."""
    period = period_of(settings)
    if not settings.get("Metrics"):
        statistic = settings.get("Statistic") or settings["ExtendedStatistic"]
        return _metric(account, region, settings, statistic, period, end, periods)
    scope = Scope({}, periods, [q["Id"] for q in settings["Metrics"] if "MetricStat" in q])
    for query in settings["Metrics"]:
        if "MetricStat" in query:
            stat = query["MetricStat"]
            described = {**stat["Metric"], "Unit": stat.get("Unit")}
            scope.series[query["Id"]] = _metric(
                account, region, described, stat["Stat"], int(stat["Period"]), end, periods
            )
    for query in in_order(settings["Metrics"]):
        scope.series[query["Id"]] = expressions.parse(query["Expression"]).evaluate(scope)
    wanted = next(q["Id"] for q in settings["Metrics"] if q.get("ReturnData", True))
    return clean(scope.series[wanted], periods)


def in_order(queries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The expressions, each after those that it uses. @raises BadExpression for unknown names and circles."""
    waiting = {q["Id"]: q for q in queries if "Expression" in q}
    known = {q["Id"] for q in queries if "Expression" not in q}
    ordered: list[dict[str, Any]] = []
    while waiting:
        ready = [q for q in waiting.values() if expressions.parse(q["Expression"]).names <= known]
        if not ready:
            missing = ", ".join(sorted(waiting))
            raise expressions.BadExpression(f"the expressions {missing} use ids that are not there, or each other")
        for query in ready:
            ordered.append(waiting.pop(query["Id"]))
            known.add(query["Id"])
    return ordered


def clean(value: Value, periods: int) -> Series:
    series = value if isinstance(value, list) else [value] * periods
    return [None if x is None or math.isnan(x) else float(x) for x in series]


def _metric(
    account: str, region: str, metric: dict[str, Any], statistic: str, period: int, end: int, periods: int
) -> Series:
    key = store.key_of(metric["Namespace"], metric["MetricName"], metric.get("Dimensions") or [])
    buckets: list[list[Any]] = [[] for _ in range(periods)]
    start = end - periods * period
    for at, datum in store.between(account, region, key, start, end, metric.get("Unit")):
        buckets[min(int((at - start) // period), periods - 1)].append(datum)
    return [statistics.compute(statistic, bucket) for bucket in buckets]
