"""Events reach the targets of their rules. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.tests.codebuild.conftest import role as role
from rehearsal.tests.codepipeline.conftest import until

Aws = Callable[..., Any]
PREFIX = "arn:aws:{}:us-east-1:123456789012:{}"


def rule(aws: Aws, pattern: dict[str, Any], **target: Any) -> None:
    events = aws("events")
    events.put_rule(Name="rule", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="rule", Targets=[{"Id": "1", **target}])


def queue(aws: Aws) -> Callable[[], str]:
    """Makes the queue `box`; the function returns the next message, or nothing."""
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="box")["QueueUrl"]

    def take() -> str:
        found = sqs.receive_message(QueueUrl=url).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return str(found[0]["Body"]) if found else ""

    return take


def test_put_events_reaches_a_queue_and_refuses_what_aws_refuses(aws: Aws) -> None:
    """https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html"""
    take = queue(aws)
    rule(aws, {"source": ["mine"], "detail": {"n": [1]}}, Arn=PREFIX.format("sqs", "box"))
    events = aws("events")
    entry = {"Source": "mine", "DetailType": "Thing", "Detail": json.dumps({"n": 1})}
    reply = events.put_events(
        Entries=[entry, {**entry, "Detail": "no json"}, {**entry, "Source": "aws.ec2"}, {**entry, "Detail": '{"n": 2}'}]
    )
    assert reply["FailedEntryCount"] == 2
    codes = [e.get("ErrorCode") for e in reply["Entries"]]
    assert codes == [None, "MalformedDetail", "NotAuthorizedForSourceException", None]
    event = json.loads(until(take))
    assert (event["source"], event["detail"], event["id"]) == ("mine", {"n": 1}, reply["Entries"][0]["EventId"])
    assert take() == ""


def test_a_bucket_tells_eventbridge_of_new_objects_once_that_is_on(aws: Aws) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html"""
    take, s3 = queue(aws), aws("s3")
    rule(aws, {"source": ["aws.s3"]}, Arn=PREFIX.format("sqs", "box"))
    s3.create_bucket(Bucket="told")
    s3.put_bucket_versioning(Bucket="told", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="told", Key="before", Body=b"x")
    s3.put_bucket_notification_configuration(Bucket="told", NotificationConfiguration={"EventBridgeConfiguration": {}})
    version = s3.put_object(Bucket="told", Key="a/b c", Body=b"12345")["VersionId"]
    event = json.loads(until(take))
    assert event["resources"] == ["arn:aws:s3:::told"]
    assert event["detail"]["reason"] == "PutObject"
    found = event["detail"]["object"]
    assert (found["key"], found["size"], found["version-id"]) == ("a/b c", 5, version)
    assert take() == ""


def test_a_topic_a_log_group_and_a_disabled_rule(aws: Aws) -> None:
    take, sns, logs, events = queue(aws), aws("sns"), aws("logs"), aws("events")
    topic = sns.create_topic(Name="topic")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=PREFIX.format("sqs", "box"))
    logs.create_log_group(logGroupName="/events/all")
    template = {"InputPathsMap": {"n": "$.detail.n"}, "InputTemplate": '"number <n>"'}
    rule(aws, {"source": ["mine"]}, Arn=topic, InputTransformer=template)
    events.put_targets(Rule="rule", Targets=[{"Id": "2", "Arn": PREFIX.format("logs", "log-group:/events/all")}])
    entry = {"Source": "mine", "DetailType": "Thing", "Detail": '{"n": 7}'}
    events.put_events(Entries=[entry])
    assert json.loads(until(take))["Message"] == "number 7"
    written = until(lambda: logs.filter_log_events(logGroupName="/events/all")["events"])
    assert json.loads(written[0]["message"])["detail"] == {"n": 7}
    events.disable_rule(Name="rule")
    events.put_events(Entries=[entry])
    assert take() == ""


def test_a_target_that_fails_never_fails_its_sender(aws: Aws, capfd: pytest.CaptureFixture[str]) -> None:
    arn = PREFIX.format("codepipeline", "nothing")
    rule(aws, {"source": ["mine"]}, Arn=arn, RoleArn="arn:aws:iam::123456789012:role/nobody")
    reply = aws("events").put_events(Entries=[{"Source": "mine", "DetailType": "Thing", "Detail": "{}"}])
    assert reply["FailedEntryCount"] == 0
    assert until(lambda: "rule rule, target " + arn in capfd.readouterr().err)


def test_a_schedule_is_not_implemented_rather_than_never_kept(aws: Aws) -> None:
    with pytest.raises(ClientError) as caught:
        aws("events").put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    assert caught.value.response["Error"]["Code"] == "NotImplemented"


def test_a_pipeline_starts_on_a_new_source_under_the_targets_role(aws: Aws, role: Callable[..., str]) -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/create-S3-source-events.html"""
    from rehearsal.tests.codepipeline.conftest import Run
    from rehearsal.tests.codepipeline.declarations import approval, pipeline, stage

    work = Run(aws, role)
    work.create(pipeline(stage("Ask", approval())))
    work.ended()
    work.s3.put_bucket_notification_configuration(
        Bucket="source", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    starter = role(
        "starter",
        "events.amazonaws.com",
        ["codepipeline:StartPipelineExecution"],
        PREFIX.format("codepipeline", "pipeline"),
    )
    fits = {"source": ["aws.s3"], "detail": {"bucket": {"name": ["source"]}, "object": {"key": ["source.zip"]}}}
    rule(aws, fits, Arn=PREFIX.format("codepipeline", "pipeline"), RoleArn=starter)
    version = work.push(version="1")
    work.token("Ask")
    execution = work.executions()[0]
    assert execution["trigger"] == {
        "triggerType": "CloudWatchEvent",
        "triggerDetail": PREFIX.format("events", "rule/rule"),
    }
    assert execution["sourceRevisions"][0]["revisionId"] == version
