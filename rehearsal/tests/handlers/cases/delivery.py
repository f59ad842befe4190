"""CodeBuild's, CodePipeline's and EventBridge's resources."""

from __future__ import annotations

from typing import Any

from rehearsal.tests.handlers.cases.basics import queue, queue_arn
from rehearsal.tests.handlers.cases.iam import role_arn
from rehearsal.tests.handlers.cases.networks import group, subnet, tags, vpc
from rehearsal.tests.handlers.cases.s3 import bucket
from rehearsal.tests.handlers.harness import Case, World


def build_role(world: World) -> str:
    return role_arn(world, "builder", "codebuild")


def project(world: World) -> dict[str, Any]:
    return {
        "Name": "hand", "Description": "one", "ServiceRole": build_role(world), "TimeoutInMinutes": 30,
        "Artifacts": {"Type": "CODEPIPELINE"}, "Source": {"Type": "CODEPIPELINE", "BuildSpec": "buildspec.yml"},
        "Environment": {
            "Type": "LINUX_CONTAINER", "ComputeType": "BUILD_GENERAL1_SMALL", "Image": "aws/codebuild/standard:7.0",
            "EnvironmentVariables": [{"Name": "TARGET", "Value": "bake", "Type": "PLAINTEXT"}],
        },
        "LogsConfig": {"CloudWatchLogs": {"Status": "ENABLED", "GroupName": "/hand/build"}}, "Tags": tags(("Name", "one")),
        "VpcConfig": {"VpcId": vpc(world), "Subnets": [subnet(world)], "SecurityGroupIds": [group(world)]},
    }  # fmt: skip


def stages(approval: str = "Approve") -> list[dict[str, Any]]:
    source = {
        "Name": "Source", "ActionTypeId": {"Category": "Source", "Owner": "AWS", "Provider": "S3", "Version": "1"},
        "Configuration": {"S3Bucket": "hand-shared", "S3ObjectKey": "a.zip", "PollForSourceChanges": "false"},
        "OutputArtifacts": [{"Name": "Source"}], "RunOrder": 1, "Namespace": "Source",
    }  # fmt: skip
    approve = {
        "Name": approval,
        "ActionTypeId": {"Category": "Approval", "Owner": "AWS", "Provider": "Manual", "Version": "1"},
        "RunOrder": 1,
    }
    return [{"Name": "Source", "Actions": [source]}, {"Name": "Production", "Actions": [approve]}]


def pipeline(world: World) -> dict[str, Any]:
    return {
        "Name": "hand", "RoleArn": role_arn(world, "pipeline", "codepipeline"), "PipelineType": "V2", "ExecutionMode": "SUPERSEDED",
        "ArtifactStore": {"Type": "S3", "Location": bucket(world)}, "Stages": stages(), "Tags": tags(("Name", "one")),
        "DisableInboundStageTransitions": [{"StageName": "Production", "Reason": "frozen"}],
    }  # fmt: skip


def connection(world: World) -> str:
    def make() -> str:
        reply = world.client("events").create_connection(Name="shared", AuthorizationType="API_KEY", AuthParameters=KEY)
        return reply["ConnectionArn"]

    return world.once("connection", make)


KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "Authorization", "ApiKeyValue": "Bearer 1"}}

CASES = (
    Case(
        "AWS::CodeBuild::Project",
        project,
        (
            lambda w: {"Description": "two", "TimeoutInMinutes": 60, "Tags": tags(("Name", "two"))},
            lambda w: {"VpcConfig": None, "Source": {"Type": "CODEPIPELINE", "BuildSpec": "other.yml"}},
        ),
    ),
    Case(
        "AWS::CodeBuild::ReportGroup",
        lambda w: {
            "Name": "hand",
            "Type": "TEST",
            "ExportConfig": {"ExportConfigType": "NO_EXPORT"},
            "Tags": tags(("Name", "one")),
        },
        (lambda w: {"Tags": tags(("Name", "two"))},),
    ),
    Case(
        "AWS::CodePipeline::Pipeline",
        pipeline,
        (lambda w: {"Stages": stages("Agree"), "ExecutionMode": "QUEUED", "Tags": tags(("Name", "two"))},),
    ),
    Case(
        "AWS::Events::Rule",
        lambda w: {
            "Description": "one",
            "EventPattern": {"source": ["aws.s3"], "detail": {"bucket": {"name": ["a"]}}},
            "State": "ENABLED",
            "Targets": [{"Id": "a", "Arn": (queue(w, "one"), queue_arn("one"))[1]}],
            "Tags": tags(("Name", "one")),
        },
        (
            lambda w: {
                "State": "DISABLED",
                "Targets": [{"Id": "b", "Arn": (queue(w, "two"), queue_arn("two"))[1], "Input": '{"a":1}'}],
            },
            lambda w: {"EventPattern": {"source": ["aws.ec2"]}, "Description": "two", "Tags": tags(("Name", "two"))},
        ),
    ),
    Case(
        "AWS::Events::EventBus",
        lambda w: {"Name": "hand", "Tags": tags(("Name", "one"))},
        (lambda w: {"Tags": tags(("Name", "two"))},),
    ),
    Case(
        "AWS::Events::Connection",
        lambda w: {"Description": "one", "AuthorizationType": "API_KEY", "AuthParameters": KEY},
        (lambda w: {"Description": "two"},),
    ),
    Case(
        "AWS::Events::ApiDestination",
        lambda w: {
            "Description": "one",
            "ConnectionArn": connection(w),
            "HttpMethod": "POST",
            "InvocationEndpoint": "https://example.com/a",
        },
        (lambda w: {"HttpMethod": "PUT", "InvocationEndpoint": "https://example.com/b"},),
    ),
)
