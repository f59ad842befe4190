"""CreateStack, UpdateStack, DeleteStack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html
"""

from __future__ import annotations

import uuid
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.cloudformation import access, change_sets, events, executor, inputs, store, watch
from rehearsal.services.cloudformation.errors import already_exists, invalid
from rehearsal.services.cloudformation.model import ChangeSet, Operation, Settings, Stack, now
from rehearsal.services.cloudformation.store import lock

_UPDATABLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "CREATE_FAILED", "UPDATE_FAILED",
              "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE")  # fmt: skip


def repeated(stack: Stack | None, token: str, kind: str) -> bool:
    """True for a request that was made before under the same token.

    @raises AwsError TokenAlreadyExistsException if the token stands for another operation.
    """
    if stack is None or not token or token not in stack.tokens:
        return False
    if stack.tokens[token] != kind:
        raise AwsError("TokenAlreadyExistsException", f"Token {token} already exists for another operation")
    return True


def new_operation(call: Call, stack: Stack, kind: str, role: str | None, **more: Any) -> Operation:
    token = inputs.token(call)
    begun = Operation(str(uuid.uuid4()), kind, call.principal, role, token, **more)
    if token:
        stack.tokens[token] = call.operation
    stack.operations.append(begun)
    return begun


def on_failure(call: Call) -> tuple[bool, str]:
    """Whether roll-back is disabled, and what happens instead."""
    given, disable = call.params.get("OnFailure"), call.params.get("DisableRollback")
    nested = (call.params.get("DeploymentConfig") or {}).get("DisableRollback")
    disable = nested if disable is None else disable
    if given and disable is not None:
        raise invalid("You can specify either DisableRollback or OnFailure, but not both.")
    if given == "DO_NOTHING" or disable:
        return True, "DO_NOTHING"
    return False, given or "ROLLBACK"


def refuse_express(call: Call) -> None:
    from rehearsal.kernel.errors import NotImplementedByRehearsal

    if (call.params.get("DeploymentConfig") or {}).get("Mode") == "EXPRESS":
        raise NotImplementedByRehearsal("cloudformation", call.operation, "DeploymentConfig Mode EXPRESS")


@operation("cloudformation", "CreateStack")
def create_stack(call: Call) -> dict[str, Any]:
    name = call.params["StackName"]
    inputs.check_name(name)
    refuse_express(call)
    existing = store.find(call.account, call.region, name)
    if existing is None and name.startswith("arn:"):
        raise store.bracketed(name)
    if repeated(existing, inputs.token(call), "CreateStack"):
        assert existing is not None
        return {"StackId": existing.id, "OperationId": existing.operations[0].id}
    _refuse_taken(name, existing, existing)
    role = call.params.get("RoleARN")
    disabled, failure = on_failure(call)
    stack = existing or Stack(
        store.stack_arn(call.account, call.region, name), name, call.account, call.region, call.principal
    )
    wanted, untold = inputs.settings_or_reason(call, stack.id, stack.name, None, role)
    policy = inputs.stack_policy(call, "StackPolicyBody", "StackPolicyURL")
    access.check_role(role)
    with lock:
        _refuse_taken(name, store.find(call.account, call.region, name), existing)
        _fill(call, stack, wanted, role, policy, disabled)
        store.add(stack)
        begun = new_operation(
            call, stack, "CREATE_STACK", role, disable_rollback=disabled, on_failure=failure,
            retain_except_on_create=bool(stack.retain_except_on_create), untold=untold,
        )  # fmt: skip
        change_sets.make_obsolete(stack, None)
        events.stack_status(stack, "CREATE_IN_PROGRESS", "User Initiated")
    executor.start(stack, begun, executor.create)
    return {"StackId": stack.id, "OperationId": begun.id}


def _refuse_taken(name: str, found: Stack | None, expected: Stack | None) -> None:
    """A stack that only a change set has made yet may still be created; its change sets are obsolete then."""
    if found is not expected or (found is not None and found.status != "REVIEW_IN_PROGRESS"):
        raise already_exists(f"Stack [{name}] already exists")


def _fill(call: Call, stack: Stack, wanted: Settings, role: str | None, policy: str | None, disabled: bool) -> None:
    stack.settings, stack.role, stack.policy = wanted, role, policy
    stack.disable_rollback = disabled
    stack.timeout_minutes = call.params.get("TimeoutInMinutes")
    stack.protected = bool(call.params.get("EnableTerminationProtection"))
    stack.retain_except_on_create = call.params.get("RetainExceptOnCreate")


