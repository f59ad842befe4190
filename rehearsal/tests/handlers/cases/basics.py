"""Keys, topics, queues, parameters, logs, alarms."""

from __future__ import annotations

from typing import Any

from rehearsal.tests.handlers.cases.autoscaling import topic
from rehearsal.tests.handlers.cases.networks import tags
from rehearsal.tests.handlers.harness import Case, World


def key(world: World, name: str = "one") -> str:
    return world.once(f"key {name}", lambda: world.client("kms").create_key(Description=name)["KeyMetadata"]["KeyId"])


def queue(world: World, name: str) -> str:
    return world.once(f"queue {name}", lambda: world.client("sqs").create_queue(QueueName=name)["QueueUrl"])


def queue_arn(name: str) -> str:
    return f"arn:aws:sqs:us-east-1:123456789012:{name}"


def log_group(world: World) -> str:
    def make() -> str:
        world.client("logs").create_log_group(logGroupName="shared")
        return "shared"

    return world.once("log group", make)


def statement(action: str, resource: Any = "*", **more: Any) -> dict[str, Any]:
    item = {
        "Effect": "Allow",
        "Action": action,
        "Resource": resource,
        "Principal": {"Service": "events.amazonaws.com"},
        **more,
    }
    return {"Version": "2012-10-17", "Statement": [item]}


ROOT = {"AWS": "arn:aws:iam::123456789012:root"}

CASES = (
    Case(
        "AWS::KMS::Key",
        lambda w: {
            "Description": "one",
            "EnableKeyRotation": True,
            "KeyPolicy": statement("kms:*", Principal=ROOT),
            "Tags": tags(("Name", "one")),
            "PendingWindowInDays": 7,
        },
        (
            lambda w: {"Description": "two", "EnableKeyRotation": False, "Tags": tags(("Name", "two"))},
            lambda w: {"KeyPolicy": statement("kms:*", Principal=ROOT, Sid="All"), "Enabled": False},
            lambda w: {"Enabled": True},
        ),
    ),
    Case(
        "AWS::KMS::Alias",
        lambda w: {"AliasName": "alias/hand", "TargetKeyId": key(w)},
        (lambda w: {"TargetKeyId": key(w, "two")},),
    ),
    Case(
        "AWS::SNS::Topic",
        lambda w: {
            "TopicName": "hand",
            "DisplayName": "one",
            "Tags": tags(("Name", "one")),
            "Subscription": [{"Protocol": "sqs", "Endpoint": queue_arn("one")}],
        },
        (
            lambda w: {"DisplayName": "two", "KmsMasterKeyId": "alias/aws/sns", "SignatureVersion": "2"},
            lambda w: {
                "Subscription": [{"Protocol": "sqs", "Endpoint": queue_arn("two")}],
                "Tags": tags(("Name", "two")),
            },
        ),
    ),
    Case(
        "AWS::SNS::Subscription",
        lambda w: {
            "TopicArn": topic(w),
            "Protocol": "sqs",
            "Endpoint": (queue(w, "one"), queue_arn("one"))[1],
            "RawMessageDelivery": True,
            "FilterPolicy": {"store": ["a"]},
        },
        (lambda w: {"RawMessageDelivery": False, "FilterPolicy": {"store": ["b"]}},),
    ),
    Case(
        "AWS::SNS::Subscription",
        lambda w: {"TopicArn": topic(w), "Protocol": "email", "Endpoint": "ops@example.com"},
        label="by e-mail",
    ),
    Case(
        "AWS::SNS::TopicPolicy",
        lambda w: {"Topics": [topic(w)], "PolicyDocument": statement("sns:Publish")},
        (lambda w: {"PolicyDocument": statement("sns:Subscribe")},),
    ),
    Case(
        "AWS::SNS::TopicInlinePolicy",
        lambda w: {"TopicArn": topic(w), "PolicyDocument": statement("sns:Publish")},
        (lambda w: {"PolicyDocument": statement("sns:Subscribe")},),
    ),
    Case(
        "AWS::SQS::Queue",
        lambda w: {
            "VisibilityTimeout": 60,
            "MessageRetentionPeriod": 600,
            "SqsManagedSseEnabled": True,
            "Tags": tags(("Name", "one")),
        },
        (
            lambda w: {"VisibilityTimeout": None, "DelaySeconds": 5},
            lambda w: {
                "RedrivePolicy": {"deadLetterTargetArn": (queue(w, "two"), queue_arn("two"))[1], "maxReceiveCount": 3},
                "Tags": tags(("Name", "two")),
            },
        ),
    ),
    Case(
        "AWS::SQS::Queue", lambda w: {"FifoQueue": True, "ContentBasedDeduplication": True}, label="first in first out"
    ),
    Case(
        "AWS::SQS::QueuePolicy",
        lambda w: {"Queues": [queue(w, "one")], "PolicyDocument": statement("sqs:SendMessage")},
        (lambda w: {"Queues": [queue(w, "two")], "PolicyDocument": statement("sqs:*")},),
    ),
    Case(
        "AWS::SSM::Parameter",
        lambda w: {"Name": "/hand/one", "Type": "String", "Value": "1", "Description": "one", "Tags": {"Name": "one"}},
        (lambda w: {"Value": "2", "Description": "two"}, lambda w: {"Tags": {"Name": "two"}}),
    ),
    Case(
        "AWS::Logs::LogGroup",
        lambda w: {"LogGroupName": "/hand/one", "RetentionInDays": 7, "Tags": tags(("Name", "one"))},
        (
            lambda w: {"RetentionInDays": 14},
            lambda w: {
                "RetentionInDays": None,
                "KmsKeyId": f"arn:aws:kms:us-east-1:123456789012:key/{key(w)}",
                "Tags": tags(("Name", "two")),
            },
        ),
    ),
    Case("AWS::Logs::LogStream", lambda w: {"LogGroupName": log_group(w)}),
    Case(
        "AWS::Logs::MetricFilter",
        lambda w: {
            "LogGroupName": log_group(w),
            "FilterPattern": "ERROR",
            "MetricTransformations": [
                {"MetricName": "Errors", "MetricNamespace": "hand", "MetricValue": "1", "DefaultValue": 0}
            ],
        },
        (lambda w: {"FilterPattern": "FATAL"},),
    ),
    Case(
        "AWS::CloudWatch::Alarm",
        lambda w: {
            "AlarmDescription": "one",
            "Namespace": "AWS/ApplicationELB",
            "MetricName": "HTTPCode_ELB_5XX_Count",
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "Dimensions": [{"Name": "LoadBalancer", "Value": "app/a/b"}],
            "AlarmActions": [topic(w)],
            "Tags": tags(("Name", "one")),
        },
        (
            lambda w: {
                "AlarmDescription": "two",
                "Threshold": 5,
                "DatapointsToAlarm": 1,
                "ActionsEnabled": False,
                "Tags": tags(("Name", "two")),
            },
        ),
    ),
    Case(
        "AWS::CloudWatch::Alarm",
        lambda w: {
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanThreshold",
            "Metrics": [
                {"Id": "sum", "Expression": "a+b", "Label": "both", "ReturnData": True},
                *(
                    {
                        "Id": n,
                        "ReturnData": False,
                        "MetricStat": {"Period": 60, "Stat": "Sum", "Metric": {"Namespace": "hand", "MetricName": n}},
                    }
                    for n in "ab"
                ),
            ],
        },
        label="on an expression",
    ),
)
