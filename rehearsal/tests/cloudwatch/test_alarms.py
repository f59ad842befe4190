"""Alarms through the API.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.kernel.settings import settings
from rehearsal.tests.conftest import client_of

BASIC: dict[str, Any] = {
    "AlarmName": "errors", "MetricName": "Errors", "Namespace": "Shop", "Statistic": "Sum", "Period": 60,
    "EvaluationPeriods": 1, "Threshold": 2.0, "ComparisonOperator": "GreaterThanThreshold",
    "Dimensions": [{"Name": "Host", "Value": "a"}], "TreatMissingData": "notBreaching",
}  # fmt: skip


@pytest.fixture
def cloudwatch(fresh: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Minutes of a fifth of a second."""
    monkeypatch.setattr(settings, "speed", 300.0)
    yield client_of(fresh, "cloudwatch")


def described(cloudwatch: Any, name: str = "errors") -> dict[str, Any]:
    return dict(cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0])


def until(holds: Callable[[], Any], seconds: float = 8.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def put(cloudwatch: Any, *values: float, host: str = "a") -> None:
    """All in the same minute."""
    same = {"MetricName": "Errors", "Dimensions": [{"Name": "Host", "Value": host}], "Timestamp": datetime.now(UTC)}
    cloudwatch.put_metric_data(Namespace="Shop", MetricData=[{**same, "Value": value} for value in values])


def until_alarm(cloudwatch: Any, *values: float, host: str = "a") -> None:
    """Puts the values again and again: minutes as short as these are not all looked at."""

    def rings() -> bool:
        put(cloudwatch, *values, host=host)
        return bool(described(cloudwatch)["StateValue"] == "ALARM")

    until(rings)


def test_goes_to_alarm_and_back_and_keeps_its_history(cloudwatch: Any) -> None:
    cloudwatch.put_metric_alarm(**BASIC)
    until(lambda: described(cloudwatch)["StateValue"] == "OK")
    put(cloudwatch, 9, host="b")
    until_alarm(cloudwatch, 2, 3)
    assert "was greater than the threshold (2.0)" in described(cloudwatch)["StateReason"]
    until(lambda: described(cloudwatch)["StateValue"] == "OK")
    items = cloudwatch.describe_alarm_history(AlarmName="errors", ScanBy="TimestampAscending")["AlarmHistoryItems"]
    assert [i["HistorySummary"] for i in items] == [
        'Alarm "errors" created',
        "Alarm updated from INSUFFICIENT_DATA to OK",
        "Alarm updated from OK to ALARM",
        "Alarm updated from ALARM to OK",
    ]


def test_tells_all_that_it_was_given(cloudwatch: Any) -> None:
    given = {**BASIC, "AlarmDescription": "d", "DatapointsToAlarm": 1, "Unit": "Count", "OKActions": [], "AlarmActions": ["arn:aws:sns:us-east-1:123456789012:t"]}
    cloudwatch.put_metric_alarm(**given, Tags=[{"Key": "Owner", "Value": "acme"}])
    found = described(cloudwatch)
    assert {name: found[name] for name in given} == given
    assert found["ActionsEnabled"] is True and found["InsufficientDataActions"] == []
    assert cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"] == [{"Key": "Owner", "Value": "acme"}]


def test_math_over_two_metrics(cloudwatch: Any) -> None:
    def query(name: str, host: str) -> dict[str, Any]:
        metric = {"Namespace": "Shop", "MetricName": "Errors", "Dimensions": [{"Name": "Host", "Value": host}]}
        return {"Id": name, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}, "ReturnData": False}

    either = {"Id": "either", "Expression": "IF(FILL(m1, 0) > 0 OR FILL(m2, 0) > 0, 1, 0)", "ReturnData": True}
    cloudwatch.put_metric_alarm(
        AlarmName="errors", Metrics=[query("m1", "a"), query("m2", "b"), either], EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold", TreatMissingData="notBreaching",
    )  # fmt: skip
    until(lambda: described(cloudwatch)["StateValue"] == "OK")
    until_alarm(cloudwatch, 1, host="b")


def test_a_percentile_of_many_values(cloudwatch: Any) -> None:
    changed = {k: v for k, v in BASIC.items() if k != "Statistic"}
    cloudwatch.put_metric_alarm(**{**changed, "ExtendedStatistic": "p90", "Threshold": 8.5})
    until_alarm(cloudwatch, *range(1, 11))


def test_a_state_set_by_hand_acts_and_does_not_last(cloudwatch: Any, fresh: str) -> None:
    sqs, sns = client_of(fresh, "sqs"), client_of(fresh, "sns")
    topic = sns.create_topic(Name="operations")["TopicArn"]
    queue = sqs.create_queue(QueueName="seen")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:seen")
    cloudwatch.put_metric_alarm(**{**BASIC, "AlarmActions": [topic]})
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="by hand")
    until(lambda: described(cloudwatch)["StateValue"] == "OK")
    messages = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    assert '\\"NewStateValue\\": \\"ALARM\\"' in messages[0]["Body"] and "by hand" in messages[0]["Body"]
    with pytest.raises(ClientError, match="ResourceNotFound"):
        cloudwatch.set_alarm_state(AlarmName="none", StateValue="OK", StateReason="x")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"Period": 45}, "Period must be"),
        ({"DatapointsToAlarm": 3}, "DatapointsToAlarm"),
        ({"Statistic": None}, "Statistic"),
        ({"ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold"}, "NotImplemented"),
        ({"TreatMissingData": "never"}, "TreatMissingData"),
    ],
)
def test_refuses_what_aws_refuses(cloudwatch: Any, changed: dict[str, Any], message: str) -> None:
    given = {k: v for k, v in {**BASIC, **changed}.items() if v is not None}
    with pytest.raises(ClientError, match=message):
        cloudwatch.put_metric_alarm(**given)


def test_tells_eventbridge_of_a_change_of_state(cloudwatch: Any, fresh: str) -> None:
    """cloudwatch-and-eventbridge.html"""
    sqs, events = client_of(fresh, "sqs"), client_of(fresh, "events")
    queue = sqs.create_queue(QueueName="events")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:123456789012:events"
    policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}]}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    events.put_rule(Name="alarms", EventPattern=json.dumps({"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["ALARM"]}}}))
    events.put_targets(Rule="alarms", Targets=[{"Id": "1", "Arn": arn}])
    cloudwatch.put_metric_alarm(**BASIC)
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="by hand")
    event = json.loads(sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"][0]["Body"])
    assert event["detail-type"] == "CloudWatch Alarm State Change" and event["resources"] == [described(cloudwatch)["AlarmArn"]]
    assert event["detail"]["alarmName"] == "errors" and event["detail"]["state"]["reason"] == "by hand"
    assert event["detail"]["configuration"]["metrics"][0]["metricStat"]["metric"]["dimensions"] == {"Host": "a"}
