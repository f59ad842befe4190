"""From datapoints to states.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rehearsal.services.cloudwatch.evaluation import Rule, Verdict, judge, reason

# The page's two tables: X breaches, 0 does not, - is missing; None is "retains the current state".
I_D = "INSUFFICIENT_DATA"
THREE_OF_THREE = [
    ("0-X-X", "OK", "OK", "OK", "OK"),
    ("----0", "OK", "OK", "OK", "OK"),
    ("-----", I_D, None, "ALARM", "OK"),
    ("0XX-X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("--X--", "ALARM", None, "ALARM", "OK"),
]
TWO_OF_THREE = [
    ("0-X-X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("00X0X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("0-X--", "OK", "OK", "ALARM", "OK"),
    ("----0", "OK", "OK", "ALARM", "OK"),
    ("---X-", "ALARM", None, "ALARM", "OK"),
]
CASES = [
    (needed, points, missing, expected)
    for needed, table in ((3, THREE_OF_THREE), (2, TWO_OF_THREE))
    for points, *row in table
    for missing, expected in zip(("missing", "ignore", "breaching", "notBreaching"), row, strict=True)
]


@pytest.mark.parametrize(("needed", "points", "missing", "expected"), CASES)
def test_missing_data_is_treated_as_in_the_documented_tables(
    needed: int, points: str, missing: str, expected: str | None
) -> None:
    rule = Rule("GreaterThanThreshold", 0.5, 3, needed, missing)
    values = [{"X": 1.0, "0": 0.0, "-": None}[p] for p in points]
    assert judge(rule, values).state == expected


@pytest.mark.parametrize(
    ("operator", "below", "equal", "above"),
    [
        ("GreaterThanThreshold", False, False, True),
        ("GreaterThanOrEqualToThreshold", False, True, True),
        ("LessThanThreshold", True, False, False),
        ("LessThanOrEqualToThreshold", True, True, False),
    ],
)
def test_operators_compare_the_value_with_the_threshold(operator: str, below: bool, equal: bool, above: bool) -> None:
    rule = Rule(operator, 5, 1, 1)
    assert [rule.breaches(v) for v in (4, 5, 6)] == [below, equal, above]


def test_reasons_are_in_the_services_words() -> None:
    rule, end = Rule("GreaterThanThreshold", 1.0, 1, 1, "notBreaching"), datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    assert reason(rule, Verdict("ALARM", [5.0], 0), end) == (
        "Threshold Crossed: 1 out of the last 1 datapoint [5.0 (21/11/26 09:30:00)] was greater than the threshold (1.0) "
        "(minimum 1 datapoint for OK -> ALARM transition)."
    )
    assert reason(rule, Verdict("OK", [], 1), end) == (
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching]."
    )
    assert reason(rule, Verdict("INSUFFICIENT_DATA", [], 1), end) == "Insufficient Data: 1 datapoint was unknown."
