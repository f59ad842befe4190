"""The CloudFormation action. https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html"""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.tests.codepipeline.conftest import Run
from rehearsal.tests.codepipeline.declarations import pipeline, stack, stage

TEMPLATE = json.dumps(
    {
        "Parameters": {"Value": {"Type": "String"}},
        "Resources": {
            "P": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Ref": "Value"}}}
        },
        "Outputs": {"Said": {"Value": {"Ref": "Value"}}},
    }
)
BROKEN = json.dumps(
    {
        "Resources": {
            "P": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "aws-no", "Type": "String", "Value": "x"}}
        }
    }
)
SOURCE = {"template__json": TEMPLATE, "broken__json": BROKEN, "value__json": json.dumps({"value": "from a file"})}
VALUE = json.dumps({"Value": {"Fn::GetParam": ["Source", "value.json", "value"]}})


@pytest.fixture
def deploys(work: Run) -> Run:
    work.role("deploy", "cloudformation.amazonaws.com", ["ssm:*"])
    work.push(**SOURCE)
    return work


def deploy(name: str, mode: str, order: int = 1, template: str = "template.json", **more: Any) -> dict[str, Any]:
    overrides = more.pop("ParameterOverrides", VALUE)
    return stack(name, mode, order, TemplatePath=f"Source::{template}", ParameterOverrides=overrides, **more)


