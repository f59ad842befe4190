"""One resource's create, update and delete, with its events. Each tells whether it went well.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from rehearsal.services.cloudformation import (
    comparison,
    events,
    handler_errors,
    policies,
    registry,
    signals,
    validation,
)
from rehearsal.services.cloudformation.blueprint import Definition
from rehearsal.services.cloudformation.handler import (
    Context,
    Handler,
    OperationCancelled,
    ResourceNotFound,
    UpdateRequiresReplacement,
)
from rehearsal.services.cloudformation.handler_errors import Refused
from rehearsal.services.cloudformation.model import Leftover, Resource
from rehearsal.services.cloudformation.running import Phase, find_handler
from rehearsal.services.cloudformation.store import lock

TRIES = 5
_REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."


def create(phase: Phase, definition: Definition) -> bool:
    resource = Resource(definition.logical_id, definition.type, definition, token=str(uuid.uuid4()), stable=False)
    with lock:
        phase.stack.resources[definition.logical_id] = resource
    return _attempt(phase, resource, "CREATE", lambda: _create(phase, resource, "CREATE", phase.desired(definition)))


def update(phase: Phase, definition: Definition) -> bool:
    """In place, by replacement, or nothing at all where nothing changes."""
    stack = phase.stack
    with lock:
        current = stack.resources[definition.logical_id]
    verb = "UPDATE"
    return _attempt(phase, current, verb, lambda: _update(phase, current, definition))


def _attempt(phase: Phase, resource: Resource, verb: str, action: Callable[[], None]) -> bool:
    """Runs an action and turns what it raises into the resource's event of failure."""
    stack, logical_id = phase.stack, resource.logical_id
    detailed = None
    try:
        action()
        return True
    except OperationCancelled:
        reason = f"Resource {'creation' if verb == 'CREATE' else 'update'} cancelled"
    except Refused as error:
        reason, detailed = str(error), error.detailed
    except Exception as error:
        reason = handler_errors.reason(error, resource.token, resource.type)
    with lock:
        shown = stack.resources.get(logical_id, resource)
        shown.stable = False
    events.resource_status(stack, shown, f"{verb}_FAILED", reason, shown.properties or None, detailed=detailed)
    return False


def _handler(resource: Resource) -> Handler:
    handler = find_handler(resource.type)
    if handler is None:
        raise Refused(handler_errors.no_handler(resource.type))
    return handler


def _check(phase: Phase, resource: Resource, properties: dict[str, Any]) -> None:
    found = validation.faults(resource.type, phase.live(resource.type, properties))
    if found:
        raise Refused(validation.message(resource.logical_id, found), "VALIDATION_FAILED")


def _create(phase: Phase, resource: Resource, verb: str, properties: dict[str, Any]) -> None:
    stack = phase.stack
    with lock:
        resource.properties, resource.tags = properties, phase.tags_for(resource)
    if verb == "CREATE":
        events.resource_status(stack, resource, "CREATE_IN_PROGRESS", None, properties)
    handler = _handler(resource)
    _check(phase, resource, properties)

    def created(physical_id: str) -> None:
        if resource.physical_id == physical_id:
            return
        with lock:
            resource.physical_id = physical_id
        events.resource_status(stack, resource, f"{verb}_IN_PROGRESS", "Resource creation Initiated", properties)

    context = phase.context(resource, previous_tags={}, created=created)
    live = phase.live(resource.type, properties)
    created(_retried(phase, context, lambda tries: _first(handler, context, live, tries)))
    signals.await_creation(phase, resource, context)
    _settle(phase, resource, handler, context, live)
    events.resource_status(stack, resource, f"{verb}_COMPLETE", None, properties)


def _first(handler: Handler, context: Context, live: dict[str, Any], tries: int) -> str:
    """A second try first looks for what the one before may have made without hearing of it."""
    find = getattr(handler, "find", None)
    known = find(context, live) if tries and find else None
    return known or handler.create(context, live)


def _retried(phase: Phase, context: Context, action: Callable[[int], Any]) -> Any:
    """A handler's call again after throttling or a broken connection, as CloudFormation does."""
    for tries in range(TRIES):
        try:
            return action(tries)
        except Exception as error:
            if tries + 1 == TRIES or not handler_errors.passes(error):
                raise
            phase.real_sleep(0.2 * 2**tries)
    raise AssertionError("unreachable")


