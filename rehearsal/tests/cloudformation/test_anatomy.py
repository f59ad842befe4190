"""What CloudFormation documents as refused, page by page.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.fuzz import seeds
from rehearsal.tests.cloudformation.conftest import Cloud, refusal

TOPIC: dict[str, Any] = {"Type": "AWS::SNS::Topic"}
ONE: dict[str, Any] = {"Topic": TOPIC}


def many(count: int, what: Any) -> dict[str, Any]:
    return {f"N{number}": what for number in range(count)}


def with_parameter(**declared: Any) -> dict[str, Any]:
    return {"Parameters": {"Name": {"Type": "String", **declared}}, "Resources": ONE}


def with_value(value: Any, **sections: Any) -> dict[str, Any]:
    return {"Resources": {"Topic": {**TOPIC, "Properties": {"DisplayName": value}}}, **sections}


REFUSED: list[tuple[Any, str]] = [
    # Formats
    ("Resources: {A: &a {Type: AWS::SNS::Topic}, B: *a}", "YAML aliases are not allowed in CloudFormation templates"),
    ("Resources: {A: {Type: AWS::SNS::Topic, <<: {}}}", "YAML not well-formed. (line 1, column 40)"),
    ("Resources: {A: {Type: !!binary QQ==}}", "YAML not well-formed. (line 1, column 23)"),
    ("Resources: {A: {Type: !!set {a}}}", "YAML not well-formed. (line 1, column 23)"),
    ("Resources: {A: {Type: !!timestamp 2026-01-01}}", "YAML not well-formed. (line 1, column 23)"),
    ("Resources: {A: {Type: !!int x}}", "YAML not well-formed."),
    ('{"Resources": {"A": {"Type": NaN}}}', "JSON not well-formed."),
    ('{"Resources": {"A": {"Type": "\\ud800"}}}', "unsupported character"),
    ("[" * 3000, "not well-formed"),
    ('{"a":' * 3000 + "1" + "}" * 3000, "not well-formed"),
    (with_value(json.loads("[" * 120 + "]" * 120)), "more than 100 levels are not supported"),
    # Sections
    ({"Resources": {}}, "At least one Resources member must be defined"),
    ({"Resources": ONE, "Outputs": None}, "[/Outputs] 'null' values are not allowed in templates"),
    ({"Resources": ONE, "Transform": 7}, "Key Name of transform definition must be a string."),
    ({"Resources": ONE, "Description": "x" * 1025}, "'Description' length is greater than 1024"),
    ({"Resources": ONE, "Description": "é" * 513}, "'Description' length is greater than 1024"),
    ({"Resources": many(501, TOPIC)}, "Number of resources, 501, is greater than maximum allowed, 500"),
    ({"Resources": ONE, "Outputs": many(201, {"Value": "x"})}, "Number of outputs, 201, is greater than maximum allowed, 200"),
    ({"Resources": ONE, "Parameters": many(201, {"Type": "String"})}, "Number of parameters, 201, is greater than"),
    ({"Resources": ONE, "Mappings": many(201, {"a": {"b": "c"}})}, "Number of mappings, 201, is greater than"),
    ({"Resources": {"A" * 256: TOPIC}}, "is longer than 255 characters"),
    ({"Resources": {"A-b": TOPIC}}, "Resource name A-b is non alphanumeric"),
    ({"Resources": ONE, "Rules": {"a b": {}}}, "Rule name a b is non alphanumeric"),
    # Mappings
    ({"Resources": ONE, "Mappings": {"M": "x"}}, "Every Mappings member M must be a map"),
    ({"Resources": ONE, "Mappings": {"M": {"a": {"b": {"Ref": "AWS::Region"}}}}}, "Every Mappings attribute must be a String or a List"),
    ({"Resources": ONE, "Mappings": {"M": {"a b": {"c": "d"}}}}, "Mappings attribute name 'a b' must be alphanumeric"),
    ({"Resources": ONE, "Mappings": {"M": many(201, {"b": "c"})}}, "Number of attributes of mapping M, 201, is greater"),
    # Resources
    ({"Resources": {"A": {**TOPIC, "DeletionPolicy": "Keep"}}}, "Unrecognized DeletionPolicy Keep for resource A"),
    ({"Resources": {"A": {**TOPIC, "DeletionPolicy": ["Retain"]}}}, "Unrecognized DeletionPolicy"),
    ({"Resources": {"A": {**TOPIC, "UpdateReplacePolicy": "RetainExceptOnCreate"}}}, "Unrecognized UpdateReplacePolicy"),
    ({"Resources": {"A": {**TOPIC, "UpdatePolicy": "x"}}}, "[/Resources/A/UpdatePolicy] must be a map/object"),
    ({"Resources": {"A": {**TOPIC, "Metadata": []}}}, "[/Resources/A/Metadata] must be a map/object"),
    ({"Resources": {"A": {**TOPIC, "Properties": {"Fn::If": []}}}}, "Encountered unsupported property Fn::If"),
    ({"Resources": {"A": {**TOPIC, "DependsOn": [{}]}}}, "DependsOn must be a string or list of strings"),
    # Outputs
    ({"Resources": ONE, "Outputs": {"O": {"Value": "x", "Description": "x" * 1025}}}, "'Description' length is greater than 1024"),
    ({"Resources": ONE, "Outputs": {"O": {"Value": "x", "Condition": ["C"]}}}, "Every Condition member must be a string"),
    ({"Resources": ONE, "Outputs": {"O": {"Value": "x", "Export": None}}}, "'null' values are not allowed in templates"),
    # Parameters
    (with_parameter(AllowedPattern="^abc|def)$"), "AllowedPattern ^abc|def)$ of parameter Name is not a valid regular expression"),
    (with_parameter(MinLength="one"), "Every MinLength member must be an integer"),
    (with_parameter(MaxLength=[1]), "Every MaxLength member must be an integer"),
    (with_parameter(AllowedValues="a"), "Every AllowedValues member must be a list of strings"),
    (with_parameter(AllowedValues=[{}]), "Every AllowedValues member must be a list of strings"),
    (with_parameter(NoEcho="maybe"), "Every NoEcho member must be a boolean"),
    (with_parameter(Description="x" * 4001), "'Description' length is greater than 4000"),
    (with_parameter(Default={}), "Every Default member must be a string"),
    (with_parameter(Default="x" * 4097), "is longer than 4096 bytes"),
    (with_parameter(Type="Number", MaxValue="many"), "Every MaxValue member must be a number"),
    (with_parameter(Type="Number", Default="٣"), "must be a number"),
    # References
    ({"Resources": {"A": {"Type": "AWS::No::Such"}}}, "Unrecognized resource types: [AWS::No::Such]"),
    (with_value({"Ref": "Nobody"}), "Unresolved resource dependencies [Nobody] in the Resources block of the template"),
    (with_value({"Ref": "AWS::Nothing"}), "Unresolved resource dependencies [AWS::Nothing] in the Resources block"),
    ({"Resources": {"A": {**TOPIC, "DependsOn": ["Nobody"]}}}, "Unresolved resource dependencies [Nobody]"),
    (with_value({"Fn::GetAtt": ["Nobody", "Arn"]}), "instance of Fn::GetAtt references undefined resource Nobody"),
    (with_value({"Fn::Sub": "${Topic.Colour}"}), "resource Topic does not support attribute type Colour in Fn::GetAtt"),
    (with_value({"Fn::If": ["Nobody", "a", "b"]}), "unresolved condition dependency Nobody in Fn::If"),
    ({"Resources": {"A": {**TOPIC, "Condition": "Nobody"}}}, "Unresolved condition dependency Nobody in the Resources block"),
    (with_value("x", Conditions={"C": {"Condition": "D"}}), "Unresolved condition dependency D in the Conditions block"),
    (with_value("x", Conditions={"C": {"Fn::Equals": [{"Ref": "Topic"}, ""]}}), "Cannot reference resources in the Conditions block"),
    ({"Resources": {"A": {**TOPIC, "DependsOn": "B"}, "B": {**TOPIC, "DependsOn": "A"}}}, "Circular dependency between resources: [A, B]"),
    ({"Resources": ONE, "Outputs": {"O": {"Value": {"Ref": "Nobody"}}}}, "Unresolved resource dependencies [Nobody] in the Outputs block"),
    # Functions
    (with_value({"Fn::Nothing": "x"}), "Encountered unsupported function: Fn::Nothing"),
    (with_value({"Fn::Length": ["x"]}), "Encountered unsupported function: Fn::Length"),
    (with_value({"Fn::Join": ["", "x"]}), "every Fn::Join object requires two parameters"),
    (with_value({"Fn::Select": [-1, ["x"]]}), "Fn::Select requires a list argument with two elements"),
    (with_value({"Fn::Split": ["", "x"]}), "every Fn::Split object requires two parameters"),
    (with_value({"Fn::GetAZs": []}), "every Fn::GetAZs object must have a String-typed value"),
    (with_value({"Fn::GetAtt": "Topic"}), "every Fn::GetAtt object requires two non-empty parameters"),
    (with_value({"Fn::ImportValue": {"a": "b"}}), "the attribute in Fn::ImportValue must not depend on any resources"),
    (with_value({"Ref": ["Topic"]}), "every Ref object must have a single String value"),
]  # fmt: skip
# What only a stack's creation looks at.
REFUSED_WITH_VALUES: list[tuple[Any, str]] = [
    (with_value("x", Conditions={"C": {"Fn::Equals": [{"Ref": "Topic"}, "x"]}}), "Cannot reference resources in the Conditions block"),
    (with_value("x", Conditions={"C": {"Condition": "C"}}), "circular condition dependency"),
    (with_value("x", Conditions={"C": {"Fn::And": [{"Condition": "D"}] * 11}}), "at least 2 and at most 10"),
    (with_value("x", Conditions={"C": {"Condition": {}}}), "Unresolved condition dependency"),
    (with_value({"Fn::Sub": "${a b}"}), "variable names in Fn::Sub syntax must contain only alphanumeric characters"),
    (with_value({"Fn::Sub": "${}"}), "variable names in Fn::Sub syntax must contain only alphanumeric characters"),
    (with_value({"Fn::Sub": ["a", 8]}), "One or more Fn::Sub intrinsic functions don't specify expected arguments"),
    (with_value({"Fn::FindInMap": ["M", {"Fn::Sub": "a"}, "b"]}, Mappings={"M": {"a": {"b": "c"}}}), "every Fn::FindInMap object requires three parameters"),
    (with_value({"Fn::FindInMap": [["M"], "a", "b"]}, Mappings={"M": {"a": {"b": "c"}}}), "every Fn::FindInMap object requires three parameters"),
    (with_value({"Fn::Select": ["²", ["a"]]}), "Fn::Select requires a list argument with two elements"),
    (with_value({"Fn::Join": [",", {"Fn::Cidr": ["10.0.0.0/16", [], 8]}]}), "count and cidrBits that are integers"),
    (with_value({"Fn::Nothing": "x"}), "Encountered unsupported function: Fn::Nothing"),
    (with_value("x", Rules={"R": {"Assertions": [{"Assert": {"Fn::Contains": "a"}}]}}), "every Fn::Contains object requires two parameters"),
    (with_value("x", Rules={"R": {"RuleCondition": {"Fn::Not": []}, "Assertions": []}}), "every Fn::Not object requires"),
    (with_value("x", Rules={"R": []}), "Rule R is malformed"),
    (with_value("x", Rules={"R": {"Assertions": {}}}), "Every Rules object must contain Assertions"),
]  # fmt: skip


def test_sound_templates_are_taken(cloud: Cloud) -> None:
    for template in seeds.TEMPLATES:
        cloud.api.validate_template(TemplateBody=json.dumps(template))


def text(template: Any) -> str:
    return template if isinstance(template, str) else json.dumps(template)


@pytest.mark.parametrize(("template", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_a_template_that_cannot_be_is_refused_when_it_is_validated(cloud: Cloud, template: Any, words: str) -> None:
    code, message = refusal(cloud.api.validate_template, TemplateBody=text(template))
    assert code == "ValidationError"
    assert words in message


@pytest.mark.parametrize(("template", "words"), REFUSED_WITH_VALUES, ids=[words for _, words in REFUSED_WITH_VALUES])
def test_a_template_that_cannot_be_is_refused_when_its_values_are_known(cloud: Cloud, template: Any, words: str) -> None:
    assert_refused(refusal(cloud.api.create_stack, StackName="shop", TemplateBody=text(template)), words)
    wanted = {"StackName": "shop", "ChangeSetName": "next", "ChangeSetType": "CREATE"}
    assert_refused(refusal(cloud.api.create_change_set, **wanted, TemplateBody=text(template)), words)


def assert_refused(found: tuple[str, str], words: str) -> None:
    assert found[0] == "ValidationError"
    assert words in found[1]


def test_a_value_must_match_the_whole_pattern_as_java_reads_it(cloud: Cloud) -> None:
    template = with_parameter(AllowedPattern="[\\p{L}\\p{N} ]+")
    given = [{"ParameterKey": "Name", "ParameterValue": "Käse 3"}]
    cloud.create(template, Parameters=given)
    wrong = [{"ParameterKey": "Name", "ParameterValue": "Käse-3"}]
    code, message = refusal(cloud.create, template, name="other", Parameters=wrong)
    assert (code, message) == ("ValidationError", "Parameter 'Name' must match pattern [\\p{L}\\p{N} ]+")


def test_each_element_of_a_list_must_match(cloud: Cloud) -> None:
    template = with_parameter(Type="CommaDelimitedList", AllowedPattern="[a-z&&[^x]]+")
    cloud.create(template, Parameters=[{"ParameterKey": "Name", "ParameterValue": "a,b"}])
    wrong = [{"ParameterKey": "Name", "ParameterValue": "a,x"}]
    assert refusal(cloud.create, template, name="other", Parameters=wrong)[0] == "ValidationError"


def test_an_expression_that_would_try_for_ages_ends_the_request_and_not_the_rehearsal(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rehearsal.patterns.SECONDS", 0.2)
    template = with_parameter(AllowedPattern="(a|aa)+$")
    given = [{"ParameterKey": "Name", "ParameterValue": "a" * 60 + "!"}]
    code, message = refusal(cloud.create, template, Parameters=given)
    assert (code, "cannot be matched" in message) == ("ValidationError", True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"Parameters": [{"ParameterValue": "x"}]}, "Every parameter must have a ParameterKey"),
        ({"Tags": [{"Key": "k" * 129, "Value": "v"}]}, "at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128"),
        ({"Tags": [{"Key": "k", "Value": "v" * 257}]}, "at 'tags.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 256"),
        ({"Tags": [{"Key": f"k{n}", "Value": "v"} for n in range(51)]}, "at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50"),
        ({"NotificationARNs": ["topic"]}, "Invalid Notification ARN: topic"),
        ({"NotificationARNs": ["arn:aws:sns:us-east-1:123456789012:t"] * 6}, "length less than or equal to 5"),
        ({"StackPolicyBody": '{"Statement": {"Effect": "Deny", "Action": 0.5, "Principal": "*"}}'}, "Invalid stack policy"),
        ({"StackPolicyBody": '{"Statement": {"Effect": "Deny", "Action": "Update:*", "Principal": "*", "Condition": {"Bool": {}}}}'}, "Invalid stack policy"),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_is_refused(cloud: Cloud, more: dict[str, Any], words: str) -> None:
    code, message = refusal(cloud.create, {"Resources": ONE}, **more)
    assert code == "ValidationError"
    assert words in message


@pytest.mark.parametrize("name", ["", "x" * 3000])
def test_a_stored_parameter_without_a_name_is_refused(cloud: Cloud, name: str) -> None:
    template = with_parameter(Type="AWS::SSM::Parameter::Value<String>", Default=name)
    code, message = refusal(cloud.create, template)
    assert (code, message) == (
        "ValidationError",
        f"Unable to fetch parameters [{name}] from parameter store for this account.",
    )
