"""Conditions of a stage: at its entry, and once it succeeded."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.tests.codepipeline.conftest import Run
from rehearsal.tests.codepipeline.declarations import approval, condition, pipeline, rule, stage


def test_an_entry_condition_skips_its_stage_or_fails_it(work: Run) -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-conditions.html"""
    work.push()
    never = rule(Variable="#{Source.ObjectKey}", Value="other", Operator="EQ")
    always = rule(Variable="#{Source.ObjectKey}", Value="source", Operator="CONTAINS")
    work.create(
        pipeline(
            stage("Skipped", approval(), beforeEntry=condition("SKIP", never)),
            stage("Entered", approval(), beforeEntry=condition("FAIL", always)),
            stage("Refused", approval(), beforeEntry=condition("FAIL", never)),
        )
    )
    work.answer("Entered")
    assert work.ended() == "Failed"
    assert work.stage("Skipped")["latestExecution"]["status"] == "Skipped"
    assert work.stage("Refused")["latestExecution"]["status"] == "Failed"
    assert work.stage("Refused")["beforeEntryConditionState"]["latestExecution"]["status"] == "Failed"
    rules = work.pipelines.list_rule_executions(pipelineName="pipeline")["ruleExecutionDetails"]
    assert [(r["stageName"], r["status"]) for r in rules] == [
        ("Refused", "Failed"),
        ("Entered", "Succeeded"),
        ("Skipped", "Failed"),
    ]
    execution_id = work.executions()[0]["pipelineExecutionId"]
    override = {"pipelineName": "pipeline", "stageName": "Refused", "pipelineExecutionId": execution_id}
    work.pipelines.override_stage_condition(**override, conditionType="BEFORE_ENTRY")
    work.answer("Refused")
    assert work.ended(execution_id) == "Succeeded"


def test_an_alarm_on_success_fails_the_stage(work: Run) -> None:
    work.push()
    cloudwatch = work.aws("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="bad", MetricName="m", Namespace="n", Statistic="Sum", Period=3600, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", TreatMissingData="ignore",
    )  # fmt: skip
    cloudwatch.set_alarm_state(AlarmName="bad", StateValue="ALARM", StateReason="test")
    work.create(
        pipeline(stage("Watched", approval(), onSuccess=condition("FAIL", rule("CloudWatchAlarm", AlarmName="bad"))))
    )
    work.answer("Watched")
    assert work.ended() == "Failed"
    assert "is in state ALARM" in work.stage("Watched")["onSuccessConditionState"]["latestExecution"]["summary"]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (rule(Variable="x", Value="#{variables.BAD}", Operator="MATCHES"), "Unclosed group"),
        (rule("CloudWatchAlarm", AlarmName="bad", WaitTime="#{variables.BAD}"), "invalid literal"),
    ],
)
def test_a_rule_that_a_variable_breaks_fails_its_stage(work: Run, broken: dict[str, Any], words: str) -> None:
    work.push()
    bad = [{"name": "BAD", "defaultValue": "("}]
    work.create(pipeline(stage("Checked", approval(), beforeEntry=condition("FAIL", broken)), variables=bad))
    assert work.ended() == "Failed"
    assert words in work.stage("Checked")["beforeEntryConditionState"]["latestExecution"]["summary"]
