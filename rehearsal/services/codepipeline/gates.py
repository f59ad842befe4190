"""Who may enter a stage: one execution at a time, and what becomes of those that wait.

https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
SUPERSEDED: a newer execution takes the place of one that waits. QUEUED: they go in order. PARALLEL: nobody waits.
"""

from __future__ import annotations

from rehearsal.kernel import tasks
from rehearsal.services.codepipeline import announce
from rehearsal.services.codepipeline.store import Execution, Pipeline, StageState, now


def arrive(pipeline: Pipeline, stage: str, execution: Execution) -> None:
    """Comes to the stage's door: enters if it is open, or else waits there and may supersede or be superseded."""
    with pipeline.changed:
        state = pipeline.state(stage)
        # Those that stand before an open door are in already, though their threads may not know it yet.
        _admit(state)
        state.inbound.append(execution)
        _admit(state)
        if execution in state.inbound and execution.mode == "SUPERSEDED":
            _supersede(pipeline, state)


def enter(pipeline: Pipeline, stage: str, execution: Execution) -> bool:
    """Waits for the stage; False when the execution was stopped or superseded instead."""
    with pipeline.changed:
        state = pipeline.state(stage)
        if _goes_on(execution) and execution not in state.inbound and execution not in state.current:
            arrive(pipeline, stage, execution)
        try:
            while _goes_on(execution) and not pipeline.deleted:
                _admit(state)
                if execution in state.current:
                    state.latest = execution
                    return True
                pipeline.changed.wait()
                tasks.check()
        finally:
            if execution in state.inbound:
                state.inbound.remove(execution)
            pipeline.changed.notify_all()
        leave(pipeline, stage, execution)
        return False


def enter_again(pipeline: Pipeline, stage: str, execution: Execution) -> None:
    """For a retry. The execution has entered before: a transition disabled since, or a newer execution that waits at
    the door, does not concern it (unchecked)."""
    with pipeline.changed:
        pipeline.state(stage).current.append(execution)


def reserve(pipeline: Pipeline, stage: str, execution: Execution) -> None:
    """Puts an execution before all others that wait for the stage; it enters later."""
    with pipeline.changed:
        pipeline.state(stage).inbound.insert(0, execution)


def leave(pipeline: Pipeline, stage: str, execution: Execution) -> None:
    with pipeline.changed:
        state = pipeline.state(stage)
        if execution in state.current:
            state.current.remove(execution)
        pipeline.changed.notify_all()


def _goes_on(execution: Execution) -> bool:
    return execution.active and not execution.stop


def _admit(state: StageState) -> None:
    """Lets in whom the door is open to."""
    for execution in [e for e in state.inbound if _goes_on(e)]:
        if state.enabled and (execution.mode == "PARALLEL" or not state.current):
            state.inbound.remove(execution)
            state.current.append(execution)


def _supersede(pipeline: Pipeline, state: StageState) -> None:
    """Of those that wait, the one that began last stays. That it also does where an older one comes to the door after
    it, as one may that was retried, is unchecked."""
    # A roll-back carries no revision that a newer one could stand for.
    waiting = [e for e in pipeline.executions.values() if e in state.inbound and _goes_on(e) and e.type == "STANDARD"]
    for older in waiting[:-1]:
        state.inbound.remove(older)
        older.status, older.updated = "Superseded", now()
        older.summary = f"Superseded by execution {waiting[-1].id}"
        announce.pipeline_changed(pipeline, older)
    pipeline.changed.notify_all()
