"""Variables, conditions and stack parameters: the parts that need no server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.services.codepipeline import variables
from rehearsal.services.codepipeline.cloudformation_config import ConfigurationError, stack_input
from rehearsal.services.codepipeline.conditions import variable_check


def test_variables_are_put_in_and_a_missing_one_is_an_error() -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html"""
    values = {"Bake": {"ID": "ami-1"}, "codepipeline": {"PipelineExecutionId": "e"}}
    assert variables.resolve("#{Bake.ID} in #{codepipeline.PipelineExecutionId}", values) == "ami-1 in e"
    for text in ("#{Bake.OTHER}", "#{Nobody.ID}", "#{ID}"):
        with pytest.raises(variables.Unresolved, match="could not be resolved"):
            variables.resolve(text, values)


@pytest.mark.parametrize(
    ("operator", "value", "met"),
    [
        ("EQ", "yes", True), ("EQ", "ye", False), ("NE", "no", True), ("NE", "yes", False),
        ("CONTAINS", "es", True), ("CONTAINS", "x", False), ("MATCHES", "y.*", True), ("MATCHES", "y", False),
    ],
)  # fmt: skip
def test_variable_check(operator: str, value: str, met: bool) -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-VariableCheck.html"""
    assert variable_check({"Variable": "yes", "Value": value, "Operator": operator})[0] is met


FILES = {
    ("Image", "staging.json"): json.dumps(
        {"Parameters": {"A": "file", "B": "file"}, "Tags": {"K": "V"}, "StackPolicy": {"S": 1}}
    ),
    ("Image", "made.json"): json.dumps({"id": "ami-1"}),
}


def given(overrides: Any = None, configuration: str = "Image::staging.json") -> Any:
    wanted = {"TemplateConfiguration": configuration, "ParameterOverrides": json.dumps(overrides) if overrides else ""}
    return stack_input(wanted, lambda a, p: FILES[(a, p)], lambda a, attribute: f"{a}.{attribute}")


def test_overrides_go_over_the_template_configuration() -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html"""
    found = given(
        {
            "B": "override",
            "C": {"Fn::GetParam": ["Image", "made.json", "id"]},
            "D": {"Fn::GetArtifactAtt": ["Image", "ObjectKey"]},
        }
    )
    assert found.parameters == {"A": "file", "B": "override", "C": "ami-1", "D": "Image.ObjectKey"}
    assert (found.tags, json.loads(found.policy)) == ({"K": "V"}, {"S": 1})


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"A": "x" * 1024}, "larger than 1024 bytes"),
        ({"A": 5}, "must be a string"),
        ({"A": {"Fn::GetParam": ["Image", "made.json", "nothing"]}}, "has no key nothing"),
        ({"A": {"Ref": "B"}}, "neither a string nor a known function"),
        ([1], "not a JSON object"),
    ],
)
def test_wrong_overrides_are_refused(overrides: Any, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        given(overrides)


def test_a_path_names_artifact_and_file() -> None:
    with pytest.raises(ConfigurationError, match="ArtifactName::FileName"):
        given({}, "staging.json")
