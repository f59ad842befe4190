"""Secrets, resource groups, schedules, state machines, repositories, tables."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.tests.handlers.cases.basics import queue, queue_arn
from rehearsal.tests.handlers.cases.iam import role_arn
from rehearsal.tests.handlers.cases.networks import tags
from rehearsal.tests.handlers.harness import Case, World


def target(world: World, name: str) -> dict[str, Any]:
    queue(world, name)
    return {"Arn": queue_arn(name), "RoleArn": role_arn(world, "scheduler", "scheduler"), "Input": "{}"}


def machine(state: str) -> str:
    return json.dumps({"StartAt": state, "States": {state: {"Type": "Pass", "Result": "${word}", "End": True}}})


def keys(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=False)]


def attributes(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


def lifecycle(count: int) -> dict[str, str]:
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count}
    return {
        "LifecyclePolicyText": json.dumps(
            {"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]}
        )
    }


FLEXIBLE = {"Mode": "OFF"}

CASES = (
    Case(
        "AWS::SecretsManager::Secret",
        lambda w: {
            "Name": "hand/one",
            "Description": "one",
            "GenerateSecretString": {
                "PasswordLength": 20,
                "SecretStringTemplate": '{"user":"a"}',
                "GenerateStringKey": "password",
            },
            "Tags": tags(("Name", "one")),
        },
        (
            lambda w: {"Description": "two", "Tags": tags(("Name", "two"))},
            lambda w: {"GenerateSecretString": None, "SecretString": "given"},
        ),
    ),
    Case(
        "AWS::ResourceGroups::Group",
        lambda w: {
            "Name": "hand",
            "Description": "one",
            "ResourceQuery": {"Type": "TAG_FILTERS_1_0", "Query": {"TagFilters": [{"Key": "Owner", "Values": ["a"]}]}},
            "Tags": tags(("Name", "one")),
        },
        (
            lambda w: {
                "Description": "two",
                "ResourceQuery": {
                    "Type": "TAG_FILTERS_1_0",
                    "Query": {"TagFilters": [{"Key": "Owner", "Values": ["b"]}]},
                },
            },
            lambda w: {"Tags": tags(("Name", "two"))},
        ),
    ),
    Case(
        "AWS::Scheduler::Schedule",
        lambda w: {
            "Name": "hand",
            "ScheduleExpression": "rate(1 hour)",
            "FlexibleTimeWindow": FLEXIBLE,
            "Target": target(w, "one"),
            "State": "DISABLED",
        },
        (lambda w: {"ScheduleExpression": "rate(2 hours)", "Target": target(w, "two"), "Description": "two"},),
    ),
    Case(
        "AWS::Scheduler::ScheduleGroup",
        lambda w: {"Name": "hand", "Tags": tags(("Name", "one"))},
        (lambda w: {"Tags": tags(("Name", "two"))},),
    ),
    Case(
        "AWS::StepFunctions::StateMachine",
        lambda w: {
            "StateMachineName": "hand",
            "RoleArn": role_arn(w, "machine", "states"),
            "DefinitionString": machine("One"),
            "DefinitionSubstitutions": {"word": "hello"},
            "Tags": tags(("Name", "one")),
        },
        (lambda w: {"DefinitionString": machine("Two"), "Tags": tags(("Name", "two"))},),
    ),
    Case(
        "AWS::ECR::Repository",
        lambda w: {
            "RepositoryName": "hand",
            "ImageTagMutability": "IMMUTABLE",
            "LifecyclePolicy": lifecycle(5),
            "ImageScanningConfiguration": {"ScanOnPush": True},
            "Tags": tags(("Name", "one")),
        },
        (
            lambda w: {
                "ImageTagMutability": "MUTABLE",
                "LifecyclePolicy": lifecycle(9),
                "ImageScanningConfiguration": {"ScanOnPush": False},
            },
            lambda w: {"LifecyclePolicy": None, "Tags": tags(("Name", "two"))},
        ),
    ),
    Case(
        "AWS::DynamoDB::Table",
        lambda w: {
            "TableName": "hand",
            "KeySchema": keys("id", "at"),
            "AttributeDefinitions": attributes("id", "at"),
            "BillingMode": "PAY_PER_REQUEST",
            "SSESpecification": {"SSEEnabled": True},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": True},
            "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
            "Tags": tags(("Name", "one")),
        },
        (
            lambda w: {
                "PointInTimeRecoverySpecification": None,
                "DeletionProtectionEnabled": False,
                "Tags": tags(("Name", "two")),
            },
            lambda w: {
                "AttributeDefinitions": attributes("id", "at", "by"),
                "GlobalSecondaryIndexes": [
                    {"IndexName": "by-whom", "KeySchema": keys("by"), "Projection": {"ProjectionType": "ALL"}}
                ],
            },
        ),
    ),
    Case(
        "AWS::CodeConnections::Connection",
        lambda w: {"ConnectionName": "hand", "ProviderType": "GitHub", "Tags": tags(("Name", "one"))},
        (lambda w: {"Tags": tags(("Name", "two"))},),
    ),
)
