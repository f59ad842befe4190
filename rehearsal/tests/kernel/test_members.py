"""Requests whose members are missing or of another type: refused before any operation sees them."""

from __future__ import annotations

import pytest

from rehearsal.fuzz import door


@pytest.mark.parametrize(
    ("service", "operation", "params", "code", "message"),
    [
        ("cloudformation", "DescribeStackResource", {}, "ValidationError", "2 validation errors detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null; Value null at 'logicalResourceId' failed"),
        ("cloudformation", "CreateStack", {"StackName": "a", "OnFailure": "PANIC"}, "ValidationError", "Value 'PANIC' at 'onFailure' failed to satisfy constraint: Member must satisfy enum value set: [DO_NOTHING, ROLLBACK, DELETE]"),
        ("cloudformation", "CreateStack", {"StackName": "a", "TimeoutInMinutes": 0}, "ValidationError", "Value '0' at 'timeoutInMinutes' failed to satisfy constraint: Member must have value greater than or equal to 1"),
        ("cloudformation", "CreateStack", {"StackName": "a", "Capabilities": ["ALL"]}, "ValidationError", "Value 'ALL' at 'capabilities.1.member' failed to satisfy constraint: Member must satisfy enum value set: [CAPABILITY_IAM"),
        ("codepipeline", "PutApprovalResult", {"pipelineName": "a b", "stageName": "s", "actionName": "a", "token": "12345678-1234-1234-1234-123456789012", "result": {"summary": "x" * 513, "status": "Approved"}}, "ValidationException", "at 'result.summary' failed to satisfy constraint: Member must have length less than or equal to 512"),
        ("cloudformation", "CreateStack", {"StackName": "a", "Tags": [{"Key": "k"}]}, "ValidationError", "Value null at 'tags.1.member.value' failed"),
        ("autoscaling", "CreateAutoScalingGroup", {"AutoScalingGroupName": "a", "MinSize": "few", "MaxSize": 1}, "MalformedInput", "wrong type"),
        ("ec2", "CreateImage", {}, "MissingParameter", "The request must contain the parameter"),
        ("ec2", "DescribeInstances", {"MaxResults": "few"}, "InvalidParameterValue", "wrong type"),
        ("codebuild", "CreateProject", {"name": "a"}, "ValidationException", "Value null at 'source' failed"),
        ("codebuild", "CreateProject", {"name": []}, "SerializationException", "wrong type"),
        ("codebuild", "CreateProject", "text", "SerializationException", "wrong type"),
        ("codebuild", "StartBuild", {"projectName": "\ud800"}, "SerializationException", "wrong type"),
        ("events", "PutTargets", {"Rule": "r", "Targets": [{}]}, "ValidationException", "Value null at 'targets.1.member.id' failed"),
        ("elbv2", "DescribeTargetGroups", {"Names": ["a\0"]}, "MalformedInput", "wrong type"),
    ],
)  # fmt: skip
def test_a_malformed_request_is_refused(
    endpoint: str, service: str, operation: str, params: object, code: str, message: str
) -> None:
    reply = door.ask(service, operation, params)
    assert (reply.status, code in reply.text, message in reply.text) == (400, True, True), reply.text


def test_a_body_that_is_no_xml_is_refused(endpoint: str) -> None:
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIAREHEARSALADMIN00/20260101/us-east-1/s3/aws4_request"}
    reply = door.send("PUT", "/shop", "versioning", headers, b"<VersioningConfiguration><")
    assert (reply.status, "MalformedXML" in reply.text) == (400, True), reply.text


def test_a_region_that_is_none_is_refused(endpoint: str) -> None:
    headers = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=AKIAREHEARSALADMIN00/20260101/mars-1/ssm/aws4_request",
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AmazonSSM.DescribeParameters",
    }
    reply = door.send("POST", "/", "", headers, b"{}")
    assert (reply.status, "Credential should be scoped to a valid region." in reply.text) == (403, True)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null", b"NaN", b"[" * 100_000])
@pytest.mark.parametrize("kind", ["application/x-amz-json-1.1", "application/cbor", "text/plain", ""])
@pytest.mark.parametrize("service", ["codebuild", "events", "cloudformation"])
def test_a_body_that_is_none_is_refused(endpoint: str, service: str, kind: str, body: bytes) -> None:
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential=AKIAREHEARSALADMIN00/20260101/us-east-1/{service}/aws4_request",
        "Content-Type": kind,
        "X-Amz-Target": {"codebuild": "CodeBuild_20161006.CreateProject"}.get(service, "AWSEvents.PutRule"),
    }
    reply = door.send("POST", "/", "", headers, body)
    assert 400 <= reply.status < 500, reply.text
