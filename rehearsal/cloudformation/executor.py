"""Operations on whole stacks: create, update, delete. Each runs in a task of its own.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

from __future__ import annotations

import time
from collections.abc import Callable

from rehearsal.cloudformation import checks, events, graph, policies, provision, rollback, scheduler, watch
from rehearsal.cloudformation.model import Leftover, Operation, Stack, now
from rehearsal.cloudformation.running import Phase
from rehearsal.cloudformation.store import lock
from rehearsal.kernel import tasks
from rehearsal.kernel.errors import AwsError

# How often the clean-up tries to delete what resists, before it leaves it behind.
CLEANUP_TRIES = 3


def start(stack: Stack, operation: Operation, action: Callable[[Stack, Operation], None]) -> None:
    """Runs an operation after whatever still runs on the stack."""

    def body() -> None:
        with lock:
            before = [o for o in stack.operations if o is not operation]
        while any(not earlier.finished.is_set() for earlier in before):
            tasks.real_sleep(0.05)
        try:
            action(stack, operation)
        finally:
            operation.finished.set()

    tasks.spawn(f"cloudformation-{stack.name}", body)


def create(stack: Stack, operation: Operation) -> None:
    phase = Phase(stack, operation, stack.settings, cancellable=True)
    reason = _early(phase)
    failed: list[str] = []
    if reason is None:
        watch.begin(stack, operation)
        failed = _build(phase)
        reason = _outcome(phase, failed)
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
    if operation.disable_rollback or operation.on_failure == "DO_NOTHING":
        events.stack_status(stack, "CREATE_FAILED", reason)
    elif operation.on_failure == "DELETE":
        events.stack_status(stack, "DELETE_IN_PROGRESS", f"{reason}Delete requested by user.")
        delete_resources(stack, operation, created=True)
    else:
        rollback.of_creation(stack, operation, f"{reason}Rollback requested by user.")


def update(stack: Stack, operation: Operation) -> None:
    phase = Phase(stack, operation, stack.settings, cancellable=True)
    reason = _early(phase)
    if reason is None:
        watch.begin(stack, operation)
        reason = _outcome(phase, _build(phase))
    if reason is None:
        _change_set_done(operation, "EXECUTE_COMPLETE")
        complete_update(stack, operation)
        return
    _change_set_done(operation, "EXECUTE_FAILED")
    if operation.disable_rollback and not operation.stop_flag:
        events.stack_status(stack, "UPDATE_FAILED", reason)
    else:
        rollback.of_update(stack, operation, reason)


def _build(phase: Phase) -> list[str]:
    """Creates and updates everything; returns what failed, cancelled ones included, as CloudFormation counts."""
    stack, operation = phase.stack, phase.operation
    keep_going = operation.disable_rollback or operation.on_failure == "DO_NOTHING"

    def work(name: str) -> bool:
        definition = phase.blueprint.resources[name]
        with lock:
            known = stack.resources.get(name)
            half_made = known is not None and known.exists and known.status == "CREATE_FAILED"
            if known is not None and half_made:
                # What never was stable is made anew; the clean-up deletes the remains.
                stack.leftovers.append(Leftover(known, "Delete"))
        if known is None or half_made or not known.exists:
            return provision.create(phase, definition)
        return provision.update(phase, definition)

    return scheduler.run(
        stack.name, phase.blueprint.graph, work,
        keep_going=keep_going, stopped=phase.stopped,
        failed=(lambda: None) if keep_going else phase.failing.set,
    )  # fmt: skip


def _early(phase: Phase) -> str | None:
    """What CloudFormation finds wrong before it touches a resource."""
    try:
        checks.specific_parameters(phase)
        checks.imports(phase)
        return None
    except AwsError as error:
        return f"{str(error.message).rstrip('. ')}. "
    except Exception as error:
        return f"{error}. "


def _outcome(phase: Phase, failed: list[str]) -> str | None:
    """Why the phase failed, ending with a space; None if it did not."""
    stack, operation = phase.stack, phase.operation
    if failed:
        with lock:
            invalid = [n for n in failed if stack.resources[n].reason.startswith("Properties validation failed")]
            states = {name: stack.resources[name].status for name in failed if name in stack.resources}
        if invalid:
            return f"Validation failed for following resources: [{', '.join(invalid)}]. "
        parts = ""
        for verb, status in (("create", "CREATE_FAILED"), ("update", "UPDATE_FAILED")):
            names = [name for name in failed if states.get(name) == status]
            if names:
                parts += f"The following resource(s) failed to {verb}: [{', '.join(names)}]. "
        return parts or f"The following resource(s) failed: [{', '.join(failed)}]. "
    if not operation.stop_flag:
        try:
            checks.publish_outputs(phase)
        except AwsError as error:
            return f"{str(error.message).rstrip('. ')}. "
        watch.monitor(stack, operation)
    if operation.stop_flag:
        return operation.stop_reason
    return None


def _change_set_done(operation: Operation, execution: str) -> None:
    if operation.change_set is not None:
        operation.change_set.execution = execution


def complete_update(stack: Stack, operation: Operation, final: str = "UPDATE_COMPLETE") -> None:
    """The clean-up after an update or its roll-back; what cannot be deleted does not fail the stack."""
    events.stack_status(stack, f"{final}_CLEANUP_IN_PROGRESS")
    with lock:
        wanted = stack.settings.blueprint.resources if stack.settings.blueprint else {}
        undone = final.startswith("UPDATE_ROLLBACK")
        for name in [name for name in stack.resources if name not in wanted]:
            gone = stack.resources.pop(name)
            policy = policies.deletion(gone, undone, bool(operation.retain_except_on_create))
            stack.leftovers.append(Leftover(gone, policy))
        leftovers = list(stack.leftovers)
        known = _known_graphs(stack)
    phase = Phase(stack, operation, stack.settings)
    checks.settle(phase)
    failed: list[str] = []
    for _ in range(CLEANUP_TRIES):
        failed = _delete_all(phase, leftovers, known)
        if not failed:
            break
    with lock:
        stack.leftovers, stack.snapshot = [], {}
        stack.previous = stack.attempted = None
        stack.policy_during_update = None
    # https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/744
    word = "Rollback" if undone else "Update"
    kept = f"{word} successful. One or more resources could not be deleted."
    events.stack_status(stack, final, kept if failed else None)


def _known_graphs(stack: Stack) -> dict[str, frozenset[str]]:
    """The needs of everything that the stack may still have, of the template before and of one given up, too."""
    union: dict[str, frozenset[str]] = {}
    settings = (stack.settings, stack.previous, stack.attempted)
    for blueprint in (s.blueprint for s in settings if s and s.blueprint):
        for name, needs in blueprint.graph.items():
            union[name] = union.get(name, frozenset()) | needs
    return union


def _delete_all(phase: Phase, leftovers: list[Leftover], needs: dict[str, frozenset[str]]) -> list[str]:
    """Deletes what is left over, dependents first. Several old resources of one name go in turn."""
    groups: dict[str, list[Leftover]] = {}
    for leftover in leftovers:
        groups.setdefault(leftover.resource.logical_id, []).append(leftover)

    def work(name: str) -> bool:
        return all([provision.delete(phase, one.resource, one.policy) for one in groups[name]])

    order = graph.reverse(graph.only(needs, groups))
    order = {name: order.get(name, frozenset()) for name in groups}
    return scheduler.run(f"{phase.stack.name}-cleanup", order, work, keep_going=True)


def delete(stack: Stack, operation: Operation) -> None:
    refusal = checks.deletion_refusal(stack)
    if refusal:
        # Not DELETE_FAILED: the stack has the status again that it had before, so a waiter must know both.
        # https://github.com/boto/botocore/issues/2590
        events.stack_status(stack, operation.before, refusal)
        return
    delete_resources(stack, operation)


def delete_resources(stack: Stack, operation: Operation, created: bool = False, final: str = "DELETE") -> None:
    """Deletes every resource and then the stack, or (`final` ROLLBACK) leaves its empty shell."""
    with lock:
        blueprint = stack.settings.blueprint
        known = _known_graphs(stack)
        leftovers = list(stack.leftovers)
        for resource in stack.resources.values():
            policy = policies.deletion(resource, created, operation.retain_except_on_create)
            if resource.logical_id in operation.retained:
                policy = "Retain"
            leftovers.append(Leftover(resource, policy))
    failed: list[str] = []
    if blueprint is not None:
        phase = Phase(stack, operation, stack.settings)
        failed = _delete_all(phase, leftovers, known)
    if failed and not operation.force:
        reason = f"The following resource(s) failed to delete: [{', '.join(failed)}]. "
        events.stack_status(stack, f"{final}_FAILED", reason)
        return
    with lock:
        stack.leftovers, stack.snapshot = [], {}
        stack.previous = stack.attempted = None
        stack.outputs, stack.imports = [], set()
        if final == "DELETE":
            stack.deleted = now()
            for change_set in stack.change_sets.values():
                if change_set.execution == "AVAILABLE":
                    change_set.execution = "OBSOLETE"
    events.stack_status(stack, f"{final}_COMPLETE")


def wait_until_idle(stack: Stack, seconds: float) -> bool:
    """For tests: real seconds until no operation runs."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not stack.busy:
            return True
        time.sleep(0.02)
    return False
