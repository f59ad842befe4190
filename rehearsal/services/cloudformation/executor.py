"""Operations on whole stacks: create, update, delete. Each runs in a task of its own.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

from __future__ import annotations

from collections.abc import Callable

from rehearsal.kernel import tasks
from rehearsal.services.cloudformation import building, checks, cleanup, events, rollback, watch
from rehearsal.services.cloudformation.model import Operation, Stack
from rehearsal.services.cloudformation.running import Phase
from rehearsal.services.cloudformation.store import lock


def start(stack: Stack, operation: Operation, action: Callable[[Stack, Operation], None]) -> None:
    """Runs an operation after whatever still runs on the stack."""

    def body() -> None:
        with lock:
            before = [o for o in stack.operations if o is not operation]
        while any(not earlier.finished.is_set() for earlier in before):
            tasks.real_sleep(0.05)
        try:
            action(stack, operation)
        except Exception:
            # A fault of the rehearsal's own must not leave the stack in progress for ever.
            events.stack_status(stack, _broken(stack.status), "Internal Failure")
            raise
        finally:
            operation.finished.set()

    tasks.spawn(f"cloudformation-{stack.name}", body)


def _broken(status: str) -> str:
    if status.endswith("_COMPLETE_CLEANUP_IN_PROGRESS"):
        return status.removesuffix("_CLEANUP_IN_PROGRESS")
    return status.removesuffix("_IN_PROGRESS") + "_FAILED" if status.endswith("_IN_PROGRESS") else status


def create(stack: Stack, operation: Operation) -> None:
    if operation.untold:
        _give_up(stack, operation, f"{operation.untold.rstrip('.')}. ")
        return
    phase = Phase(stack, operation, stack.settings, cancellable=True)
    reason = building.early(phase)
    failed: list[str] = []
    if reason is None:
        watch.begin(stack, operation)
        failed = building.build(phase)
        reason = building.outcome(phase, failed)
    with lock:
        superseded = stack.operation is not operation
        if reason is None and not superseded:
            _change_set_done(operation, "EXECUTE_COMPLETE")
            events.stack_status(stack, "CREATE_COMPLETE")
            return
    _change_set_done(operation, "EXECUTE_FAILED")
    if superseded:
        # A deletion has taken the stack over.
        return
    _give_up(stack, operation, reason)


def _give_up(stack: Stack, operation: Operation, reason: str | None) -> None:
    """What follows a creation that failed."""
    if operation.disable_rollback or operation.on_failure == "DO_NOTHING":
        events.stack_status(stack, "CREATE_FAILED", reason)
    elif operation.on_failure == "DELETE":
        events.stack_status(stack, "DELETE_IN_PROGRESS", f"{reason}Delete requested by user.")
        cleanup.delete_resources(stack, operation, created=True)
    else:
        rollback.of_creation(stack, operation, f"{reason}Rollback requested by user.")


def update(stack: Stack, operation: Operation) -> None:
    phase = Phase(stack, operation, stack.settings, cancellable=True)
    reason = building.early(phase)
    if reason is None:
        watch.begin(stack, operation)
        reason = building.outcome(phase, building.build(phase))
    if reason is None:
        _change_set_done(operation, "EXECUTE_COMPLETE")
        cleanup.complete_update(stack, operation)
        return
    _change_set_done(operation, "EXECUTE_FAILED")
    if operation.disable_rollback and not operation.stop_flag:
        events.stack_status(stack, "UPDATE_FAILED", reason)
    else:
        rollback.of_update(stack, operation, reason)


def _change_set_done(operation: Operation, execution: str) -> None:
    if operation.change_set is not None:
        operation.change_set.execution = execution


def delete(stack: Stack, operation: Operation) -> None:
    refusal = checks.deletion_refusal(stack)
    if refusal:
        # Not DELETE_FAILED: the stack has the status again that it had before, so a waiter must know both.
        # https://github.com/boto/botocore/issues/2590
        events.stack_status(stack, operation.before, refusal)
        return
    cleanup.delete_resources(stack, operation)
