"""Executions beside each other: who overtakes, who waits, and who is stopped.

https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rehearsal.services.codepipeline import engine, store
from rehearsal.tests.codepipeline.conftest import Run, until
from rehearsal.tests.codepipeline.declarations import ASK, approval, pipeline, stage


def test_a_newer_execution_supersedes_one_that_waits(work: Run) -> None:
    work.push()
    work.create(pipeline(ASK))
    work.token("Ask")
    second = work.start()
    until(lambda: work.stage("Ask").get("inboundExecution", {}).get("pipelineExecutionId") == second)
    third = work.start()
    assert work.ended(second) == "Superseded"
    work.answer("Ask")
    until(lambda: work.stage("Ask")["latestExecution"]["pipelineExecutionId"] == third)
    work.answer("Ask")
    assert work.ended(third) == "Succeeded"


def test_queued_executions_go_in_order(work: Run) -> None:
    work.push()
    work.create(pipeline(ASK, executionMode="QUEUED"))
    work.token("Ask")
    waiting = [work.start(), work.start()]
    until(lambda: len(work.stage("Ask").get("inboundExecutions", [])) == 2)
    for execution_id in waiting:
        work.answer("Ask")
        until(lambda wanted=execution_id: work.stage("Ask")["latestExecution"]["pipelineExecutionId"] == wanted)
    work.answer("Ask")
    assert work.ended(waiting[1]) == "Succeeded"


@pytest.mark.parametrize("mode", ["QUEUED", "SUPERSEDED"])
def test_executions_enter_the_first_stage_in_the_order_of_their_starts(
    work: Run, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """Although the machine may run their threads in another one."""
    work.push()
    work.create(pipeline(ASK, executionMode=mode))
    work.answer("Ask")
    work.ended()
    go, held = engine._go, []
    monkeypatch.setattr(engine, "_go", lambda *given: held.append(given))
    started = [work.start(), work.start()]
    for given in reversed(held):
        go(*given)
        time.sleep(0.1)
    for execution_id in started:
        until(lambda wanted=execution_id: work.stage("Ask")["latestExecution"]["pipelineExecutionId"] == wanted)
        work.answer("Ask")
    assert [work.ended(execution_id) for execution_id in started] == ["Succeeded", "Succeeded"]


def test_a_disabled_transition_holds_executions_until_it_is_enabled(work: Run) -> None:
    work.push()
    work.create(pipeline(ASK))
    work.answer("Ask")
    work.ended()
    transition = {"pipelineName": "pipeline", "stageName": "Ask", "transitionType": "Inbound"}
    work.pipelines.disable_stage_transition(**transition, reason="holiday")
    held = work.start()
    until(lambda: "inboundExecution" in work.stage("Ask"))
    assert work.stage("Ask")["inboundTransitionState"]["disabledReason"] == "holiday"
    time.sleep(0.2)
    assert work.stage("Ask")["inboundExecution"]["pipelineExecutionId"] == held
    work.pipelines.enable_stage_transition(**transition)
    work.answer("Ask")
    assert work.ended(held) == "Succeeded"


def test_an_execution_stops_after_its_actions_or_at_once(work: Run) -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-stop.html"""
    work.push()
    work.create(pipeline(ASK, stage("Last", approval("Never"))))
    work.token("Ask")
    execution_id = work.executions()[0]["pipelineExecutionId"]
    stop = {"pipelineName": "pipeline", "pipelineExecutionId": execution_id}
    work.pipelines.stop_pipeline_execution(**stop, reason="enough")
    assert work.execution(execution_id)["status"] == "Stopping"
    with pytest.raises(work.pipelines.exceptions.DuplicatedStopRequestException):
        work.pipelines.stop_pipeline_execution(**stop)
    work.answer("Ask")
    assert work.ended(execution_id) == "Stopped"
    assert work.action("Last", "Never") == {}
    with pytest.raises(work.pipelines.exceptions.PipelineExecutionNotStoppableException):
        work.pipelines.stop_pipeline_execution(**stop)
    second = work.start()
    work.token("Ask")
    work.pipelines.stop_pipeline_execution(pipelineName="pipeline", pipelineExecutionId=second, abandon=True)
    assert work.ended(second) == "Stopped"
    assert work.action("Ask", "Approve")["status"] == "Abandoned"


def test_an_execution_that_ends_before_its_stop_is_taken_stays_ended(work: Run) -> None:
    work.push()
    work.create(pipeline(ASK))
    work.token("Ask")
    ends = next(p for place in store._pipelines.values() for p in place.values())
    execution = next(iter(ends.executions.values()))
    stop = {"pipelineName": "pipeline", "pipelineExecutionId": execution.id}
    with ThreadPoolExecutor() as pool, ends.changed:
        asked = pool.submit(work.pipelines.stop_pipeline_execution, **stop)
        time.sleep(0.3)
        engine._end(ends, execution, "Succeeded")
        ends.changed.release()
        try:
            with pytest.raises(work.pipelines.exceptions.PipelineExecutionNotStoppableException):
                asked.result()
        finally:
            ends.changed.acquire()
    assert work.execution(execution.id)["status"] == "Succeeded"


def test_an_execution_that_breaks_the_rehearsal_fails_and_lets_the_next_one_in(
    work: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> str:
        raise RuntimeError("a defect")

    work.push()
    with monkeypatch.context() as patch:
        patch.setattr("rehearsal.services.codepipeline.conditions.check", broken)
        work.create(pipeline(ASK))
        assert work.ended() == "Failed"
    assert "a defect" in capfd.readouterr().err
    assert work.stage("Source")["latestExecution"]["status"] == "Failed"
    second = work.start()
    work.answer("Ask")
    assert work.ended(second) == "Succeeded"