def status(work: Run, name: str = "stack") -> str:
    return str(work.aws("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])


def test_create_update_makes_a_stack_updates_it_and_is_content_with_no_change(deploys: Run) -> None:
    action = {**deploy("Deploy", "CREATE_UPDATE", OutputFileName="out.json"), "namespace": "Stack"}
    action["outputArtifacts"] = [{"name": "Out"}]
    deploys.create(pipeline(stage("Deploy", action)))
    assert deploys.ended() == "Succeeded"
    assert status(deploys) == "CREATE_COMPLETE"
    detail = deploys.history(deploys.executions()[0]["pipelineExecutionId"])[-1]
    assert detail["output"]["outputVariables"] == {"Said": "from a file"}
    assert detail["output"]["executionResult"]["externalExecutionId"].startswith("arn:aws:cloudformation:")
    assert detail["output"]["outputArtifacts"][0]["name"] == "Out"
    assert deploys.ended(deploys.start()) == "Succeeded"
    assert status(deploys) == "CREATE_COMPLETE"
    deploys.push(**{**SOURCE, "value__json": json.dumps({"value": "another"})})
    assert deploys.ended(deploys.start()) == "Succeeded"
    assert status(deploys) == "UPDATE_COMPLETE"


def test_templates_may_be_longer_than_a_request(deploys: Run) -> None:
    long = json.dumps({**json.loads(TEMPLATE), "Metadata": {"Why": "long " * 12_000}})
    deploys.push(**{**SOURCE, "template__json": long})
    prepare = deploy("Prepare", "CHANGE_SET_REPLACE", StackName="other", ChangeSetName="set")
    execute = stack("Execute", "CHANGE_SET_EXECUTE", 2, inputs="", StackName="other", ChangeSetName="set")
    deploys.create(pipeline(stage("Deploy", deploy("Deploy", "CREATE_UPDATE")), stage("Production", prepare, execute)))
    assert deploys.ended() == "Succeeded"
    assert (status(deploys), status(deploys, "other")) == ("CREATE_COMPLETE", "CREATE_COMPLETE")


def test_create_update_does_not_replace_a_failed_first_deployment_but_replace_on_failure_does(deploys: Run) -> None:
    deploys.create(
        pipeline(stage("Deploy", deploy("Deploy", "CREATE_UPDATE", template="broken.json", ParameterOverrides="{}")))
    )
    assert deploys.ended() == "Failed"
    assert status(deploys) == "ROLLBACK_COMPLETE"
    assert "failed to create: [P]" in deploys.action("Deploy", "Deploy")["errorDetails"]["message"]
    deploys.pipelines.update_pipeline(pipeline=pipeline(stage("Deploy", deploy("Deploy", "CREATE_UPDATE"))))
    assert deploys.ended(deploys.start()) == "Failed"
    assert (
        "is in ROLLBACK_COMPLETE state and can not be updated"
        in deploys.action("Deploy", "Deploy")["errorDetails"]["message"]
    )
    deploys.pipelines.update_pipeline(pipeline=pipeline(stage("Deploy", deploy("Deploy", "REPLACE_ON_FAILURE"))))
    assert deploys.ended(deploys.start()) == "Succeeded"
    assert status(deploys) == "CREATE_COMPLETE"


def test_a_change_set_is_replaced_executed_and_consumed(deploys: Run) -> None:
    prepare = deploy("Prepare", "CHANGE_SET_REPLACE", ChangeSetName="set")
    execute = stack("Execute", "CHANGE_SET_EXECUTE", 2, inputs="", ChangeSetName="set")
    deploys.create(pipeline(stage("Production", prepare, execute)))
    assert deploys.ended() == "Succeeded"
    assert status(deploys) == "CREATE_COMPLETE"
    # An empty set succeeds in both actions, although CloudFormation calls it FAILED.
    assert deploys.ended(deploys.start()) == "Succeeded"
    assert "didn't contain changes" in deploys.action("Production", "Execute")["summary"]
    alone = pipeline(stage("Production", stack("Execute", "CHANGE_SET_EXECUTE", inputs="", ChangeSetName="gone")))
    deploys.pipelines.update_pipeline(pipeline=alone)
    assert deploys.ended(deploys.start()) == "Failed"
    assert "ChangeSet [gone] does not exist" in deploys.action("Production", "Execute")["errorDetails"]["message"]


def test_delete_only_succeeds_where_there_is_no_stack(deploys: Run) -> None:
    deploys.create(
        pipeline(
            stage("Make", deploy("Make", "CREATE_UPDATE")),
            stage(
                "Clear",
                stack("Clear", "DELETE_ONLY", inputs=""),
                stack("None", "DELETE_ONLY", inputs="", StackName="none"),
            ),
        )
    )
    assert deploys.ended() == "Succeeded"
    assert deploys.aws("cloudformation").describe_stacks()["Stacks"] == []


def test_a_missing_template_and_a_missing_permission_are_named(deploys: Run) -> None:
    deploys.create(pipeline(stage("Deploy", deploy("Deploy", "CREATE_UPDATE", template="other.json"))))
    assert deploys.ended() == "Failed"
    assert (
        "File [other.json] does not exist in artifact [Source]"
        in deploys.action("Deploy", "Deploy")["errorDetails"]["message"]
    )
    poor = deploys.role("poor", "codepipeline.amazonaws.com", ["s3:*", "cloudformation:*"])
    deploys.pipelines.update_pipeline(
        pipeline=pipeline(stage("Deploy", deploy("Deploy", "CREATE_UPDATE")), roleArn=poor)
    )
    assert deploys.ended(deploys.start()) == "Failed"
    assert "iam:PassRole" in deploys.action("Deploy", "Deploy")["errorDetails"]["message"]


def test_a_lost_reply_or_a_throttled_call_changes_nothing_of_the_result(deploys: Run, fresh: str) -> None:
    from rehearsal.tests.conftest import post

    prepare = deploy("Prepare", "CHANGE_SET_REPLACE", StackName="other", ChangeSetName="set")
    execute = stack("Execute", "CHANGE_SET_EXECUTE", 2, inputs="", StackName="other", ChangeSetName="set")
    for operation in ("CreateStack", "CreateChangeSet", "ExecuteChangeSet"):
        fault = {"kind": "lost-reply", "service": "cloudformation", "operation": operation, "times": 1}
        post(fresh, "/_rehearsal/faults", fault)
    deploys.create(pipeline(stage("Deploy", deploy("Deploy", "CREATE_UPDATE")), stage("Production", prepare, execute)))
    assert deploys.ended() == "Succeeded", [
        a["output"] for a in deploys.history(deploys.executions()[0]["pipelineExecutionId"])
    ]
    assert (status(deploys), status(deploys, "other")) == ("CREATE_COMPLETE", "CREATE_COMPLETE")
    assert len(deploys.aws("cloudformation").describe_stacks()["Stacks"]) == 2
