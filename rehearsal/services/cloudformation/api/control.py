"""Operations that steer a stack: protection, policies, signals, cancelling and undoing.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.services.cloudformation import access, cleanup, events, executor, inputs, rollback, store, watch
from rehearsal.services.cloudformation.api.stacks import new_operation, refuse_express, repeated
from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.handler import Signal
from rehearsal.services.cloudformation.model import Operation, Stack
from rehearsal.services.cloudformation.store import lock


@operation("cloudformation", "UpdateTerminationProtection")
def update_termination_protection(call: Call) -> dict[str, Any]:
    with lock:
        stack = store.get(call.account, call.region, call.params["StackName"], store.bracketed)
        if not stack.live:
            raise store.bracketed(stack.name)
        stack.protected = bool(call.params["EnableTerminationProtection"])
        return {"StackId": stack.id}


@operation("cloudformation", "SetStackPolicy")
def set_stack_policy(call: Call) -> dict[str, Any]:
    stack = store.get(call.account, call.region, call.params["StackName"], store.bracketed)
    body = inputs.stack_policy(call, "StackPolicyBody", "StackPolicyURL")
    if body is None:
        raise invalid("You must specify StackPolicyBody or StackPolicyURL")
    with lock:
        stack.policy = body
    return {}


@operation("cloudformation", "GetStackPolicy")
def get_stack_policy(call: Call) -> dict[str, Any]:
    stack = store.get(call.account, call.region, call.params["StackName"], store.bracketed)
    return {"StackPolicyBody": stack.policy} if stack.policy else {}


@operation("cloudformation", "SignalResource")
def signal_resource(call: Call) -> dict[str, Any]:
    params = call.params
    with lock:
        stack = store.get(call.account, call.region, params["StackName"], store.bracketed)
        member = stack.resources.get(params["LogicalResourceId"])
        if member is None:
            raise invalid(f"Resource {params['LogicalResourceId']} does not exist for stack {stack.name}")
        if not member.status.endswith("IN_PROGRESS"):
            raise invalid(f"Resource {member.logical_id} is in {member.status} state and can not be signaled")
        signal = Signal(params["UniqueId"], params["Status"])
        stack.operation.signals.setdefault(member.logical_id, []).append(signal)
    return {}


@operation("cloudformation", "CancelUpdateStack")
def cancel_update_stack(call: Call) -> dict[str, Any]:
    stack = store.get(call.account, call.region, call.params["StackName"], store.bracketed)
    if repeated(stack, inputs.token(call), "CancelUpdateStack"):
        return {}
    with lock:
        if stack.status != "UPDATE_IN_PROGRESS":
            raise invalid(f"CancelUpdateStack cannot be called from current stack status ({stack.status})")
        if inputs.token(call):
            stack.tokens[inputs.token(call)] = "CancelUpdateStack"
            stack.operation.token = inputs.token(call)
        watch.stop(stack.operation, "User Initiated")
    return {}


@operation("cloudformation", "ContinueUpdateRollback")
def continue_update_rollback(call: Call) -> dict[str, Any]:
    stack = store.get(call.account, call.region, call.params["StackName"], store.bracketed)
    if repeated(stack, inputs.token(call), "ContinueUpdateRollback"):
        return {}
    role = call.params.get("RoleARN") or stack.role
    skip = frozenset(call.params.get("ResourcesToSkip") or [])
    access.check_role(role)
    with lock:
        if stack.status != "UPDATE_ROLLBACK_FAILED":
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not continue rollback.")
        wrong = sorted(n for n in skip if n not in stack.resources or stack.resources[n].status != "UPDATE_FAILED")
        if wrong:
            raise invalid(f"The following resources to skip are not in UPDATE_FAILED state: [{', '.join(wrong)}]")
        stack.role = role
        begun = new_operation(call, stack, "CONTINUE_ROLLBACK", role)
    events.stack_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
    executor.start(stack, begun, lambda s, o: rollback.of_update(s, o, None, skip, announced=True))
    return {}


@operation("cloudformation", "RollbackStack")
def rollback_stack(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html"""
    refuse_express(call)
    stack = store.get(call.account, call.region, call.params["StackName"], store.bracketed)
    if repeated(stack, inputs.token(call), "RollbackStack"):
        return {"StackId": stack.id, "OperationId": stack.operation.id}
    role = call.params.get("RoleARN") or stack.role
    access.check_role(role)
    with lock:
        if stack.status not in ("CREATE_FAILED", "UPDATE_FAILED"):
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be rolled back.")
        stack.role = role
        keep = bool(call.params.get("RetainExceptOnCreate"))
        begun = new_operation(call, stack, "ROLLBACK", role, retain_except_on_create=keep)
        creation = stack.status == "CREATE_FAILED" or stack.previous is None
    # Announced before the answer, so that a waiter never sees the state before.
    events.stack_status(stack, "ROLLBACK_IN_PROGRESS" if creation else "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
    executor.start(stack, begun, _undo_creation if creation else _undo_update)
    return {"StackId": stack.id, "OperationId": begun.id}


def _undo_creation(stack: Stack, begun: Operation) -> None:
    cleanup.delete_resources(stack, begun, created=True, final="ROLLBACK")


def _undo_update(stack: Stack, begun: Operation) -> None:
    rollback.of_update(stack, begun, None, announced=True)
