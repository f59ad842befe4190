"""What PutMetricAlarm refuses.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.services.cloudwatch import datapoints, expressions, statistics
from rehearsal.services.cloudwatch.evaluation import OPERATORS

MISSING = ("missing", "ignore", "breaching", "notBreaching")


def invalid(message: str) -> AwsError:
    return AwsError("ValidationError", message)


def check_metric_alarm(settings: dict[str, Any]) -> None:
    """@raises AwsError ValidationError, NotImplemented."""
    operator = settings.get("ComparisonOperator")
    if settings.get("ThresholdMetricId") or operator not in OPERATORS:
        raise NotImplementedByRehearsal("cloudwatch", "PutMetricAlarm", "anomaly detection")
    if settings.get("Threshold") is None:
        raise invalid("Threshold is required for a metric alarm")
    periods, needed = settings.get("EvaluationPeriods"), settings.get("DatapointsToAlarm")
    if not periods or periods < 1:
        raise invalid("EvaluationPeriods must be at least 1")
    if needed is not None and not 1 <= needed <= periods:
        raise invalid("DatapointsToAlarm must be between 1 and EvaluationPeriods")
    if settings.get("TreatMissingData", "missing") not in MISSING:
        raise invalid(f"TreatMissingData must be one of {', '.join(MISSING)}")
    if settings.get("Metrics"):
        _check_math(settings)
    else:
        _check_metric(settings)
    period = datapoints.period_of(settings)
    if period not in (10, 20, 30) and (period < 60 or period % 60):
        raise invalid("Period must be 10, 20, 30 or a multiple of 60")
    if period * periods > (604800 if period >= 3600 else 86400):
        raise invalid("Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)")


def _check_metric(settings: dict[str, Any]) -> None:
    for member in ("MetricName", "Namespace", "Period"):
        if not settings.get(member):
            raise invalid(f"{member} is required unless Metrics is given")
    statistic, extended = settings.get("Statistic"), settings.get("ExtendedStatistic")
    if bool(statistic) == bool(extended):
        raise invalid("Exactly one of Statistic and ExtendedStatistic is required")
    if extended and not statistics.known(extended):
        raise NotImplementedByRehearsal("cloudwatch", "PutMetricAlarm", f"ExtendedStatistic {extended}")


def _check_math(settings: dict[str, Any]) -> None:
    for member in ("MetricName", "Namespace", "Period", "Statistic", "ExtendedStatistic", "Dimensions", "Unit"):
        if settings.get(member):
            raise invalid(f"{member} cannot be specified together with Metrics")
    queries = settings["Metrics"]
    ids = [q["Id"] for q in queries]
    if len(set(ids)) != len(ids):
        raise invalid("The ids in Metrics must be unique")
    if sum(bool(q.get("ReturnData", True)) for q in queries) != 1:
        raise invalid("Exactly one element of the metrics list should return data")
    for query in queries:
        if ("Expression" in query) == ("MetricStat" in query):
            raise invalid(f"Metric '{query['Id']}' needs either an Expression or a MetricStat")
        if query.get("MetricStat") and not statistics.known(query["MetricStat"]["Stat"]):
            raise NotImplementedByRehearsal("cloudwatch", "PutMetricAlarm", f"Stat {query['MetricStat']['Stat']}")
    try:
        datapoints.in_order(queries)
    except expressions.BadExpression as error:
        raise invalid(f"Error in expression: {error}") from error
