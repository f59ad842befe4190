"""Metric math.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.services.cloudwatch.datapoints import in_order
from rehearsal.services.cloudwatch.expressions import BadExpression, parse
from rehearsal.services.cloudwatch.metric_math import Scope

SCOPE = Scope({"m1": [1.0, None, 3.0], "m2": [2.0, 2.0, None]}, 3, ["m1", "m2"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("m1 + m2", [3.0, None, None]),
        ("FILL(m1, 0) + FILL(m2, 0)", [3.0, 2.0, 3.0]),
        ("FILL(m1, REPEAT)", [1.0, 1.0, 3.0]),
        ("SUM(METRICS())", [3.0, 2.0, 3.0]),
        ("SUM([FILL(m1, 0), m2])", [3.0, 2.0, 3.0]),
        ("MAX(m1)", 3.0),
        ("100 * (m1 / m2)", [50.0, None, None]),
        ("m1 / 0", [None, None, None]),
        ("IF(m1 > 2, 1, 0)", [0.0, None, 1.0]),
        ("IF(FILL(m1, 0) > 0 OR FILL(m2, 0) >= 5, 1, 0)", [1.0, 0.0, 1.0]),
        ("m1 > 2 && m2 < 9", [0.0, None, None]),
        ("2 + 3 * 2 ^ 2 - -1", 15.0),
    ],
)
def test_metric_math_works_period_by_period(text: str, expected: Any) -> None:
    assert parse(text).evaluate(SCOPE) == expected


@pytest.mark.parametrize("text", ["m1 +", "(m1", "ANOMALY_DETECTION_BAND(m1, 2)", "IF(m1)", "m1 m2", "M1"])
def test_what_cannot_be_read_or_done_is_refused(text: str) -> None:
    with pytest.raises(BadExpression):
        parse(text)


def test_expressions_follow_those_that_they_use() -> None:
    queries = [{"Id": "e2", "Expression": "e1*2"}, {"Id": "e1", "Expression": "m1+1"}, {"Id": "m1", "MetricStat": {}}]
    assert [q["Id"] for q in in_order(queries)] == ["e1", "e2"]
    with pytest.raises(BadExpression):
        in_order([{"Id": "e1", "Expression": "e1+1"}])
