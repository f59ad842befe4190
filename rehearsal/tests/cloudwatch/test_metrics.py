"""Reading metrics back.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.tests.conftest import client_of

START = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=5)


def put(cloudwatch: Any, minute: int, value: float, host: str = "a") -> None:
    dimensions = [{"Name": "Host", "Value": host}]
    at = START + timedelta(minutes=minute, seconds=10)
    cloudwatch.put_metric_data(
        Namespace="Shop", MetricData=[{"MetricName": "Load", "Value": value, "Dimensions": dimensions, "Timestamp": at}]
    )


@pytest.fixture
def cloudwatch(fresh: str) -> Any:
    made = client_of(fresh, "cloudwatch")
    for minute, value in ((0, 1), (0, 3), (1, 5), (3, 9)):
        put(made, minute, value)
    put(made, 0, 100, host="b")
    return made


def test_statistics_of_exactly_one_set_of_dimensions(cloudwatch: Any) -> None:
    found = cloudwatch.get_metric_statistics(
        Namespace="Shop", MetricName="Load", Dimensions=[{"Name": "Host", "Value": "a"}], Period=60,
        StartTime=START, EndTime=START + timedelta(minutes=4), Statistics=["Sum", "Average"], ExtendedStatistics=["p50"],
    )["Datapoints"]  # fmt: skip
    assert [(p["Timestamp"] - START, p["Sum"], p["Average"]) for p in found] == [
        (timedelta(minutes=0), 4.0, 2.0),
        (timedelta(minutes=1), 5.0, 5.0),
        (timedelta(minutes=3), 9.0, 9.0),
    ]
    assert found[0]["ExtendedStatistics"] == {"p50": 1.0}


def query(name: str, host: str) -> dict[str, Any]:
    metric = {"Namespace": "Shop", "MetricName": "Load", "Dimensions": [{"Name": "Host", "Value": host}]}
    return {"Id": name, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}, "ReturnData": False}


def test_metric_math_over_several_metrics(cloudwatch: Any) -> None:
    both = {"Id": "both", "Expression": "FILL(a, 0) + FILL(b, 0)", "Label": "all"}
    found = cloudwatch.get_metric_data(
        MetricDataQueries=[query("a", "a"), query("b", "b"), both],
        StartTime=START, EndTime=START + timedelta(minutes=4), ScanBy="TimestampAscending",
    )["MetricDataResults"]  # fmt: skip
    assert [(r["Id"], r["Label"], r["Values"], r["StatusCode"]) for r in found] == [
        ("both", "all", [103.0, 5.0, 0.0, 9.0], "Complete")
    ]
    with pytest.raises(ClientError, match="Error in expression"):
        cloudwatch.get_metric_data(
            MetricDataQueries=[{"Id": "e", "Expression": "a +"}], StartTime=START, EndTime=START + timedelta(minutes=1)
        )
