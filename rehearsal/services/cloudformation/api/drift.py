"""Drift detection.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DetectStackDrift.html
"""

from __future__ import annotations

import uuid
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.services.cloudformation import access, drift, inputs, notices, store
from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.model import Operation, Stack, now
from rehearsal.services.cloudformation.running import Phase
from rehearsal.services.cloudformation.store import lock

_READY = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED",
          "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE")  # fmt: skip


def _stack(call: Call) -> Stack:
    stack = store.get(call.account, call.region, call.params["StackName"], store.bracketed)
    if stack.status not in _READY:
        raise invalid(f"Drift detection cannot be performed on stack [{stack.id}] in status {stack.status}")
    access.check_role(stack.role)
    return stack


def _operation(call: Call, stack: Stack) -> Operation:
    return Operation(str(uuid.uuid4()), "DETECT_DRIFT", call.principal, stack.role)


@operation("cloudformation", "DetectStackDrift")
def detect_stack_drift(call: Call) -> dict[str, Any]:
    stack = _stack(call)
    names = call.params.get("LogicalResourceIds") or []
    unknown = [name for name in names if name not in stack.resources]
    if unknown:
        raise invalid(f"Resource [{', '.join(unknown)}] does not exist for stack [{stack.name}]")
    identity = str(uuid.uuid4())
    with lock:
        running = [
            d for d in store.detections.values()
            if d["StackId"] == stack.id and d["DetectionStatus"] == "DETECTION_IN_PROGRESS"
        ]  # fmt: skip
        if running:
            raise invalid(f"Drift detection is already in progress for stack [{stack.id}]")
        record = store.detections[identity] = {
            "StackId": stack.id,
            "StackDriftDetectionId": identity,
            "DetectionStatus": "DETECTION_IN_PROGRESS",
            "Timestamp": now(),
        }
    tasks.spawn(f"cloudformation-drift-{stack.name}", _detect, call, stack, names, record)
    return {"StackDriftDetectionId": identity}


def _detect(call: Call, stack: Stack, names: list[str], record: dict[str, Any]) -> None:
    try:
        drift.whole_stack(stack, _operation(call, stack), stack.settings, names, record)
    except Exception as error:
        with lock:
            record.update(
                DetectionStatus="DETECTION_FAILED", DetectionStatusReason=str(error), StackDriftStatus="UNKNOWN"
            )
        raise
    notices.drift_changed(
        stack,
        {
            "stack-id": stack.id,
            "stack-drift-detection-id": record["StackDriftDetectionId"],
            "status-details": {
                "stack-drift-status": record["StackDriftStatus"],
                "detection-status": record["DetectionStatus"],
            },
            "drift-detection-details": {"drifted-stack-resource-count": record["DriftedStackResourceCount"]},
        },
    )


@operation("cloudformation", "DescribeStackDriftDetectionStatus")
def describe_stack_drift_detection_status(call: Call) -> dict[str, Any]:
    identity = call.params["StackDriftDetectionId"]
    with lock:
        record = store.detections.get(identity)
        if record is None:
            raise invalid(f"DriftDetectionId [{identity}] does not exist")
        return dict(record)


@operation("cloudformation", "DetectStackResourceDrift")
def detect_stack_resource_drift(call: Call) -> dict[str, Any]:
    stack, name = _stack(call), call.params["LogicalResourceId"]
    member = stack.resources.get(name)
    if member is None:
        raise invalid(f"Resource {name} does not exist for stack {stack.name}")
    phase = Phase(stack, _operation(call, stack), stack.settings)
    return {"StackResourceDrift": drift.check(phase, member)}


@operation("cloudformation", "DescribeStackResourceDrifts")
def describe_stack_resource_drifts(call: Call) -> dict[str, Any]:
    wanted = call.params.get("StackResourceDriftStatusFilters") or []
    with lock:
        stack = store.get(call.account, call.region, call.params["StackName"], store.bracketed)
        found = [
            dict(r.drift) for r in sorted(stack.resources.values(), key=lambda r: r.logical_id)
            if r.drift and (not wanted or r.drift["StackResourceDriftStatus"] in wanted)
        ]  # fmt: skip
    shown, rest = inputs.page(found, call.params.get("NextToken"), min(100, call.params.get("MaxResults") or 100))
    return {"StackResourceDrifts": shown, **rest}
