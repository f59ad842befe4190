"""Undoing: a failed creation, a failed update, and the attempts that follow a failed roll-back.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html
"""

from __future__ import annotations

from rehearsal.services.cloudformation import cleanup, events, policies, provision, scheduler
from rehearsal.services.cloudformation.model import Leftover, Operation, Resource, Stack
from rehearsal.services.cloudformation.running import Phase
from rehearsal.services.cloudformation.store import lock


def of_creation(stack: Stack, operation: Operation, reason: str | None) -> None:
    events.stack_status(stack, "ROLLBACK_IN_PROGRESS", reason)
    cleanup.delete_resources(stack, operation, created=True, final="ROLLBACK")


def of_update(
    stack: Stack,
    operation: Operation,
    reason: str | None,
    skip: frozenset[str] = frozenset(),
    announced: bool = False,
) -> None:
    """Back to the settings and resources before; what was made meanwhile goes in the clean-up."""
    if stack.previous is None:
        # The creation itself had failed before: there is nothing to go back to.
        of_creation(stack, operation, reason)
        return
    if not announced:
        events.stack_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", reason)
    with lock:
        stack.settings = stack.previous
        snapshot = dict(stack.snapshot)
    phase = Phase(stack, operation, stack.settings, undoing=True)
    needs = {name: need & set(snapshot) for name, need in phase.blueprint.graph.items() if name in snapshot}
    failed = scheduler.run(
        f"{stack.name}-rollback", needs, lambda name: _restore(phase, snapshot[name], name in skip), keep_going=False
    )
    if failed:
        names = ", ".join(failed)
        events.stack_status(stack, "UPDATE_ROLLBACK_FAILED", f"The following resource(s) failed to update: [{names}]. ")
        return
    cleanup.complete_update(stack, operation, "UPDATE_ROLLBACK_COMPLETE")


def _restore(phase: Phase, old: Resource, skipped: bool) -> bool:
    stack, name = phase.stack, old.logical_id
    with lock:
        current = stack.resources.get(name)
        if skipped:
            kept = current or old.copy()
            kept.stable = True
            stack.resources[name] = kept
        elif current is None or current.physical_id != old.physical_id:
            if current is not None and current.exists:
                policy = policies.deletion(current, True, phase.operation.retain_except_on_create)
                stack.leftovers.append(Leftover(current, policy))
            stack.leftovers = [item for item in stack.leftovers if item.resource.physical_id != old.physical_id]
            current = old.copy()
            stack.resources[name] = current
            replaced = True
        else:
            replaced = False
    if skipped:
        events.resource_status(stack, kept, "UPDATE_COMPLETE")
        return True
    before = current.changed
    if not provision.update(phase, phase.blueprint.resources[name]):
        return False
    with lock:
        current = stack.resources[name]
        silent = current.changed == before
        current.definition, current.tags = old.definition, phase.tags_for(current)
    if silent and (replaced or current.status.endswith("FAILED")):
        events.resource_status(stack, current, "UPDATE_COMPLETE")
    return True
