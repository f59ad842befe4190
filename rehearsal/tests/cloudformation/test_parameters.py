"""Parameters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.tests.cloudformation.conftest import Cloud, refusal
from rehearsal.tests.cloudformation.toys import parameter, topic


def given(**values: str) -> list[dict[str, str]]:
    return [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()]


def with_parameter(**declared: Any) -> dict[str, Any]:
    return {"Parameters": {"X": {"Type": "String", **declared}}, "Resources": {"P": parameter({"Ref": "X"})}}


@pytest.mark.parametrize(
    ("declared", "value", "message"),
    [
        ({"AllowedValues": ["a", "b"]}, "c", "Parameter 'X' must be one of AllowedValues"),
        ({"AllowedPattern": "[a-z]+"}, "A", "Parameter 'X' must match pattern [a-z]+"),
        ({"MinLength": 3}, "ab", "Parameter 'X' must contain at least 3 characters"),
        ({"MaxLength": "3"}, "abcd", "Parameter 'X' must contain at most 3 characters"),
        ({"Type": "Number"}, "abc", "Parameter 'X' must be a number"),
        ({"Type": "Number", "MinValue": 2}, "1", "Parameter 'X' must be a number not less than 2"),
        ({"Type": "Number", "MaxValue": 2}, "3", "Parameter 'X' must be a number not greater than 2"),
        ({"Type": "List<Number>"}, "1,b", "Parameter 'X' must be a number"),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a"]}, "a,b", "Parameter 'X' must be one of AllowedValues"),
        (
            {"AllowedPattern": "[a-z]+", "ConstraintDescription": "small letters"}, "A",
            "Parameter 'X' failed to satisfy constraint: small letters",
        ),
    ],
)  # fmt: skip
def test_constraints_hold(cloud: Cloud, declared: Any, value: str, message: str) -> None:
    assert refusal(cloud.create, with_parameter(**declared), Parameters=given(X=value)) == ("ValidationError", message)


def test_missing_and_strange_parameters_are_named_together(cloud: Cloud) -> None:
    two = {"Parameters": {"A": {"Type": "String"}, "B": {"Type": "String"}}, "Resources": {"T": topic()}}
    assert refusal(cloud.create, two)[1] == "Parameters: [A, B] must have values"
    strange = given(A="1", B="2", C="3", D="4")
    assert refusal(cloud.create, two, Parameters=strange)[1] == "Parameters: [C, D] do not exist in the template"


def test_lists_defaults_and_previous_values(cloud: Cloud) -> None:
    template = {
        "Parameters": {
            "List": {"Type": "CommaDelimitedList", "Default": "a, b"},
            "Port": {"Type": "Number", "Default": 80},
            "Secret": {"Type": "String", "NoEcho": True},
        },
        "Resources": {"P": parameter({"Fn::Join": ["-", {"Ref": "List"}]}), "Q": parameter({"Ref": "Port"})},
    }
    cloud.create(template, Parameters=given(Secret="hush"))
    assert cloud.parameters.lives[cloud.physical("P")]["Value"] == "a-b"
    assert cloud.parameters.lives[cloud.physical("Q")]["Value"] == "80"
    shown = {p["ParameterKey"]: p["ParameterValue"] for p in cloud.stack()["Parameters"]}
    assert shown == {"List": "a, b", "Port": "80", "Secret": "****"}
    keep = {"ParameterKey": "Secret", "UsePreviousValue": True}
    cloud.update(template, Parameters=[*given(List="c"), keep])
    assert cloud.parameters.lives[cloud.physical("P")]["Value"] == "c"
    assert refusal(cloud.update, template, Parameters=given(List="d"))[1] == "Parameters: [Secret] must have values"


def test_values_from_parameter_store_are_read_and_shown(cloud: Cloud) -> None:
    cloud.aws("ssm").put_parameter(Name="/image/latest", Value="ami-1", Type="String")
    template = with_parameter(Type="AWS::SSM::Parameter::Value<String>", Default="/image/latest")
    cloud.create(template)
    assert cloud.parameters.lives[cloud.physical("P")]["Value"] == "ami-1"
    assert cloud.stack()["Parameters"] == [
        {"ParameterKey": "X", "ParameterValue": "/image/latest", "ResolvedValue": "ami-1"}
    ]
    cloud.aws("ssm").put_parameter(Name="/image/latest", Value="ami-2", Type="String", Overwrite=True)
    cloud.update(template)
    assert cloud.parameters.lives[cloud.physical("P")]["Value"] == "ami-2"
    code, message = refusal(cloud.create, template, name="none", Parameters=given(X="/none"))
    assert (code, message) == (
        "ValidationError", "Unable to fetch parameters [/none] from parameter store for this account.",
    )  # fmt: skip


def test_an_image_that_is_not_there_fails_the_stack(cloud: Cloud) -> None:
    template = with_parameter(Type="AWS::EC2::Image::Id")
    cloud.create(template, Parameters=given(X="ami-00000000000000000"))
    assert cloud.status() == "ROLLBACK_COMPLETE"
    assert cloud.reason("shop", "ROLLBACK_IN_PROGRESS") == (
        "Parameter validation failed: parameter value ami-00000000000000000 for parameter name X does not exist. "
        "Rollback requested by user."
    )
    template["Parameters"]["V"] = {"Type": "AWS::EC2::VPC::Id"}
    template["Parameters"]["X"]["Type"] = "List<AWS::EC2::AvailabilityZone::Name>"
    vpc = cloud.aws("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    template["Resources"]["P"] = parameter({"Fn::Select": [1, {"Ref": "X"}]})
    cloud.create(template, name="good", Parameters=given(X="us-east-1a, us-east-1b", V=vpc))
    assert cloud.status("good") == "CREATE_COMPLETE"
    found = cloud.change_set(template, name="good", Parameters=given(X="us-east-1a,us-east-1x", V=vpc))
    assert found["Status"] == "FAILED"
    assert "parameter value us-east-1x for parameter name X does not exist" in found["StatusReason"]


def test_rules_hold(cloud: Cloud) -> None:
    template = with_parameter()
    template["Rules"] = {
        "Big": {
            "RuleCondition": {"Fn::Equals": [{"Ref": "X"}, "prod"]},
            "Assertions": [{"Assert": {"Fn::Contains": [["a"], {"Ref": "X"}]}, "AssertDescription": "not here"}],
        }
    }
    assert "not here" in refusal(cloud.create, template, Parameters=given(X="prod"))[1]
    cloud.create(template, Parameters=given(X="dev"))
    assert cloud.status() == "CREATE_COMPLETE"


def test_no_echo_is_kept_out_of_events_and_change_sets(cloud: Cloud) -> None:
    template = {
        "Parameters": {"Secret": {"Type": "String", "NoEcho": "true"}},
        "Resources": {"P": parameter({"Fn::Sub": "user:${Secret}"})},
    }
    cloud.create(template, Parameters=given(Secret="hush"))
    assert cloud.parameters.lives[cloud.physical("P")]["Value"] == "user:hush"
    found = cloud.change_set(template, Parameters=given(Secret="other"))
    assert found["Changes"][0]["ResourceChange"]["Details"][0]["Target"]["AfterValue"] == "user:****"
    for shown in (str(cloud.events()), str(found)):
        assert "hush" not in shown and "other" not in shown and "user:****" in shown
