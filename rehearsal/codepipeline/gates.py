"""Who may enter a stage: one execution at a time, and what becomes of those that wait.

https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
SUPERSEDED: a newer execution takes the place of one that waits. QUEUED: they go in order. PARALLEL: nobody waits.
"""

from __future__ import annotations

from rehearsal.codepipeline import announce
from rehearsal.codepipeline.store import Execution, Pipeline, StageState, now
from rehearsal.kernel import tasks


def enter(pipeline: Pipeline, stage: str, execution: Execution) -> bool:
    """Waits for the stage; False when the execution was stopped or superseded instead."""
    with pipeline.changed:
        state = pipeline.state(stage)
        if execution not in state.inbound:
            state.inbound.append(execution)
        if execution.mode == "SUPERSEDED" and execution.type == "STANDARD":
            _supersede(pipeline, state, execution)
        try:
            while execution.active and not execution.stop and not _open(state, execution):
                pipeline.changed.wait()
                tasks.check()
                if pipeline.deleted:
                    return False
        finally:
            if execution in state.inbound:
                state.inbound.remove(execution)
            pipeline.changed.notify_all()
        if not execution.active or execution.stop:
            return False
        state.current.append(execution)
        state.latest = execution
        return True


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


def _open(state: StageState, execution: Execution) -> bool:
    if not state.enabled:
        return False
    if execution.mode == "PARALLEL":
        return True
    return not state.current and state.inbound[0] is execution


def _supersede(pipeline: Pipeline, state: StageState, newer: Execution) -> None:
    # A roll-back carries no revision that a newer one could stand for.
    for older in [e for e in state.inbound if e is not newer and e.active and e.type == "STANDARD"]:
        state.inbound.remove(older)
        older.status, older.updated = "Superseded", now()
        older.summary = f"Superseded by execution {newer.id}"
        announce.pipeline_changed(pipeline, older)
    pipeline.changed.notify_all()
