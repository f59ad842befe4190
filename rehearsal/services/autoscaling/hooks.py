"""Lifecycle hooks: an instance waits until it is told to go on, or its time is over.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
"""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

from rehearsal.kernel import clients, tasks
from rehearsal.services.autoscaling import health, notices
from rehearsal.services.autoscaling.model import Group, Hook, HookRun, Member

LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING"


def start(group: Group, member: Member, transition: str) -> bool:
    """Puts the instance into the wait state and notifies; False where no hook is set for the transition."""
    found = [h for h in group.hooks.values() if h.transition == transition]
    if not found:
        return False
    now = time.monotonic()
    member.state = "Pending:Wait" if transition == LAUNCHING else "Terminating:Wait"
    member.activity.status = "MidLifecycleAction"
    member.hooks = {}
    for hook in found:
        speed = tasks.speed()
        # A machine that boots does real work: as with a grace period, high speed leaves it time for that.
        least = min(hook.timeout, health.BOOT) if transition == LAUNCHING else 0.0
        until = now + max(hook.timeout / speed, least)
        run = HookRun(str(uuid.uuid4()), until, now + hook.global_timeout / speed)
        member.hooks[hook.name] = run
        _notify(group, member, hook, run)
    return True


def _notify(group: Group, member: Member, hook: Hook, run: HookRun) -> None:
    launching = hook.transition == LAUNCHING
    detail: dict[str, Any] = {
        "LifecycleActionToken": run.token,
        "AutoScalingGroupName": group.name,
        "LifecycleHookName": hook.name,
        "EC2InstanceId": member.id,
        "LifecycleTransition": hook.transition,
        "Origin": "EC2" if launching else "AutoScalingGroup",
        "Destination": "AutoScalingGroup" if launching else "EC2",
    }
    if hook.metadata:
        detail["NotificationMetadata"] = hook.metadata
    notices.emit(group, f"EC2 Instance-{'launch' if launching else 'terminate'} Lifecycle Action", detail)
    if hook.target:
        tasks.spawn(f"hook-{hook.name}", _send, group, hook, detail)


def _send(group: Group, hook: Hook, detail: dict[str, Any]) -> None:
    """To the hook's SNS topic or SQS queue, under the hook's role."""
    service, name = str(hook.target).split(":")[2], str(hook.target).split(":")[5]
    client = clients.client(
        service, group.region, role=hook.role, session_name=group.name[:64], assumed_by="autoscaling.amazonaws.com"
    )
    message = json.dumps({"Service": "AWS Auto Scaling", "AccountId": group.account, **detail})
    if service == "sns":
        client.publish(TopicArn=hook.target, Message=message)
    else:
        client.send_message(QueueUrl=client.get_queue_url(QueueName=name)["QueueUrl"], MessageBody=message)


def outcome(group: Group, member: Member) -> str | None:
    """CONTINUE when all hooks are done, ABANDON when one of them says so, None while one is waited for."""
    now = time.monotonic()
    for name, run in member.hooks.items():
        if run.result is None and now >= run.until:
            hook = group.hooks.get(name)
            run.result = hook.default if hook else "CONTINUE"
    results = [run.result for run in member.hooks.values()]
    if "ABANDON" in results:
        return "ABANDON"
    return None if None in results else "CONTINUE"
