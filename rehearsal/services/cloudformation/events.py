"""What happened to a stack: its events, the operations' events, and the notices to EventBridge and SNS.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from rehearsal.services.cloudformation import notices
from rehearsal.services.cloudformation.masking import mask, secrets_of
from rehearsal.services.cloudformation.model import Resource, Stack, now
from rehearsal.services.cloudformation.store import lock

_STATES = {"COMPLETE": "SUCCEEDED", "FAILED": "FAILED", "PROGRESS": "IN_PROGRESS"}


def stack_status(stack: Stack, status: str, reason: str | None = None, detailed: str | None = None) -> None:
    """Gives the stack a status and tells everybody."""
    with lock:
        stack.status, stack.reason, stack.detailed = status, reason, detailed
        event = _event(stack, stack.name, stack.id, "AWS::CloudFormation::Stack", status, reason, str(uuid.uuid4()))
        if detailed:
            event["DetailedStatus"] = detailed
        _keep(stack, event, "STACK_EVENT")
        token = stack.operation.token if stack.operations else ""
    notices.stack_changed(stack, event, status, reason, token)


def resource_status(
    stack: Stack,
    resource: Resource,
    status: str,
    reason: str | None = None,
    properties: dict[str, Any] | None = None,
    physical_id: str | None = None,
    detailed: str | None = None,
) -> None:
    """Gives a resource a status; `properties` are shown as they were given to the handler."""
    with lock:
        resource.status, resource.reason, resource.changed = status, reason or "", now()
        shown = resource.physical_id if physical_id is None else physical_id
        moment = f"{resource.changed:%Y-%m-%dT%H:%M:%S}.{resource.changed.microsecond // 1000:03d}Z"
        event_id = f"{resource.logical_id}-{status}-{moment}"
        event = _event(stack, resource.logical_id, shown, resource.type, status, reason, event_id)
        if properties is not None:
            event["ResourceProperties"] = json.dumps(_masked(stack, properties), separators=(",", ":"), default=str)
        if detailed:
            event["DetailedStatus"] = detailed
        failed = status.endswith("FAILED")
        _keep(stack, event, "PROVISIONING_ERROR" if failed else "PROGRESS_EVENT")
    notices.resource_changed(stack, event)


def _masked(stack: Stack, properties: dict[str, Any]) -> Any:
    former = stack.previous.blueprint if stack.previous else None
    return mask(properties, secrets_of(stack.settings.blueprint, former))


def validation_error(stack: Stack, operation_id: str, resource: Resource, name: str, fault: str, path: str) -> None:
    """What the early validation of a change set found; only DescribeEvents shows it."""
    with lock:
        event = {
            "EventId": str(uuid.uuid4()), "StackId": stack.id, "OperationId": operation_id,
            "OperationType": "CREATE_CHANGESET", "EventType": "VALIDATION_ERROR",
            "LogicalResourceId": resource.logical_id, "PhysicalResourceId": resource.physical_id,
            "ResourceType": resource.type, "Timestamp": now(), "ValidationFailureMode": "FAIL",
            "ValidationName": name, "ValidationStatus": "FAILED",
            "ValidationStatusReason": fault, "ValidationPath": path,
        }  # fmt: skip
        stack.operation_events.append(event)


def _event(
    stack: Stack, logical_id: str, physical_id: str, kind: str, status: str, reason: str | None, event_id: str
) -> dict[str, Any]:
    event: dict[str, Any] = {
        "StackId": stack.id,
        "EventId": event_id,
        "StackName": stack.name,
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": physical_id,
        "ResourceType": kind,
        "Timestamp": now(),
        "ResourceStatus": status,
    }
    if reason:
        event["ResourceStatusReason"] = reason
    if stack.operations:
        event["OperationId"] = stack.operation.id
        if stack.operation.token:
            event["ClientRequestToken"] = stack.operation.token
    return event


def _keep(stack: Stack, event: dict[str, Any], kind: str) -> None:
    stack.events.append(event)
    if not stack.operations:
        return
    operation = stack.operation
    shown = {k: v for k, v in event.items() if k != "StackName"}
    shown.update(EventType=kind, OperationType=operation.type)
    if kind == "STACK_EVENT":
        shown["OperationStatus"] = _STATES[event["ResourceStatus"].rsplit("_", 1)[1]]
        shown["StartTime"] = operation.started
        if not event["ResourceStatus"].endswith("IN_PROGRESS"):
            shown["EndTime"] = event["Timestamp"]
    stack.operation_events.append(shown)
