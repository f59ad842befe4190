"""https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html"""

from __future__ import annotations

import copy
from typing import Any

import pytest

from rehearsal.kernel.errors import AwsError
from rehearsal.services.codepipeline import definition
from rehearsal.tests.codepipeline.declarations import approval, build, condition, pipeline, rule, source, stack, stage

GOOD = pipeline(stage("Build", build("Make", "project", outputs="Made", namespace="Make")), stage("Ask", approval()))


def refused(declaration: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(AwsError) as caught:
        definition.validate(declaration)
    return caught.value.code, caught.value.message


def changed(**members: Any) -> dict[str, Any]:
    return {**copy.deepcopy(GOOD), **members}


def with_stage(*stages: dict[str, Any]) -> dict[str, Any]:
    return pipeline(*stages)


def test_a_sound_pipeline_is_accepted() -> None:
    definition.validate(GOOD)


STRUCTURE, ACTION, STAGE = (
    "InvalidStructureException",
    "InvalidActionDeclarationException",
    "InvalidStageDeclarationException",
)


@pytest.mark.parametrize(
    ("declaration", "code", "words"),
    [
        (changed(name="no spaces please"), "ValidationException", "regular expression pattern"),
        (
            changed(stages=[source()]),
            STRUCTURE,
            "Pipeline has only 1 stage(s). There should be a minimum of 2 stages in a pipeline",
        ),
        (
            changed(stages=[stage("A", approval()), source()]),
            STRUCTURE,
            "should start with a stage that only contains source actions",
        ),
        (with_stage(stage("Source", approval())), STAGE, "Stage names must be unique"),
        (with_stage(stage("A", approval(), approval())), ACTION, "action names must be unique"),
        (with_stage(stage("A")), STAGE, "should have at least one action"),
        (with_stage(stage("A b", approval())), "ValidationException", "pipeline.stages.2.member.name"),
        (
            with_stage(stage("A", build("B", "p", inputs="Nowhere"))),
            ACTION,
            "Input Artifact Bundle Nowhere in action B is not declared as Output Artifact Bundle in any of the preceding actions",
        ),
        (
            with_stage(stage("A", build("B", "p", outputs="Source"))),
            ACTION,
            "Output Artifact Bundle name must be unique",
        ),
        (with_stage(stage("A", stack("D", "CREATE_UPDATE"))), ACTION, "missing required configuration 'TemplatePath'"),
        (with_stage(stage("A", stack("D", "EXPLODE"))), ACTION, "ActionMode 'EXPLODE'"),
        (
            with_stage(stage("A", approval(configuration={"Colour": "red"}))),
            ACTION,
            "Action configuration for action 'Approve' contains unknown configuration 'Colour'",
        ),
        (with_stage(stage("A", approval(configuration={"CustomData": "x" * 1001}))), ACTION, "too long"),
        (
            with_stage(stage("A", approval(configuration={"CustomData": "#{Nobody.knows}"}))),
            ACTION,
            "VariableReferenceText=[Nobody.knows]",
        ),
        (
            with_stage(stage("A", build("B", "p", namespace="Source"))),
            ACTION,
            "Namespaces must be unique across the pipeline definition",
        ),
        (changed(executionMode="QUEUED", pipelineType="V1"), STRUCTURE, "pipeline type V2"),
        (with_stage(stage("A", approval(), beforeEntry=condition("ROLLBACK", rule()))), STAGE, "FAIL or SKIP"),
        (
            with_stage(stage("A", approval(), onSuccess=condition("FAIL", rule()))),
            STAGE,
            "missing required configuration 'Variable'",
        ),
        (
            with_stage(stage("A", approval(), beforeEntry=condition("SKIP", rule("CloudWatchAlarm", AlarmName="a")))),
            STAGE,
            "CloudWatchAlarm is not supported with the result SKIP",
        ),
        (
            with_stage(stage("A", approval(), beforeEntry=condition("FAIL", rule("DeploymentWindow", Cron="* * *")))),
            "NotImplemented",
            "rule provider DeploymentWindow",
        ),
        (
            with_stage(
                stage(
                    "A",
                    approval(),
                    beforeEntry=condition("FAIL", rule(Variable="#{Source.ETag}", Value="(", Operator="MATCHES")),
                )
            ),
            STAGE,
            "Rule 'rule': Value '(' is no regular expression: Unclosed group",
        ),
        (
            with_stage(
                stage(
                    "A",
                    approval(),
                    onSuccess=condition("FAIL", rule("CloudWatchAlarm", AlarmName="a", WaitTime="soon")),
                )
            ),
            STAGE,
            "Rule 'rule': WaitTime 'soon' is no number of minutes",
        ),
        (
            with_stage(stage("A", approval(), beforeEntry=condition("FAIL", rule("LambdaInvoke")))),
            "NotImplemented",
            "LambdaInvoke",
        ),
    ],
)
def test_a_wrong_pipeline_is_refused_in_awss_words(declaration: dict[str, Any], code: str, words: str) -> None:
    found = refused(declaration)
    assert found[0] == code
    assert words in found[1]


def test_a_provider_that_does_not_run_here_is_not_implemented() -> None:
    deploy = approval()
    deploy["actionTypeId"] = {"category": "Deploy", "owner": "AWS", "provider": "CodeDeploy", "version": "1"}
    assert refused(with_stage(stage("A", deploy)))[0] == "NotImplemented"
