"""Making a change set: what would change, or why there is nothing to do.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel import bugs
from rehearsal.kernel.errors import AwsError
from rehearsal.services.cloudformation import checks, early_validation
from rehearsal.services.cloudformation.changes import Forecast
from rehearsal.services.cloudformation.model import ChangeSet, Operation, Settings, Stack
from rehearsal.services.cloudformation.running import Phase
from rehearsal.services.cloudformation.scope import is_unknown
from rehearsal.services.cloudformation.store import lock

NOTHING = "The submitted information didn't contain changes. Submit different information to create a change set."


def forecast(stack: Stack, operation: Operation, target: Settings) -> tuple[Forecast, list[dict[str, Any]]]:
    """Compares a target with the stack as it is. @raises AwsError ValidationError."""
    with lock:
        resources = {name: resource for name, resource in stack.resources.items() if resource.exists}
        before = stack.settings.blueprint
    walk = Forecast(Phase(stack, operation, target), before, resources)
    return walk, walk.changes()


def changes_anything(stack: Stack, walk: Forecast, changes: list[dict[str, Any]], target: Settings) -> bool:
    """Outputs, parameters and stack tags count, too.

    That an unused parameter's new value is a change is from experience, not from a page: unchecked.
    """
    old, new = stack.settings, target
    assert new.blueprint is not None
    if changes or old.blueprint is None:
        return True
    given = [{k: (p.given, p.value) for k, p in b.parameters.items()} for b in (old.blueprint, new.blueprint)]
    if given[0] != given[1] or old.tags != new.tags:
        return True
    if old.notifications != new.notifications or old.rollback_configuration != new.rollback_configuration:
        return True
    outputs = checks.outputs(walk.scope, new.blueprint.outputs, walk.phase.client)
    return any(is_unknown(o["OutputValue"]) for o in outputs) or outputs != stack.outputs


def build(stack: Stack, change_set: ChangeSet) -> None:
    """Fills a change set in; a task of its own, as CloudFormation answers before it knows."""
    operation = Operation(change_set.operation_id, "CREATE_CHANGESET", change_set.principal, change_set.role)
    with lock:
        change_set.status = "CREATE_IN_PROGRESS"
    try:
        reason = _fill(stack, operation, change_set)
    except AwsError as error:
        reason = str(error.message)
    except Exception as error:
        bugs.report(f"change set {change_set.name}")
        reason = f"{type(error).__name__}: {error}"
    with lock:
        change_set.reason = reason
        change_set.status = "FAILED" if reason else "CREATE_COMPLETE"
        change_set.execution = "UNAVAILABLE" if reason else "OBSOLETE" if change_set.overtaken else "AVAILABLE"


def _fill(stack: Stack, operation: Operation, change_set: ChangeSet) -> str | None:
    phase = Phase(stack, operation, change_set.settings)
    checks.specific_parameters(phase)
    walk, changes = forecast(stack, operation, change_set.settings)
    if not changes_anything(stack, walk, changes, change_set.settings):
        return NOTHING
    with lock:
        change_set.changes = changes
    if change_set.validated:
        return early_validation.reason(stack, operation, walk, changes)
    return None


def make_obsolete(stack: Stack, executed: ChangeSet | None) -> None:
    """After another update the siblings tell of a stack that is no more."""
    with lock:
        for other in stack.change_sets.values():
            if other is executed:
                continue
            other.overtaken = True
            if other.execution == "AVAILABLE":
                other.execution = "OBSOLETE"
