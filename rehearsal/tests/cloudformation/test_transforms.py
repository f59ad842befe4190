"""AWS::LanguageExtensions and AWS::Include, which CloudFormation does itself.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html
Results and sentences were recorded on AWS (see test_replies.py) unless said otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.tests.cloudformation.conftest import Cloud, refusal, text
from rehearsal.tests.cloudformation.toys import parameter, topic

EXTENDED = {"Transform": "AWS::LanguageExtensions"}
EXPAND = {"Capabilities": ["CAPABILITY_AUTO_EXPAND"]}
LISTED = {"Parameters": {"Names": {"Type": "CommaDelimitedList"}}}
NAMES = {"Parameters": [{"ParameterKey": "Names", "ParameterValue": "one,two,three"}]}


def processed(cloud: Cloud) -> Any:
    return cloud.api.get_template(StackName="shop", TemplateStage="Processed")["TemplateBody"]


def test_a_loop_makes_a_resource_for_each_item(cloud: Cloud) -> None:
    each = {"TopicName": {"Fn::Join": [".", [{"Ref": "Name"}, "fifo"]]}}
    loop = ["Name", {"Ref": "Names"}, {"Topic${Name}": {"Type": "AWS::SNS::Topic", "Properties": each}}]
    template = {**EXTENDED, **LISTED, "Resources": {"Fn::ForEach::Topics": loop}}
    cloud.create(template, **EXPAND, **NAMES)
    assert set(cloud.topics.lives) == {"one.fifo", "two.fifo", "three.fifo"}
    original = cloud.api.get_template(StackName="shop", TemplateStage="Original")["TemplateBody"]
    assert original == template
    assert set(processed(cloud)["Resources"]) == {"Topicone", "Topictwo", "Topicthree"}
    assert "Transform" not in processed(cloud)
    # A value of the parameter alone adds and removes resources.
    fewer = [{"ParameterKey": "Names", "ParameterValue": "two,four"}]
    cloud.api.update_stack(StackName="shop", UsePreviousTemplate=True, Parameters=fewer, **EXPAND)
    cloud.idle("shop")
    assert set(cloud.topics.lives) == {"two.fifo", "four.fifo"}


def test_loops_nest_and_stand_in_properties_conditions_and_outputs(cloud: Cloud) -> None:
    inner = ["Suffix", ["A", "B"], {"My${Prefix}${Suffix}": parameter({"Fn::Sub": "${Prefix}-${Suffix}"})}]
    outer = [
        "Prefix",
        ["Foo", "Bar"],
        {"My${Prefix}": parameter("x", Condition="Is${Prefix}"), "Fn::ForEach::In": inner},
    ]
    template = {
        **EXTENDED,
        "Conditions": {"Fn::ForEach::Is": ["P", ["Foo", "Bar"], {"Is${P}": {"Fn::Equals": ["${P}", "Foo"]}}]},
        "Resources": {
            "Fn::ForEach::Out": outer,
            "T": {
                "Type": "AWS::SNS::Topic",
                "Properties": {"Fn::ForEach::P": ["P", ["Topic", "Display"], {"${P}Name": "n"}]},
            },
        },
        "Outputs": {"Fn::ForEach::O": ["O", ["a.b", "c"], {"Out&{O}": {"Value": "${O}"}}]},
    }
    cloud.create(template, **EXPAND)
    assert {"MyFoo", "MyFooA", "MyFooB", "MyBar", "MyBarA", "MyBarB", "T"} == set(processed(cloud)["Resources"])
    assert sorted(life["Value"] for life in cloud.parameters.lives.values()) == [
        "Bar-A",
        "Bar-B",
        "Foo-A",
        "Foo-B",
        "x",
    ]
    assert cloud.topics.lives == {"n": {"TopicName": "n", "DisplayName": "n"}}
    assert cloud.outputs() == {"Outab": "a.b", "Outc": "c"}


def test_lengths_and_json_are_told_before_and_during_the_execution(cloud: Cloud) -> None:
    template = {
        **EXTENDED, **LISTED,
        "Resources": {
            "Length": parameter({"Fn::Length": {"Ref": "Names"}}),
            "Object": parameter({"Fn::ToJsonString": {"a": "foo", "b": [1, {"Ref": "AWS::Region"}]}}),
            "T": topic("t"),
            "Later": parameter({"Fn::ToJsonString": [{"Ref": "T"}]}),
        },
    }  # fmt: skip
    cloud.create(template, **EXPAND, **NAMES)
    said = {name: cloud.parameters.lives[cloud.physical(name)]["Value"] for name in ("Length", "Object", "Later")}
    assert said == {"Length": "3", "Object": '{"a":"foo","b":[1,"us-east-1"]}', "Later": '["t"]'}
    shown = processed(cloud)["Resources"]
    assert shown["Length"]["Properties"]["Value"] == 3
    assert shown["Later"]["Properties"]["Value"] == {"Fn::ToJsonString": [{"Ref": "T"}]}


def test_who_creates_directly_acknowledges_transforms(cloud: Cloud) -> None:
    """A change set shows what they make: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html"""
    template = {**EXTENDED, "Resources": {"T": topic("t")}}
    said = refusal(cloud.create, template)
    assert said == ("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_AUTO_EXPAND]")
    assert cloud.change_set(template, ChangeSetType="CREATE")["Status"] == "CREATE_COMPLETE"
    assert cloud.api.validate_template(TemplateBody=text(template))["DeclaredTransforms"] == ["AWS::LanguageExtensions"]


def including(location: Any = "s3://snippets/part") -> dict[str, Any]:
    return {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": location}}}


def put(cloud: Cloud, body: str) -> None:
    s3 = cloud.aws("s3")
    s3.create_bucket(Bucket="snippets")
    s3.put_object(Bucket="snippets", Key="part", Body=body.encode())


@pytest.mark.parametrize("body", ["Value: included\n", '{"Value": "included"}'])
def test_properties_are_included_from_a_bucket(cloud: Cloud, body: str) -> None:
    put(cloud, body)
    where = including({"Fn::Sub": "s3://${Bucket}/part"})
    only = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", **where}}
    template = {"Parameters": {"Bucket": {"Type": "String", "Default": "snippets"}}, "Resources": {"P": only}}
    cloud.create(template, **EXPAND)
    assert cloud.parameters.lives[cloud.physical("P")] == {"Type": "String", "Value": "included"}
    assert processed(cloud)["Resources"]["P"]["Properties"] == {"Type": "String", "Value": "included"}


def test_resources_and_whole_sections_are_included(cloud: Cloud) -> None:
    put(cloud, "Q: { Type: AWS::SNS::Topic, Properties: { TopicName: q } }")
    cloud.create({"Resources": {"P": parameter("x"), **including()}}, **EXPAND)
    assert set(cloud.topics.lives) == {"q"}
    put(cloud, "Outputs: { Said: { Value: { Ref: P } } }")
    cloud.update({"Transform": including()["Fn::Transform"], "Resources": {"P": parameter("x")}}, **EXPAND)
    assert cloud.outputs() == {"Said": cloud.physical("P")}


BAD = [
    (including("s3://nowhere/part"), "Transform AWS::Include failed with: S3 bucket [nowhere] does not exist."),
    (including(), "Transform AWS::Include failed with: The specified S3 object's content should be valid Yaml/JSON"),
]


@pytest.mark.parametrize(("wrong", "said"), BAD)
def test_an_inclusion_that_fails_fails_the_change_set_and_not_the_request(cloud: Cloud, wrong: Any, said: str) -> None:
    put(cloud, "Value: !Sub '${AWS::Region}'")
    template = {"Resources": {"P": {"Type": "AWS::SSM::Parameter", "Properties": wrong}}}
    found = cloud.change_set(template, ChangeSetType="CREATE")
    assert (found["Status"], found["ExecutionStatus"], found["StatusReason"]) == ("FAILED", "UNAVAILABLE", said)
    assert (found["Changes"], found["Capabilities"]) == ([], [])


@pytest.mark.parametrize(("wrong", "said"), BAD)
def test_an_inclusion_that_fails_undoes_the_creation(cloud: Cloud, wrong: Any, said: str) -> None:
    put(cloud, "Value: !Sub '${AWS::Region}'")
    cloud.create({"Resources": {"P": {"Type": "AWS::SSM::Parameter", "Properties": wrong}}}, **EXPAND)
    assert cloud.status() == "ROLLBACK_COMPLETE"
    assert cloud.reason("shop", "ROLLBACK_IN_PROGRESS") == f"{said.rstrip('.')}. Rollback requested by user."
    stack_id = cloud.delete()
    assert cloud.status(stack_id) == "DELETE_COMPLETE"


def loop(*parts: Any) -> dict[str, Any]:
    return {**EXTENDED, "Resources": {"Fn::ForEach::L": list(parts), "T": topic("t")}}


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (loop("N", ["A"], {"T": topic("u")}), "Duplicate key 'T' when merging keys to parent object in Fn::ForEach"),
        (loop("N", ["A"]), "Fn::ForEach layout is incorrect"),
        (loop("N", "A", {"T${N}": topic("u")}), "Fn::ForEach could not resolve its collection to a list"),
        ({**loop("N", ["A"], {"${N}": topic()}), "Metadata": {"Fn::ForEach::M": []}}, "Fn::ForEach is not supported in the Metadata section"),
    ],
)  # fmt: skip
def test_a_loop_that_cannot_be_fails_the_change_set(cloud: Cloud, template: Any, said: str) -> None:
    """The first sentence was reported by a user of AWS; for the others AWS's own words are unchecked."""
    found = cloud.change_set(template, ChangeSetType="CREATE")
    assert (found["Status"], found["StatusReason"]) == (
        "FAILED",
        f"Transform AWS::LanguageExtensions failed with: {said}",
    )


def test_other_transforms_are_not_implemented(cloud: Cloud) -> None:
    template = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"T": topic()}}
    assert refusal(cloud.create, template, **EXPAND)[0] == "NotImplemented"
    template = {"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"Fn::Transform": {"Name": "Mine"}}}}}
    assert refusal(cloud.create, template, **EXPAND)[0] == "NotImplemented"


def test_a_loop_without_its_transform_is_no_resource(cloud: Cloud) -> None:
    template = {"Resources": {"Fn::ForEach::L": ["N", ["A"], {"T${N}": topic()}]}}
    said = "Template format error: Resource name Fn::ForEach::L is non alphanumeric."
    assert refusal(cloud.create, template) == ("ValidationError", said)
