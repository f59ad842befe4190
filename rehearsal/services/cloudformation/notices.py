"""Tells EventBridge and the stack's SNS topics what happened. Best effort: a notice that fails fails no stack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-event-notifications.html
"""

from __future__ import annotations

import queue
import threading
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.kernel import bugs, clients, tasks
from rehearsal.kernel.clients import Service
from rehearsal.services.cloudformation.model import Stack
from rehearsal.services.events import emit

_Notices = queue.Queue[tuple[Stack, str, dict[str, Any]]]
_waiting: _Notices = queue.Queue()
_started = threading.Event()


def stack_changed(stack: Stack, event: dict[str, Any], status: str, reason: str | None, token: str) -> None:
    detail = {
        "stack-id": stack.id,
        "status-details": {"status": status, "status-reason": reason or ""},
        "client-request-token": token,
    }
    _put("CloudFormation Stack Status Change", stack, detail)
    _publish(stack, event)


def resource_changed(stack: Stack, event: dict[str, Any]) -> None:
    detail = {
        "stack-id": stack.id,
        "logical-resource-id": event["LogicalResourceId"],
        "physical-resource-id": event["PhysicalResourceId"],
        "status-details": {
            "status": event["ResourceStatus"],
            "status-reason": event.get("ResourceStatusReason", ""),
        },
        "resource-type": event["ResourceType"],
        "client-request-token": event.get("ClientRequestToken", ""),
    }
    _put("CloudFormation Resource Status Change", stack, detail)
    _publish(stack, event)


def drift_changed(stack: Stack, detail: dict[str, Any]) -> None:
    _put("CloudFormation Drift Detection Status Change", stack, detail)


def _put(kind: str, stack: Stack, detail: dict[str, Any]) -> None:
    _send(stack, "events", {"kind": kind, "detail": detail})


def _publish(stack: Stack, event: dict[str, Any]) -> None:
    for topic in stack.settings.notifications:
        lines = "".join(f"{key}='{value}'\n" for key, value in event.items())
        message = {"TopicArn": topic, "Subject": "AWS CloudFormation Notification", "Message": lines}
        _send(stack, topic.split(":")[3], message)


def _send(stack: Stack, where: str, message: dict[str, Any]) -> None:
    _waiting.put((stack, where, message))
    if not _started.is_set():
        _started.set()
        tasks.spawn("cloudformation-notices", _deliver, _waiting)


def _deliver(waiting: _Notices) -> None:
    """One thread keeps the notices in order and out of the stacks' way."""
    while True:
        try:
            stack, where, message = waiting.get(timeout=0.5)
        except queue.Empty:
            tasks.check()
            continue
        tasks.check()
        try:
            if where == "events":
                emit("aws.cloudformation", message["kind"], message["detail"], [stack.id], stack.region, stack.account)
            else:
                service = Service("cloudformation.amazonaws.com", stack.account)
                clients.client("sns", where, principal=service).publish(**message)
        except (ClientError, BotoCoreError):
            continue  # best effort, as said above
        except Exception:  # one notice's bug must not keep the others
            bugs.report(f"notice of stack {stack.name}")


@tasks.on_reset
def _forget() -> None:
    # A queue of its own for each life, or the thread of the one before would still take from it.
    global _waiting
    _waiting = queue.Queue()
    _started.clear()
