"""The registry's schemas at work: types bent, properties checked, replacement told.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.services.cloudformation import coercion, registry, validation

GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"


def test_values_are_bent_into_the_schemas_types() -> None:
    given = {"Port": "80", "HealthCheckEnabled": "true", "Tags": [{"Key": 1, "Value": True}], "Targets": [{"Id": 5}]}
    assert coercion.coerce(GROUP, given) == {
        "Port": 80, "HealthCheckEnabled": True, "Tags": [{"Key": "1", "Value": "true"}], "Targets": [{"Id": "5"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "properties", "found"),
    [
        (GROUP, {"Name": "a" * 33}, ["#/Name: expected maxLength: 32, actual: 33"]),
        (GROUP, {"Port": "eighty"}, ["#/Port: expected type: Integer, found: String"]),
        ("AWS::SNS::Topic", {"TopicArn": "x"}, ["#: extraneous key [TopicArn] is not permitted"]),
        ("AWS::SSM::Parameter", {"Value": "x"}, ["#: required key [Type] not found"]),
        ("AWS::SSM::Parameter", {"Value": "x", "Type": "Text"}, ["#/Type: failed validation constraint for keyword [enum]"]),
        ("AWS::Logs::LogGroup", {"LogGroupName": "bad name"},
         ["#/LogGroupName: failed validation constraint for keyword [pattern]"]),
        ("AWS::CodePipeline::Pipeline", {"RoleArn": "arn:aws:iam::1:role/x", "Name": "a" * 101, "ArtifactStore": {"Location": "abc", "Type": "S3"},
                                         "Stages": [{"Name": "A", "Actions": []}, {"Name": "B", "Actions": []}]},
         ["#/Name: expected maxLength: 100, actual: 101"]),
        ("AWS::SSM::Parameter", {"Value": "{{resolve:ssm:x}}", "Type": "{{resolve:ssm:y}}"}, []),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_cloudformations_words(kind: str, properties: Any, found: list[str]) -> None:
    faults = validation.faults(kind, properties)
    assert [fault for fault in faults if fault in found] == found
    if not found:
        assert faults == []


@pytest.mark.parametrize(
    ("kind", "path", "recreation"),
    [
        ("AWS::EC2::LaunchTemplate", ("LaunchTemplateData", "ImageId"), "Never"),
        ("AWS::EC2::LaunchTemplate", ("LaunchTemplateName",), "Always"),
        ("AWS::AutoScaling::AutoScalingGroup", ("LaunchTemplate", "Version"), "Conditionally"),
        ("AWS::AutoScaling::AutoScalingGroup", ("MaxSize",), "Never"),
        (GROUP, ("Port",), "Always"),
        ("AWS::EC2::SecurityGroup", ("SecurityGroupIngress", 0, "CidrIp"), "Never"),
        ("AWS::EC2::Subnet", ("CidrBlock",), "Always"),
    ],
)
def test_replacement_is_the_schemas(kind: str, path: tuple[Any, ...], recreation: str) -> None:
    assert registry.get(kind).recreation(path) == recreation


def test_tags_stand_where_the_schema_says() -> None:
    assert registry.get("AWS::S3::Bucket").tag_property == "Tags"
    assert registry.get("AWS::EC2::Route").tag_property == ""
    assert registry.find("AWS::No::Such") is None
