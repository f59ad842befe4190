"""Second lives of all other services, with the properties that the first ones leave out."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.tests.handlers.cases.autoscaling import topic
from rehearsal.tests.handlers.cases.basics import key, log_group, queue, queue_arn, statement
from rehearsal.tests.handlers.cases.delivery import build_role, pipeline, project
from rehearsal.tests.handlers.cases.iam import document, role_arn
from rehearsal.tests.handlers.cases.names import zone
from rehearsal.tests.handlers.cases.others import FLEXIBLE, attributes, keys, machine, target
from rehearsal.tests.handlers.harness import FULL, Case, World


def user(world: World) -> str:
    return world.once("user", lambda: world.client("iam").create_user(UserName="hand")["User"]["UserName"])


def people(world: World) -> str:
    return world.once("people", lambda: world.client("iam").create_group(GroupName="hand")["Group"]["GroupName"])


def bus(world: World) -> str:
    world.once("bus", lambda: world.client("events").create_event_bus(Name="shared")["EventBusArn"])
    return "shared"


def schedules(world: World) -> str:
    world.once("schedules", lambda: world.client("scheduler").create_schedule_group(Name="shared")["ScheduleGroupArn"])
    return "shared"


def log_bucket(world: World) -> str:
    def make() -> str:
        api = world.client("s3")
        api.create_bucket(Bucket="hand-logs")
        logs = {
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::hand-logs/*",
        }
        api.put_bucket_policy(Bucket="hand-logs", Policy=json.dumps({"Version": "2012-10-17", "Statement": [logs]}))
        return "hand-logs"

    return world.once("log bucket", make)


def weighted(weight: int) -> dict[str, Any]:
    return {"Weight": weight, "SetIdentifier": "one", "TTL": "60", "ResourceRecords": ["10.1.0.1"]}


def logging(world: World, level: str) -> dict[str, Any]:
    group = log_group(world)
    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{group}:*"
    return {
        "Level": level,
        "IncludeExecutionData": True,
        "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": arn}}],
    }


CASES = (
    Case(
        "AWS::CloudWatch::Alarm",
        lambda w: {
            "AlarmName": "hand-full", "Namespace": "hand", "MetricName": "a", "ExtendedStatistic": "p95", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1,
            "ComparisonOperator": "GreaterThanThreshold", "EvaluateLowSampleCountPercentile": "ignore", "OKActions": [topic(w)], "InsufficientDataActions": [topic(w)],
        },
        (lambda w: {"OKActions": None, "ExtendedStatistic": "p99"},),
        label=FULL,
    ),
    Case(
        "AWS::CodeBuild::Project",
        lambda w: {
            **project(w), "Name": "hand-full", "QueuedTimeoutInMinutes": 60, "ConcurrentBuildLimit": 2,
            "Cache": {"Type": "NO_CACHE"}, "EncryptionKey": f"arn:aws:kms:us-east-1:123456789012:key/{key(w)}",
        },
        (lambda w: {"Cache": None, "QueuedTimeoutInMinutes": None, "ConcurrentBuildLimit": 1, "ServiceRole": build_role(w)},),
        label=FULL,
    ),
    Case(
        "AWS::CodePipeline::Pipeline",
        lambda w: {**pipeline(w), "Name": "hand-full", "DisableInboundStageTransitions": [], "Variables": [{"Name": "Image", "DefaultValue": "none"}]},
        (lambda w: {"Variables": [{"Name": "Image", "DefaultValue": "web", "Description": "Which"}], "RestartExecutionOnUpdate": True},),
        label=FULL,
    ),
    Case(
        "AWS::DynamoDB::Table",
        lambda w: {
            "TableName": "hand-full", "KeySchema": keys("id"), "AttributeDefinitions": attributes("id"), "TableClass": "STANDARD",
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}, "BillingMode": "PROVISIONED",
        },
        (lambda w: {"ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 3}}, lambda w: {"BillingMode": "PAY_PER_REQUEST", "ProvisionedThroughput": None}),
        label=FULL,
        absent=frozenset({"StreamArn"}),
    ),
    Case(
        "AWS::Events::EventBus",
        lambda w: {"Name": "hand-full", "Policy": {"Version": "2012-10-17", "Statement": [{"Sid": "a", "Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "events:PutEvents", "Resource": "arn:aws:events:us-east-1:123456789012:event-bus/hand-full"}]}},
        (lambda w: {"Policy": None},),
        label=FULL,
    ),
    Case(
        "AWS::Events::Rule",
        lambda w: {"Name": "hand-own-bus", "EventBusName": bus(w), "EventPattern": {"source": ["own"]}, "Targets": [{"Id": "a", "Arn": (queue(w, "one"), queue_arn("one"))[1]}]},
        (lambda w: {"EventPattern": {"source": ["other"]}},),
        label="on a bus of one's own",
    ),
    Case("AWS::IAM::ManagedPolicy", lambda w: {"ManagedPolicyName": "hand", "PolicyDocument": document("s3:Get*"), "Users": [user(w)], "Groups": [people(w)]}, (lambda w: {"Users": None},), label=FULL),
    Case("AWS::IAM::Policy", lambda w: {"PolicyName": "hand", "PolicyDocument": document("s3:Get*"), "Users": [user(w)], "Groups": [people(w)]}, (lambda w: {"Groups": None},), label=FULL),
    Case("AWS::KMS::Key", lambda w: {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY", "MultiRegion": False}, label="to sign with"),
    Case("AWS::Logs::LogGroup", lambda w: {"LogGroupName": "/hand/full", "LogGroupClass": "STANDARD"}, label=FULL),
    Case("AWS::Route53::RecordSet", lambda w: {"HostedZoneId": zone(w), "Name": "w.shared.internal", "Type": "A", **weighted(1)}, (lambda w: weighted(2),), label="weighted"),
    Case("AWS::S3::Bucket", lambda w: {"BucketName": "hand-locked", "ObjectLockEnabled": True, "LoggingConfiguration": {"DestinationBucketName": log_bucket(w), "LogFilePrefix": "a/"}}, (lambda w: {"LoggingConfiguration": None},), label="locked and logged"),
    Case("AWS::SNS::Topic", lambda w: {"TopicName": "hand.fifo", "FifoTopic": True, "ContentBasedDeduplication": True}, (lambda w: {"ContentBasedDeduplication": False},), label="first in first out"),
    Case(
        "AWS::SNS::Subscription",
        lambda w: {"TopicArn": topic(w), "Protocol": "sqs", "Endpoint": (queue(w, "two"), queue_arn("two"))[1], "FilterPolicyScope": "MessageBody", "FilterPolicy": {"a": ["b"]}, "RedrivePolicy": {"deadLetterTargetArn": queue_arn("one")}},
        (lambda w: {"FilterPolicyScope": "MessageAttributes"},),
        label=FULL,
    ),
    Case(
        "AWS::SQS::Queue",
        lambda w: {"QueueName": "hand-full", "MaximumMessageSize": 1024, "ReceiveMessageWaitTimeSeconds": 5, "KmsMasterKeyId": "alias/aws/sqs", "KmsDataKeyReusePeriodSeconds": 600},
        (lambda w: {"MaximumMessageSize": 2048, "ReceiveMessageWaitTimeSeconds": None},),
        label=FULL,
    ),
    Case("AWS::SSM::Parameter", lambda w: {"Name": "/hand/list", "Type": "StringList", "Value": "a,b", "Tier": "Standard", "AllowedPattern": "[a-z,]+", "DataType": "text"}, (lambda w: {"Value": "a,b,c"},), label=FULL),
    Case(
        "AWS::Scheduler::Schedule",
        lambda w: {"GroupName": schedules(w), "ScheduleExpression": "cron(0 20 * * ? *)", "ScheduleExpressionTimezone": "Europe/Berlin", "FlexibleTimeWindow": FLEXIBLE, "Target": target(w, "one")},
        (lambda w: {"ScheduleExpressionTimezone": "UTC"},),
        label=FULL,
    ),
    Case(
        "AWS::StepFunctions::StateMachine",
        lambda w: {"RoleArn": role_arn(w, "machine", "states"), "Definition": json.loads(machine("One")), "StateMachineType": "EXPRESS", "LoggingConfiguration": logging(w, "ALL"), "TracingConfiguration": {"Enabled": True}},
        (lambda w: {"LoggingConfiguration": logging(w, "ERROR"), "TracingConfiguration": {"Enabled": False}},),
        label=FULL,
    ),
    Case("AWS::ECR::Repository", lambda w: {"RepositoryName": "hand-full", "EmptyOnDelete": True, "RepositoryPolicyText": statement("ecr:BatchGetImage")}, (lambda w: {"RepositoryPolicyText": None},), label=FULL),
)  # fmt: skip
