"""Templates: what is accepted, what is refused in which words, and the functions.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.kernel.errors import AwsError
from rehearsal.services.cloudformation import blueprint, parameters, template
from rehearsal.services.cloudformation.intrinsics import resolve
from rehearsal.services.cloudformation.scope import pseudo_parameters

TOPIC = {"Type": "AWS::SNS::Topic"}
PSEUDO = pseudo_parameters("123456789012", "us-east-1", "arn:stack", "shop", [])


def draw(data: Any, **values: str) -> blueprint.Blueprint:
    loaded = template.load(data if isinstance(data, str) else json.dumps(data))
    parameters.check_declarations(loaded)
    given = [{"ParameterKey": k, "ParameterValue": v} for k, v in values.items()]
    return blueprint.draw(loaded, parameters.gather(loaded, given, {}, lambda names: {}), PSEUDO)


def value(expression: Any, **sections: Any) -> Any:
    drawn = draw({"Resources": {"T": TOPIC}, **sections})
    scope = drawn.scope(PSEUDO, resource=lambda name, attribute: f"{name}.{attribute}".rstrip("."),
                        zones=lambda region: [f"{region}a", f"{region}b"], export=lambda name: f"<{name}>")  # fmt: skip
    return resolve(expression, scope)


MAP = {"Mappings": {"M": {"a": {"b": "c", "l": ["x", "y"]}}}}
EXTENDED = {"Transform": "AWS::LanguageExtensions"}


@pytest.mark.parametrize(
    ("expression", "result", "sections"),
    [
        ({"Ref": "AWS::Region"}, "us-east-1", {}),
        ({"Ref": "T"}, "T", {}),
        ({"Fn::GetAtt": "T.TopicArn"}, "T.TopicArn", {}),
        ({"Fn::Join": [",", ["a", 1, True]]}, "a,1,true", {}),
        ({"Fn::Split": ["|", "a|b|"]}, ["a", "b", ""], {}),
        ({"Fn::Select": ["1", {"Fn::Split": [",", "a,b"]}]}, "b", {}),
        ({"Fn::Sub": "${AWS::StackName}-${T}-${T.TopicArn}-${!Keep}"}, "shop-T-T.TopicArn-${Keep}", {}),
        ({"Fn::Sub": ["${a}${b}", {"a": "1", "b": {"Ref": "T"}}]}, "1T", {}),
        ({"Fn::FindInMap": ["M", "a", "b"]}, "c", MAP),
        ({"Fn::Select": [1, {"Fn::FindInMap": ["M", "a", "l"]}]}, "y", MAP),
        ({"Fn::FindInMap": ["M", "z", "b", {"DefaultValue": "d"}]}, "d", {**MAP, **EXTENDED}),
        ({"Fn::Base64": "hi"}, "aGk=", {}),
        ({"Fn::Cidr": ["10.0.0.0/24", 3, 5]}, ["10.0.0.0/27", "10.0.0.32/27", "10.0.0.64/27"], {}),
        ({"Fn::GetAZs": ""}, ["us-east-1a", "us-east-1b"], {}),
        ({"Fn::ImportValue": {"Fn::Sub": "${AWS::StackName}-x"}}, "<shop-x>", {}),
        ({"Fn::Length": ["a", "b"]}, 2, EXTENDED),
        ({"Fn::ToJsonString": {"a": {"Ref": "T"}}}, '{"a":"T"}', EXTENDED),
        ({"a": {"Ref": "AWS::NoValue"}, "b": ["x", {"Ref": "AWS::NoValue"}]}, {"b": ["x"]}, {}),
    ],
)
def test_functions(expression: Any, result: Any, sections: dict[str, Any]) -> None:
    assert value(expression, **sections) == result


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ({"Fn::FindInMap": ["M", "z", "b"]}, "Template error: Unable to get mapping for M::z::b"),
        ({"Fn::Select": ["5", ["a"]]}, "Template error: Fn::Select cannot select nonexistent value at index 5"),
        (
            {"Fn::Length": ["a"]},
            "Template error: Encountered unsupported function: Fn::Length Supported functions are: [",
        ),
        ({"Fn::Join": ["", "a"]}, "Template error: every Fn::Join object requires two parameters"),
        ({"Fn::Nope": 1}, "Template error: Encountered unsupported function: Fn::Nope"),
    ],
)
def test_functions_that_are_used_wrongly(expression: Any, message: str) -> None:
    with pytest.raises(AwsError) as caught:
        value(expression, **MAP)
    assert str(caught.value.message).startswith(message)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("{", "Template format error: JSON not well-formed. (line 1, column 2)"),
        ("a: [", "Template format error: YAML not well-formed. (line "),
        ("just text", "Template format error: unsupported structure."),
        ({"Description": "x"}, "Template format error: At least one Resources member must be defined."),
        ({"Resources": {"T": {}}}, "Template format error: [/Resources/T] Every Resources object must contain a Type member."),
        ({"Resources": {"T": {**TOPIC, "Foo": 1}}}, "Invalid template resource property 'Foo'"),
        ({"Resources": {"T-1": TOPIC}}, "Template format error: Resource name T-1 is non alphanumeric."),
        ({"Foo": {}, "Resources": {"T": TOPIC}}, "Invalid template property or properties [Foo]"),
        ({"Resources": {"T": {"Type": "AWS::No::Such"}}}, "Template format error: Unrecognized resource types: [AWS::No::Such]"),
        (
            {"Resources": {"T": {**TOPIC, "Properties": {"TopicName": {"Ref": "X"}}}}},
            "Template format error: Unresolved resource dependencies [X] in the Resources block of the template",
        ),
        (
            {"Resources": {"T": TOPIC}, "Outputs": {"O": {"Value": {"Ref": "X"}}}},
            "Template format error: Unresolved resource dependencies [X] in the Outputs block of the template",
        ),
        (
            {"Resources": {"T": {**TOPIC, "Properties": {"TopicName": {"Fn::GetAtt": ["X", "Arn"]}}}}},
            "Template error: instance of Fn::GetAtt references undefined resource X",
        ),
        (
            {"Resources": {"T": TOPIC}, "Outputs": {"O": {"Value": {"Fn::GetAtt": ["T", "Nope"]}}}},
            "Template error: resource T does not support attribute type Nope in Fn::GetAtt",
        ),
        (
            {"Resources": {"A": {**TOPIC, "DependsOn": "B"}, "B": {**TOPIC, "DependsOn": ["A"]}, "C": TOPIC}},
            "Circular dependency between resources: [A, B]",
        ),
        (
            {"Resources": {"T": {**TOPIC, "Condition": "No"}}},
            "Template format error: Unresolved condition dependency No in the Resources block of the template",
        ),
        (
            {"Resources": {"T": {**TOPIC, "DeletionPolicy": "Snapshot"}}},
            "Template error: resource type AWS::SNS::Topic does not support DeletionPolicy Snapshot",
        ),
        ({"Parameters": {"P": {"Type": "Text"}}, "Resources": {"T": TOPIC}}, "Template format error: Unrecognized parameter type"),
    ],
)  # fmt: skip
def test_templates_that_cannot_be(data: Any, message: str) -> None:
    with pytest.raises(AwsError) as caught:
        draw(data)
    assert str(caught.value.message).startswith(message)


def test_conditions_decide_over_resources_references_and_outputs() -> None:
    data = {
        "Parameters": {"Env": {"Type": "String"}},
        "Conditions": {
            "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
            "Both": {"Fn::And": [{"Condition": "Prod"}, {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}]},
            "Some": {"Fn::Or": [{"Condition": "Both"}, {"Fn::Equals": ["a", "a"]}]},
        },
        "Resources": {
            "Only": {**TOPIC, "Condition": "Both"},
            "T": {**TOPIC, "Properties": {"TopicName": {"Fn::If": ["Prod", {"Ref": "Only"}, "plain"]}}},
        },
        "Outputs": {"O": {"Condition": "Prod", "Value": {"Ref": "Only"}}},
    }
    prod, dev = draw(data, Env="prod"), draw(data, Env="dev")
    assert dict(prod.conditions) == {"Prod": True, "Both": True, "Some": True}
    assert set(prod.resources) == {"Only", "T"} and set(prod.outputs) == {"O"}
    assert prod.graph["T"] == {"Only"}
    assert set(dev.resources) == {"T"} and not dev.outputs
    assert dev.resources["T"].properties == {"TopicName": "plain"}


def test_yaml_short_forms_mean_the_long_ones() -> None:
    text = """
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Env: {Type: String, Default: dev}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  Other: !Not [!Condition Prod]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !If [Prod, !Sub "${Env}-x", !Join ["-", [a, !Select [0, !Split [",", "b,c"]]]]]
      DisplayName: !GetAtt Other.TopicName
  Other:
    Type: AWS::SNS::Topic
    Properties:
      Tags: [{Key: a, on: 1}]
"""
    drawn = draw(text)
    assert drawn.conditions == {"Prod": False, "Other": True}
    properties = drawn.resources["Topic"].properties
    assert properties["TopicName"] == {"Fn::Join": ["-", ["a", {"Fn::Select": [0, {"Fn::Split": [",", "b,c"]}]}]]}
    assert properties["DisplayName"] == {"Fn::GetAtt": ["Other", "TopicName"]}
    assert drawn.resources["Other"].properties["Tags"] == [{"Key": "a", "on": 1}]