def _settle(phase: Phase, resource: Resource, handler: Handler, context: Context, live: dict[str, Any]) -> None:
    """Keeps what GetAtt will ask. A handler without the right to read must not fail what it made."""
    try:
        attributes = handler.attributes(context, resource.physical_id, live)
    except Exception as error:
        if not handler_errors.denied(error):
            raise
        attributes = None
    metadata = phase.attribute(resource.definition, "Metadata")
    with lock:
        resource.attributes, resource.metadata, resource.stable = attributes, metadata, True


def _update(phase: Phase, current: Resource, definition: Definition) -> None:
    stack = phase.stack
    wanted = phase.desired(definition)
    tags = phase.tags_for(current)
    changed = comparison.changed_paths(current.properties, wanted)
    retagged = bool(registry.get(current.type).tag_property) and current.tags != tags
    if current.stable and not changed and not retagged:
        metadata = phase.attribute(definition, "Metadata")
        with lock:
            current.definition, current.tags, current.metadata = definition, tags, metadata
        return
    kind = registry.get(current.type)
    always = any(kind.recreation(path) == "Always" for path in changed)
    policies.check_update(stack, current, "Update:Replace" if always else "Update:Modify", phase.undoing)
    handler = _handler(current)
    if always or not current.exists:
        _replace(phase, current, definition, wanted)
        return
    with lock:
        current.token = str(uuid.uuid4())
    events.resource_status(stack, current, "UPDATE_IN_PROGRESS", None, wanted)
    _check(phase, current, wanted)
    # A roll-back follows the update policy of the template that it goes back to.
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html
    context = phase.context(current, definition, previous_tags=current.tags)
    old, new = phase.live(current.type, current.properties), phase.live(current.type, wanted)
    with lock:
        before, current.properties, current.stable = current.properties, wanted, False
    try:
        physical_id = _retried(phase, context, lambda tries: handler.update(context, current.physical_id, old, new))
    except UpdateRequiresReplacement:
        with lock:
            current.properties, current.stable = before, True
        policies.check_update(stack, current, "Update:Replace", phase.undoing)
        _replace(phase, current, definition, wanted)
        return
    with lock:
        current.physical_id = physical_id or current.physical_id
        current.definition, current.tags = definition, tags
    _settle(phase, current, handler, context, new)
    events.resource_status(stack, current, "UPDATE_COMPLETE", None, wanted)


def _replace(phase: Phase, current: Resource, definition: Definition, wanted: dict[str, Any]) -> None:
    stack = phase.stack
    identifier = registry.get(current.type).identifier
    if (
        current.exists
        and identifier
        and all(name in wanted and wanted[name] == current.properties.get(name) for name in identifier)
    ):
        raise Refused(
            "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename "
            f"{wanted[identifier[0]]} and update the stack again."
        )
    events.resource_status(stack, current, "UPDATE_IN_PROGRESS", _REPLACING, wanted)
    fresh = Resource(
        definition.logical_id, definition.type, definition, status=current.status, token=str(uuid.uuid4()), stable=False
    )
    with lock:
        stack.resources[definition.logical_id] = fresh
        if current.exists:
            stack.leftovers.append(Leftover(current.copy(), current.definition.replace_policy))
    _create(phase, fresh, "UPDATE", wanted)


def delete(phase: Phase, resource: Resource, policy: str) -> bool:
    """Deletes, or skips what its policy keeps. Its events show the properties, as those before did."""
    stack, shown = phase.stack, resource.properties or None
    if not resource.exists:
        if resource.status not in ("DELETE_COMPLETE", "DELETE_SKIPPED"):
            events.resource_status(stack, resource, "DELETE_COMPLETE", None, shown)
        return True
    if policy == "Retain":
        events.resource_status(stack, resource, "DELETE_SKIPPED", None, shown)
        return True
    resource.token = str(uuid.uuid4())
    events.resource_status(stack, resource, "DELETE_IN_PROGRESS", None, shown)
    try:
        handler = _handler(resource)
        if policy == "Snapshot":
            policies.check_snapshot(handler, resource)
        context = phase.context(resource)
        live = _for_deletion(phase, resource)
        _retried(phase, context, lambda tries: handler.delete(context, resource.physical_id, live))
    except ResourceNotFound:
        pass
    except Exception as error:
        reason = (
            str(error) if isinstance(error, Refused) else handler_errors.reason(error, resource.token, resource.type)
        )
        events.resource_status(stack, resource, "DELETE_FAILED", reason, shown)
        return False
    events.resource_status(stack, resource, "DELETE_COMPLETE", None, shown)
    return True


def _for_deletion(phase: Phase, resource: Resource) -> dict[str, Any]:
    """A secret that is gone must not keep its resource alive."""
    try:
        return phase.live(resource.type, resource.properties)
    except Exception:
        return resource.properties
