"""Alarms that undo an operation, and topics that hear of it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-rollback-triggers.html
"""

from __future__ import annotations

import json
from typing import Any

from rehearsal.tests.cloudformation.conftest import Cloud
from rehearsal.tests.cloudformation.toys import parameter, topic


def alarm(cloud: Cloud) -> dict[str, Any]:
    cloud.aws("cloudwatch").put_metric_alarm(
        AlarmName="errors", ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=1, Threshold=1.0,
        Namespace="N", MetricName="m", Period=60, Statistic="Sum", TreatMissingData="ignore",
    )  # fmt: skip
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors"
    return {"RollbackTriggers": [{"Arn": arn, "Type": "AWS::CloudWatch::Alarm"}], "MonitoringTimeInMinutes": 10}


def test_an_alarm_during_the_monitoring_time_undoes_the_update(cloud: Cloud) -> None:
    cloud.create({"Resources": {"P": parameter("1")}})
    cloud.update({"Resources": {"P": parameter("2")}}, wait=False, RollbackConfiguration=alarm(cloud))
    cloud.until(lambda: cloud.trace("P"), lambda states: states[-1] == "UPDATE_COMPLETE")
    assert cloud.status() == "UPDATE_IN_PROGRESS"
    cloud.aws("cloudwatch").set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    cloud.idle("shop")
    assert cloud.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert "alarm:errors" in cloud.reason("shop", "UPDATE_ROLLBACK_IN_PROGRESS")
    assert cloud.parameters.lives[cloud.physical("P")]["Value"] == "1"
    assert cloud.stack()["RollbackConfiguration"] == {}


def test_topics_get_every_event(cloud: Cloud) -> None:
    sns, sqs = cloud.aws("sns"), cloud.aws("sqs")
    arn = sns.create_topic(Name="notices")["TopicArn"]
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:q")
    cloud.create({"Resources": {"T": topic("t")}}, NotificationARNs=[arn])
    seen: list[str] = []

    def receive() -> list[str]:
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        seen.extend(json.loads(m["Body"])["Message"] for m in got)
        return seen

    cloud.until(receive, lambda found: len(found) >= 5)
    assert any("ResourceStatus='CREATE_COMPLETE'" in text and "LogicalResourceId='T'" in text for text in seen)
