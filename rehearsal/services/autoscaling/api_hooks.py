"""Lifecycle hooks and their actions.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html
"""

from __future__ import annotations

import time
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.services.autoscaling import hooks, store
from rehearsal.services.autoscaling.model import Group, Hook, HookRun, Member
from rehearsal.services.autoscaling.validation import invalid


def put(group: Group, given: dict[str, Any]) -> None:
    name = given["LifecycleHookName"]
    known = group.hooks.get(name)
    transition = given.get("LifecycleTransition") or (known.transition if known else None)
    if transition not in (hooks.LAUNCHING, hooks.TERMINATING):
        raise invalid(f"Lifecycle transition {transition} is not valid")
    timeout = int(given.get("HeartbeatTimeout") or (known.timeout if known else 3600))
    if not 30 <= timeout <= 7200:
        raise invalid("Heartbeat timeout must be between 30 and 7200 seconds")
    default = given.get("DefaultResult") or (known.default if known else "ABANDON")
    if default not in ("CONTINUE", "ABANDON"):
        raise invalid("Default result must be CONTINUE or ABANDON")
    group.hooks[name] = Hook(
        name,
        str(transition),
        timeout,
        default,
        given.get("NotificationTargetARN") or (known.target if known else None),
        given.get("RoleARN") or (known.role if known else None),
        given.get("NotificationMetadata") or (known.metadata if known else None),
    )


@operation("autoscaling", "PutLifecycleHook")
def put_lifecycle_hook(call: Call) -> dict[str, Any]:
    group = store.get(call)
    with group.lock:
        put(group, call.params)
    return {}


@operation("autoscaling", "DeleteLifecycleHook")
def delete_lifecycle_hook(call: Call) -> dict[str, Any]:
    """Instances that wait for the hook go on as if it were done."""
    group, name = store.get(call), call.params["LifecycleHookName"]
    with group.lock:
        if group.hooks.pop(name, None) is None:
            raise invalid(f"No Lifecycle Hook found with the name: {name}")
        for member in group.members:
            if name in member.hooks:
                member.hooks[name].result = "CONTINUE"
    group.wake.set()
    return {}


@operation("autoscaling", "DescribeLifecycleHooks")
def describe_lifecycle_hooks(call: Call) -> dict[str, Any]:
    group, wanted = store.get(call), call.params.get("LifecycleHookNames") or []
    found = []
    for hook in group.hooks.values():
        if wanted and hook.name not in wanted:
            continue
        members = {
            "LifecycleHookName": hook.name,
            "AutoScalingGroupName": group.name,
            "LifecycleTransition": hook.transition,
            "NotificationTargetARN": hook.target,
            "RoleARN": hook.role,
            "NotificationMetadata": hook.metadata,
            "HeartbeatTimeout": hook.timeout,
            "GlobalTimeout": hook.global_timeout,
            "DefaultResult": hook.default,
        }
        found.append({k: v for k, v in members.items() if v is not None})
    return {"LifecycleHooks": found}


def _run(call: Call) -> tuple[Group, Member, HookRun]:
    """The waiting that a call names, by token or by instance."""
    group, name = store.get(call), call.params["LifecycleHookName"]
    token, instance = call.params.get("LifecycleActionToken"), call.params.get("InstanceId")
    for member in group.members:
        run = member.hooks.get(name)
        if run and run.result is None and (run.token == token if token else member.id == instance):
            return group, member, run
    if token:
        raise invalid(f"No active Lifecycle Action found with token {token}")
    raise invalid(f"No active Lifecycle Action found with instance ID {instance}")


@operation("autoscaling", "CompleteLifecycleAction")
def complete_lifecycle_action(call: Call) -> dict[str, Any]:
    result = call.params["LifecycleActionResult"]
    if result not in ("CONTINUE", "ABANDON"):
        raise invalid("Lifecycle action result must be CONTINUE or ABANDON")
    group, _, run = _run(call)
    run.result = result
    group.wake.set()
    return {}


@operation("autoscaling", "RecordLifecycleActionHeartbeat")
def record_lifecycle_action_heartbeat(call: Call) -> dict[str, Any]:
    """Starts the time anew, up to the global timeout."""
    group, _, run = _run(call)
    timeout = group.hooks[call.params["LifecycleHookName"]].timeout
    run.until = min(time.monotonic() + timeout / tasks.speed(), run.ultimate)
    return {}