def check_updatable(stack: Stack) -> None:
    if stack.status not in _UPDATABLE:
        raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")


def begin_update(
    call: Call, stack: Stack, wanted: Settings, role: str | None, change_set: ChangeSet | None = None
) -> Operation:
    """Takes the stack over for an update. A stack that failed half way keeps what it can go back to."""
    disabled, _ = on_failure(call)
    with lock:
        check_updatable(stack)
        if stack.status != "UPDATE_FAILED":
            created = stack.status == "CREATE_FAILED"
            stack.previous = None if created else stack.settings
            stack.snapshot = {} if created else {n: r.copy() for n, r in stack.resources.items() if r.exists}
        stack.settings = stack.attempted = wanted
        stack.updated, stack.role = now(), role
        stack.retain_except_on_create = call.params.get("RetainExceptOnCreate", stack.retain_except_on_create)
        begun = new_operation(
            call, stack, "UPDATE_STACK", role, disable_rollback=disabled, change_set=change_set,
            retain_except_on_create=bool(stack.retain_except_on_create),
        )  # fmt: skip
        change_sets.make_obsolete(stack, change_set)
    events.stack_status(stack, "UPDATE_IN_PROGRESS", "User Initiated")
    executor.start(stack, begun, executor.update)
    return begun


@operation("cloudformation", "UpdateStack")
def update_stack(call: Call) -> dict[str, Any]:
    refuse_express(call)
    stack = store.get(call.account, call.region, call.params["StackName"], store.bracketed)
    if repeated(stack, inputs.token(call), "UpdateStack"):
        return {"StackId": stack.id, "OperationId": stack.operation.id}
    check_updatable(stack)
    role = call.params.get("RoleARN") or stack.role
    wanted = inputs.settings(call, stack.id, stack.name, stack, role)
    access.check_role(role)
    during = inputs.stack_policy(call, "StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL")
    policy = inputs.stack_policy(call, "StackPolicyBody", "StackPolicyURL")
    looking = Operation("", "UPDATE_STACK", call.principal, role)
    walk, changes = change_sets.forecast(stack, looking, wanted)
    half_done = stack.status in ("UPDATE_FAILED", "CREATE_FAILED")
    if not half_done and not change_sets.changes_anything(stack, walk, changes, wanted):
        raise invalid("No updates are to be performed.")
    with lock:
        stack.policy_during_update = during
        stack.policy = policy or stack.policy
    begun = begin_update(call, stack, wanted, role)
    return {"StackId": stack.id, "OperationId": begun.id}


@operation("cloudformation", "DeleteStack")
def delete_stack(call: Call) -> dict[str, Any]:
    name = call.params["StackName"]
    refuse_express(call)
    stack = store.find(call.account, call.region, name)
    # A stack that is not there is deleted already.
    if stack is None or not stack.live or repeated(stack, inputs.token(call), "DeleteStack"):
        return {}
    if stack.status == "DELETE_IN_PROGRESS":
        return {}
    if stack.protected:
        raise invalid(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
    if stack.busy and stack.status not in ("CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"):
        raise invalid(f"Stack [{stack.name}] cannot be deleted while in status {stack.status}")
    retained = frozenset(call.params.get("RetainResources") or [])
    force = call.params.get("DeletionMode") == "FORCE_DELETE_STACK"
    if (retained or force) and stack.status != "DELETE_FAILED":
        raise invalid(
            f"Invalid operation on stack [{stack.id}]. RetainResources and FORCE_DELETE_STACK are for a stack in "
            "DELETE_FAILED state."
        )
    unknown = sorted(retained - set(stack.resources))
    if any(stack.resources[name].status == "DELETE_COMPLETE" for name in retained - set(unknown)):
        raise invalid(
            "The specified resources to retain must be in a valid state. Do not specify resources that are in the "
            "DELETE_COMPLETE state."
        )
    if unknown:
        raise invalid(f"The specified resources to retain are not in the stack: [{', '.join(unknown)}]")
    role = call.params.get("RoleARN") or stack.role
    if stack.settings.blueprint is not None:
        access.check_role(role)
    with lock:
        if stack.operations:
            watch.stop(stack.operation, "")
        stack.role, stack.deletion_mode = role, call.params.get("DeletionMode")
        begun = new_operation(call, stack, "DELETE_STACK", role, retained=retained, force=force, before=stack.status)
    events.stack_status(stack, "DELETE_IN_PROGRESS", "User Initiated")
    executor.start(stack, begun, executor.delete)
    return {}
