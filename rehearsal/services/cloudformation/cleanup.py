"""Deleting: what an update leaves over, and whole stacks.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from __future__ import annotations

from rehearsal.services.cloudformation import checks, events, graph, policies, provision, scheduler
from rehearsal.services.cloudformation.model import Leftover, Operation, Stack, now
from rehearsal.services.cloudformation.running import Phase
from rehearsal.services.cloudformation.store import lock

# How often the clean-up tries to delete what resists, before it leaves it behind.
TRIES = 3


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
    for _ in range(TRIES):
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


def delete_resources(stack: Stack, operation: Operation, created: bool = False, final: str = "DELETE") -> None:
    """Deletes every resource and then the stack, or (`final` ROLLBACK) leaves its empty shell."""
    with lock:
        # Also a creation that is rolled back and a deletion that fails have this time, as recorded replies show.
        stack.deleted = now()
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
            for change_set in stack.change_sets.values():
                if change_set.execution == "AVAILABLE":
                    change_set.execution = "OBSOLETE"
    events.stack_status(stack, f"{final}_COMPLETE")
