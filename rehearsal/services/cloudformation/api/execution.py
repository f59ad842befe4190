"""Change sets, executed.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-execute.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.services.cloudformation import access, change_sets, events, executor, inputs
from rehearsal.services.cloudformation.api.change_sets import find, status_of
from rehearsal.services.cloudformation.api.stacks import begin_update, check_updatable, new_operation, on_failure
from rehearsal.services.cloudformation.errors import invalid, wrong_change_set_status
from rehearsal.services.cloudformation.model import ChangeSet, Stack, now
from rehearsal.services.cloudformation.store import lock


@operation("cloudformation", "ExecuteChangeSet")
def execute_change_set(call: Call) -> dict[str, Any]:
    stack, found = find(call)
    token = inputs.token(call)
    if token and stack.tokens.get(token) == "ExecuteChangeSet":
        return {}
    if found.status != "CREATE_COMPLETE" or found.execution != "AVAILABLE":
        raise wrong_change_set_status(
            f"ChangeSet [{found.id}] cannot be executed in its current status of [{status_of(found)}]"
        )
    access.check_role(found.role)
    if found.type == "UPDATE":
        with lock:
            check_updatable(stack)
            _take(found)
        stack.executed = found.id
        begin_update(call, stack, found.settings, found.role, found)
        return {}
    _create(call, stack, found)
    return {}


def _take(found: ChangeSet) -> None:
    if found.execution != "AVAILABLE":
        raise wrong_change_set_status(
            f"ChangeSet [{found.id}] cannot be executed in its current status of [{found.execution}]"
        )
    found.execution = "EXECUTE_IN_PROGRESS"


def _create(call: Call, stack: Stack, found: ChangeSet) -> None:
    disabled, failure = on_failure(call)
    if found.on_stack_failure and not disabled:
        disabled, failure = found.on_stack_failure == "DO_NOTHING", found.on_stack_failure
    with lock:
        if stack.status != "REVIEW_IN_PROGRESS":
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
        _take(found)
        stack.settings, stack.role, stack.executed = found.settings, found.role, found.id
        stack.disable_rollback, stack.updated = disabled, now()
        stack.retain_except_on_create = call.params.get("RetainExceptOnCreate")
        begun = new_operation(
            call, stack, "CREATE_STACK", found.role, disable_rollback=disabled, on_failure=failure, change_set=found,
            retain_except_on_create=bool(stack.retain_except_on_create),
        )  # fmt: skip
        change_sets.make_obsolete(stack, found)
    events.stack_status(stack, "CREATE_IN_PROGRESS", "User Initiated")
    executor.start(stack, begun, executor.create)
