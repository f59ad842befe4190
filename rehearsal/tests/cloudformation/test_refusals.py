"""What is refused when a template is read, in the very sentences that AWS answered (see test_replies.py)."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.tests.cloudformation.conftest import Cloud, refusal, text
from rehearsal.tests.cloudformation.toys import parameter, topic

SELECT = "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
SPLIT = (
    "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be "
    "split or a function that returns a string to be split."
)
GET_ATT = (
    "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource "
    "attribute"
)
PARAMETERS = {"Name": {"Type": "String", "Default": "x"}}


def value(expression: Any, **more: Any) -> dict[str, Any]:
    return {"Parameters": PARAMETERS, "Resources": {"P": parameter(expression), "T": topic()}, **more}


def output(**body: Any) -> dict[str, Any]:
    return {"Resources": {"T": topic()}, "Outputs": {"O": body}}


REFUSED: list[tuple[str, Any, str]] = [
    ("an index that is no number", value({"Fn::Select": ["bad", ["a"]]}), SELECT),
    ("a list that is none", value({"Fn::Select": [0, 2]}), SELECT),
    ("a place behind a list's end", value({"Fn::Select": [100, ["a"]]}), SELECT),
    ("a condition's place behind a list's end", value("x", Conditions={"C": {"Fn::Equals": [{"Fn::Select": [1, ["a"]]}, "a"]}}), SELECT),
    ("Fn::Split of one argument", value({"Fn::Split": {"Ref": "AWS::Region"}}), SPLIT),
    ("Fn::GetAtt with one part", value({"Fn::GetAtt": ["T"]}), GET_ATT),
    ("Fn::GetAtt of a Ref", value({"Fn::GetAtt": [{"Ref": "Name"}]}), GET_ATT),
    ("Fn::GetAtt of a name alone", value({"Fn::GetAtt": "T"}), GET_ATT),
    ("an output without Value", output(), "Template format error: Every Outputs member must contain a Value object"),
    ("an output of null", output(Value=None), "[/Outputs/O/Value] 'null' values are not allowed in templates"),
    (
        "a property of null",
        {"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"Tags": [None]}}}},
        "[/Resources/T/Type/Tags/0] 'null' values are not allowed in templates",
    ),
    (
        "a resource named like a pseudo parameter",
        {"Resources": {"AWS::NoValue": topic()}},
        "Template format error: Resource name AWS::NoValue is non alphanumeric.",
    ),
    (
        "a parameter named like a pseudo parameter",
        {"Parameters": {"AWS::NoValue": {"Type": "String"}}, "Resources": {"T": topic()}},
        "Template format error: Parameter name AWS::NoValue is non alphanumeric.",
    ),
    ("resources that are text", {"Resources": ""}, "Template format error: Any Resources member must be an object."),
    (
        "a mapping of one level",
        value("x", Mappings={"M": {"A": "b"}}),
        "Template format error: Every Mappings member A must be a map",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("template", "message"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_a_template_is_refused_when_it_is_read(cloud: Cloud, template: Any, message: str) -> None:
    body = text(template)
    wanted = {"StackName": "shop", "ChangeSetName": "next", "ChangeSetType": "CREATE", "TemplateBody": body}
    assert refusal(cloud.api.create_change_set, **wanted) == ("ValidationError", message)
    assert refusal(cloud.api.create_stack, StackName="shop", TemplateBody=body) == ("ValidationError", message)
    assert refusal(cloud.api.validate_template, TemplateBody=body) == ("ValidationError", message)


NEVER = {"Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}}


def test_arguments_are_looked_at_also_where_a_condition_leaves_them_out(cloud: Cloud) -> None:
    never = parameter({"Fn::Select": ["bad", ["a"]]}, Condition="Never")
    template = {**NEVER, "Resources": {"P": never, "T": topic()}}
    assert refusal(cloud.create, template) == ("ValidationError", SELECT)


def test_a_condition_may_be_named_like_a_pseudo_parameter(cloud: Cloud) -> None:
    always = {"Conditions": {"AWS::NoValue": {"Fn::Equals": ["a", "a"]}, "Zone_A": {"Fn::Equals": ["a", "b"]}}}
    resources = {"P": parameter("x", Condition="AWS::NoValue"), "Q": parameter("x", Condition="Zone_A")}
    assert cloud.change_set({**always, "Resources": resources}, ChangeSetType="CREATE")["Status"] == "CREATE_COMPLETE"
    cloud.api.execute_change_set(ChangeSetName="next", StackName="shop")
    cloud.idle("shop")
    assert set(cloud.parameters.lives) == {cloud.physical("P")}


@pytest.mark.parametrize("reference", [{"Ref": "T"}, {"Fn::GetAtt": ["T", "TopicName"]}])
def test_what_a_condition_leaves_out_cannot_be_referred_to(cloud: Cloud, reference: Any) -> None:
    left_out = {**NEVER, "Resources": {"T": topic(Condition="Never"), "P": parameter("x")}}
    within = {**left_out, "Resources": {**left_out["Resources"], "P": parameter(reference)}}
    said = "Unresolved resource dependencies [T] in the Resources block of the template"
    assert refusal(cloud.create, within) == ("ValidationError", f"Template format error: {said}")
    beside = {**left_out, "Outputs": {"O": {"Value": reference}}}
    said = "Unresolved resource dependencies [T] in the Outputs block of the template"
    assert refusal(cloud.create, beside) == ("ValidationError", said)
