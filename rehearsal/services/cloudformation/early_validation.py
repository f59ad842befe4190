"""What a change set is checked for before anybody may execute it: properties, and names that are taken.

Whether buckets that would go are empty is not looked at here, so that much is kinder than AWS.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.services.cloudformation import dynamic, events, registry, validation
from rehearsal.services.cloudformation.changes import Forecast
from rehearsal.services.cloudformation.model import Operation, Resource, Stack
from rehearsal.services.cloudformation.running import find_handler
from rehearsal.services.cloudformation.scope import is_unknown


def reason(stack: Stack, operation: Operation, walk: Forecast, changes: list[dict[str, Any]]) -> str | None:
    """Why the change set fails; DescribeEvents has the particulars. None if all is well."""
    touched = {c["LogicalResourceId"] for c in changes if c["Action"] != "Remove"}
    failed = []
    if any([_faulty(stack, operation, walk, name) for name in sorted(touched)]):
        failed.append("AWS::EarlyValidation::PropertyValidation")
    added = sorted(c["LogicalResourceId"] for c in changes if c["Action"] == "Add")
    if any([_taken(stack, operation, walk, name) for name in added]):
        failed.append("AWS::EarlyValidation::ResourceExistenceCheck")
    if not failed:
        return None
    return (
        f"The following hook(s)/validation failed: [{', '.join(failed)}]. To troubleshoot Early Validation errors, "
        "use the DescribeEvents API for detailed failure information."
    )


def _resource(stack: Stack, walk: Forecast, name: str) -> Resource:
    definition = walk.phase.blueprint.resources[name]
    return stack.resources.get(name) or Resource(name, definition.type, definition)


def _faulty(stack: Stack, operation: Operation, walk: Forecast, name: str) -> bool:
    resource = _resource(stack, walk, name)
    found = validation.faults(resource.type, walk.after[name])
    for fault in found:
        place, _, message = fault.partition(": ")
        path = f"/Resources/{name}/Properties{place.removeprefix('#')}"
        events.validation_error(stack, operation.id, resource, "PROPERTY_VALIDATION", message, path)
    return bool(found)


def _taken(stack: Stack, operation: Operation, walk: Forecast, name: str) -> bool:
    """Looks for a resource that already has the name that the template gives to a new one."""
    resource, wanted = _resource(stack, walk, name), walk.after[name]
    identifier = registry.get(resource.type).identifier
    handler = find_handler(resource.type)
    if len(identifier) != 1 or identifier[0] not in wanted or handler is None:
        return False
    physical_id = wanted[identifier[0]]
    if is_unknown(wanted) or not isinstance(physical_id, str) or dynamic.has_secret(physical_id):
        return False
    try:
        handler.read(walk.phase.context(resource), physical_id, wanted)
    except Exception:
        # Gone, or not to be told: either way the execution will find out.
        return False
    said = f"Resource of type '{resource.type}' with identifier '{physical_id}' already exists."
    events.validation_error(stack, operation.id, resource, "NAME_CONFLICT_VALIDATION", said, f"/Resources/{name}")
    return True
