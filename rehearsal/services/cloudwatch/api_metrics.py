"""Reading metrics back, with the same statistics and the same metric math as alarms.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
Here a period is a period of real time: timestamps are real, and who reads them looks at a real clock.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.services.cloudwatch import datapoints, expressions, statistics, store
from rehearsal.services.cloudwatch.metric_math import Scope, Series
from rehearsal.services.cloudwatch.validation import invalid

# moto makes these up when they are asked for; they are not stored.
_MADE_UP = ("AWS/S3",)


def _stamp(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _span(params: dict[str, Any], period: int) -> tuple[int, int]:
    """Start, rounded down to the period, and the number of periods up to the end."""
    start, end = _stamp(params["StartTime"]), _stamp(params["EndTime"])
    if start >= end:
        raise AwsError("ValidationError", "The parameter StartTime must be less than the parameter EndTime.")
    first = int(start // period) * period
    number = -(-int(end - first) // period) or 1
    if number > 100_800:
        raise AwsError("ValidationError", "You have requested too many datapoints; use a longer period.")
    return first, number


def _buckets(
    call: Call, metric: dict[str, Any], unit: str | None, first: int, period: int, number: int
) -> list[list[Any]]:
    key = store.key_of(metric["Namespace"], metric["MetricName"], metric.get("Dimensions") or [])
    speed = tasks.speed()
    found: list[list[Any]] = [[] for _ in range(number)]
    for at, datum in store.between(
        call.account, call.region, key, first * speed, (first + number * period) * speed, unit
    ):
        found[min(int((at / speed - first) // period), number - 1)].append(datum)
    return found


@operation("cloudwatch", "GetMetricStatistics")
def get_metric_statistics(call: Call) -> dict[str, Any]:
    params = call.params
    if params["Namespace"] in _MADE_UP:
        return call.moto()
    period = int(params["Period"])
    simple, extended = params.get("Statistics") or [], params.get("ExtendedStatistics") or []
    if not simple and not extended:
        raise AwsError("InvalidParameterCombination", "Either Statistics or ExtendedStatistics must be specified.")
    first, number = _span(params, period)
    points = []
    for index, bucket in enumerate(_buckets(call, params, params.get("Unit"), first, period, number)):
        if not bucket:
            continue
        point: dict[str, Any] = {"Timestamp": datetime.fromtimestamp(first + index * period, UTC)}
        point.update({name: statistics.compute(name, bucket) for name in simple})
        if extended:
            values = {name: statistics.compute(name, bucket) for name in extended}
            point["ExtendedStatistics"] = {name: v for name, v in values.items() if v is not None}
        point["Unit"] = bucket[-1].unit or "None"
        points.append(point)
    return {"Label": params["MetricName"], "Datapoints": points}


@operation("cloudwatch", "GetMetricData")
def get_metric_data(call: Call) -> dict[str, Any]:
    queries = call.params["MetricDataQueries"]
    if any(q.get("MetricStat", {}).get("Metric", {}).get("Namespace") in _MADE_UP for q in queries):
        return call.moto()
    period = datapoints.period_of({"Metrics": queries})
    first, number = _span(call.params, period)
    scope = Scope({}, number, [q["Id"] for q in queries if "MetricStat" in q])
    for query in queries:
        if "MetricStat" in query:
            stat = query["MetricStat"]
            buckets = _buckets(call, stat["Metric"], stat.get("Unit"), first, period, number)
            scope.series[query["Id"]] = [statistics.compute(stat["Stat"], b) for b in buckets]
        elif query["Expression"].lstrip().upper().startswith(("SELECT", "SEARCH")):
            raise NotImplementedByRehearsal("cloudwatch", "GetMetricData", query["Expression"].split()[0])
    try:
        for query in datapoints.in_order(queries):
            scope.series[query["Id"]] = expressions.parse(query["Expression"]).evaluate(scope)
    except expressions.BadExpression as error:
        raise invalid(f"Error in expression: {error}") from error
    newest_first = call.params.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    results = [
        _result(query, datapoints.clean(scope.series[query["Id"]], number), first, period, newest_first)
        for query in queries
        if query.get("ReturnData", True)
    ]
    return {"MetricDataResults": results, "Messages": []}


def _result(query: dict[str, Any], series: Series, first: int, period: int, newest_first: bool) -> dict[str, Any]:
    points = [(datetime.fromtimestamp(first + i * period, UTC), v) for i, v in enumerate(series) if v is not None]
    if newest_first:
        points.reverse()
    stat = query.get("MetricStat")
    label = query.get("Label") or (stat["Metric"]["MetricName"] if stat else query["Id"])
    return {
        "Id": query["Id"],
        "Label": label,
        "Timestamps": [at for at, _ in points],
        "Values": [value for _, value in points],
        "StatusCode": "Complete",
    }
