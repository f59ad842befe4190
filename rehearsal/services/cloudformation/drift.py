"""Whether resources still are as their template says, read through the services' own doors.

Only what the template sets is compared; what cannot be read is left out, and a resource that cannot be read at all is
NOT_CHECKED, never in sync.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

from __future__ import annotations

import json
from typing import Any

from rehearsal.services.cloudformation import dynamic, registry
from rehearsal.services.cloudformation.comparison import Path
from rehearsal.services.cloudformation.functions import text_of
from rehearsal.services.cloudformation.handler import ResourceNotFound
from rehearsal.services.cloudformation.handler_errors import reason
from rehearsal.services.cloudformation.model import Operation, Resource, Settings, Stack, now
from rehearsal.services.cloudformation.running import Phase, find_handler
from rehearsal.services.cloudformation.store import lock

Difference = tuple[Path, Any, Any, str]


def check(phase: Phase, resource: Resource) -> dict[str, Any]:
    """The resource's drift as the API shows it; kept with the resource."""
    found: dict[str, Any] = {
        "StackId": phase.stack.id,
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id,
        "ResourceType": resource.type,
        "Timestamp": now(),
    }
    found.update(_status(phase, resource))
    with lock:
        resource.drift = found
    return found


def _status(phase: Phase, resource: Resource) -> dict[str, Any]:
    handler = find_handler(resource.type)
    if handler is None or not resource.exists:
        return {"StackResourceDriftStatus": "NOT_CHECKED"}
    context = phase.context(resource)
    try:
        live = phase.live(resource.type, resource.properties)
        actual = handler.read(context, resource.physical_id, live)
    except ResourceNotFound:
        expected = _expected(resource, handler.unreadable)
        return {"StackResourceDriftStatus": "DELETED", "ExpectedProperties": _json(expected)}
    except NotImplementedError:
        return {"StackResourceDriftStatus": "NOT_CHECKED"}
    except Exception as error:
        return {"StackResourceDriftStatus": "UNKNOWN", "DriftStatusReason": reason(error, context.token, resource.type)}
    expected = _expected(resource, handler.unreadable)
    differences = compare(expected, {key: actual.get(key) for key in expected if key in actual})
    shown = {key: actual[key] for key in expected if key in actual}
    return {
        "StackResourceDriftStatus": "MODIFIED" if differences else "IN_SYNC",
        "ExpectedProperties": _json(expected),
        "ActualProperties": _json(shown),
        "PropertyDifferences": [_difference(*difference) for difference in differences],
    }


def _expected(resource: Resource, unreadable: frozenset[str]) -> dict[str, Any]:
    kind = registry.get(resource.type)
    hidden = set(unreadable) | kind.names("writeOnlyProperties") | kind.names("readOnlyProperties")
    expected = {
        key: value for key, value in resource.properties.items() if key not in hidden and not dynamic.has_secret(value)
    }
    for path in kind.paths("writeOnlyProperties"):
        if "/" in path:
            expected = _without(expected, path.split("/"))
    return expected


def _without(value: Any, steps: list[str]) -> Any:
    """The value without what stands at a schema path; `*` is any item of a list, which paths may also leave out."""
    if isinstance(value, list):
        rest = steps[1:] if steps[0] == "*" else steps
        return [_without(item, rest) for item in value]
    if not isinstance(value, dict) or steps[0] not in value:
        return value
    if len(steps) == 1:
        return {key: item for key, item in value.items() if key != steps[0]}
    return {**value, steps[0]: _without(value[steps[0]], steps[1:])}


def compare(expected: Any, actual: Any, path: Path = ()) -> list[Difference]:
    """What differs from what is expected. Members that only the service knows are its defaults, no drift."""
    if isinstance(expected, dict) and isinstance(actual, str):
        actual = _parsed(actual)
    if isinstance(expected, str) and isinstance(actual, (dict, list)):
        expected = _parsed(expected)
    if isinstance(expected, dict) and isinstance(actual, dict):
        found: list[Difference] = []
        for key, item in expected.items():
            if key not in actual or actual[key] is None:
                found.append(((*path, key), item, None, "REMOVE"))
            else:
                found += compare(item, actual[key], (*path, key))
        return found
    if isinstance(expected, list) and isinstance(actual, list):
        found = []
        for index in range(max(len(expected), len(actual))):
            place = (*path, index)
            if index >= len(actual):
                found.append((place, expected[index], None, "REMOVE"))
            elif index >= len(expected):
                found.append((place, None, actual[index], "ADD"))
            else:
                found += compare(expected[index], actual[index], place)
        return found
    return [] if _shown(expected) == _shown(actual) else [(path, expected, actual, "NOT_EQUAL")]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, separators=(",", ":"), sort_keys=True, default=str)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "null" if value is None else text_of(value)


def _difference(path: Path, expected: Any, actual: Any, kind: str) -> dict[str, Any]:
    return {
        "PropertyPath": "/" + "/".join(str(step) for step in path),
        "ExpectedValue": _shown(expected),
        "ActualValue": _shown(actual),
        "DifferenceType": kind,
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"), default=str)


def whole_stack(
    stack: Stack, operation: Operation, settings: Settings, names: list[str], record: dict[str, Any]
) -> None:
    """A drift detection; a task of its own."""
    phase = Phase(stack, operation, settings)
    with lock:
        members = [r for r in stack.resources.values() if not names or r.logical_id in names]
    found = [check(phase, member) for member in members]
    unknown = [f for f in found if f["StackResourceDriftStatus"] == "UNKNOWN"]
    with lock:
        every = [r.drift["StackResourceDriftStatus"] for r in stack.resources.values() if r.drift]
        drifted = sum(status in ("MODIFIED", "DELETED") for status in every)
        status = "DRIFTED" if drifted else "IN_SYNC"
        record.update(
            StackDriftStatus=status,
            DetectionStatus="DETECTION_FAILED" if unknown else "DETECTION_COMPLETE",
            DriftedStackResourceCount=drifted,
        )
        if unknown:
            names_of = ", ".join(f["LogicalResourceId"] for f in unknown)
            record["DetectionStatusReason"] = f"Failed to detect drift on resource [{names_of}]"
            if not drifted:
                record["StackDriftStatus"] = status = "UNKNOWN"
        stack.drift = {"status": status, "time": now()}
