"""One phase of an operation on a stack: what its resources' handlers are given, and when they must give up."""

from __future__ import annotations

import threading
import time
import uuid
from typing import Any

from rehearsal.kernel import regions, tasks
from rehearsal.services.cloudformation import access, coercion, dynamic, events, handler_errors, registry
from rehearsal.services.cloudformation.blueprint import Blueprint, Definition
from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.exports import exported_value
from rehearsal.services.cloudformation.handler import Context, Handler, OperationCancelled, Signal
from rehearsal.services.cloudformation.intrinsics import resolve
from rehearsal.services.cloudformation.model import Operation, Resource, Settings, Stack
from rehearsal.services.cloudformation.scope import Scope
from rehearsal.services.cloudformation.store import lock


def find_handler(type_name: str) -> Handler | None:
    from rehearsal.services.cloudformation import handlers, own_types

    return own_types.find(type_name) or handlers.find(type_name)


class Phase:
    """`settings` are those that the phase works towards; a cancellable phase ends when one resource fails."""

    def __init__(
        self,
        stack: Stack,
        operation: Operation,
        settings: Settings,
        *,
        cancellable: bool = False,
        undoing: bool = False,
    ) -> None:
        assert settings.blueprint is not None
        self.stack, self.operation, self.settings = stack, operation, settings
        self.blueprint: Blueprint = settings.blueprint
        self.cancellable, self.undoing = cancellable, undoing
        self.failing = threading.Event()
        self.client = access.client_of(operation.principal, operation.role, stack.region)
        self._zones: dict[str, list[str]] = {}

    def stopped(self) -> bool:
        return self.cancellable and (self.failing.is_set() or self.operation.stop_flag)

    def real_sleep(self, seconds: float) -> None:
        """Wakes up early when the phase is given up."""
        until = time.monotonic() + seconds
        while True:
            if self.stopped():
                raise OperationCancelled
            left = until - time.monotonic()
            tasks.real_sleep(max(0.0, min(left, 0.5)))
            if left <= 0.5:
                return

    def sleep(self, seconds: float) -> None:
        self.real_sleep(seconds / tasks.speed())

    def context(self, resource: Resource, definition: Definition | None = None, **more: Any) -> Context:
        definition = definition or resource.definition
        stack, logical_id = self.stack, resource.logical_id
        state = {
            "type_name": resource.type,
            "logical_id": logical_id,
            "stack_id": stack.id,
            "stack_name": stack.name,
            "region": stack.region,
            "account": stack.account,
            "token": resource.token or str(uuid.uuid4()),
            "client": self.client,
            "sleep": self.sleep,
            "real_sleep": self.real_sleep,
            "partition": stack.pseudo([])["AWS::Partition"],
            "tags": self.tags_for(resource),
            "previous_tags": resource.tags,
            "update_policy": self.attribute(definition, "UpdatePolicy"),
            "creation_policy": self.attribute(definition, "CreationPolicy"),
            "rolling_back": self.undoing,
            "signals": lambda: self.signals(logical_id),
            "log": lambda message: events.resource_status(stack, resource, resource.status, message),
        }
        return Context(**{**state, **more})

    def tags_for(self, resource: Resource) -> dict[str, str]:
        return {**self.settings.tags, **self.stack.system_tags(resource.logical_id)}

    def attribute(self, definition: Definition, name: str) -> dict[str, Any]:
        value = definition.policy(name)
        return resolve(value, self.scope()) if isinstance(value, dict) else {}

    def signals(self, logical_id: str) -> list[Signal]:
        with lock:
            return list(self.operation.signals.get(logical_id, []))

    def scope(self) -> Scope:
        pseudo = self.stack.pseudo(self.settings.notifications)
        return self.blueprint.scope(pseudo, resource=self.value_of, export=self.export, zones=self.zones)

    def zones(self, region: str) -> list[str]:
        if region not in regions.known():
            raise invalid(f"Template error: Fn::GetAZs cannot tell the zones of {region}, which is no region")
        if region not in self._zones:
            client = access.client_of(self.operation.principal, self.operation.role, region)
            found = client("ec2").describe_availability_zones()["AvailabilityZones"]
            self._zones[region] = sorted(zone["ZoneName"] for zone in found)
        return self._zones[region]

    def export(self, name: str) -> str:
        value = exported_value(self.stack.account, self.stack.region, name)
        if value is None:
            raise invalid(f"No export named {name} found.")
        return value

    def value_of(self, name: str, attribute: str) -> Any:
        """Ref and GetAtt of a resource that this phase has already dealt with."""
        with lock:
            resource = self.stack.resources.get(name)
        if resource is None or not resource.exists:
            raise invalid(f"Unresolved resource dependencies [{name}] in the Resources block of the template")
        return attribute_of(self, resource, attribute) if attribute else resource.physical_id

    def desired(self, definition: Definition) -> dict[str, Any]:
        """The properties that a resource shall have now, in the schema's types; secrets are still references."""
        resolved = dynamic.plain(resolve(definition.properties, self.scope()), self.client)
        return coercion.coerce(definition.type, resolved)

    def live(self, type_name: str, properties: dict[str, Any]) -> dict[str, Any]:
        """The properties with their secrets, for the handler."""
        return coercion.coerce(type_name, dynamic.secret(type_name, properties, self.client))


def attribute_of(phase: Phase, resource: Resource, name: str) -> Any:
    """GetAtt. What the handler told after the last change is kept.

    @raises AwsError ValidationError for an attribute that the resource does not have.
    """
    with lock:
        known = resource.attributes
    if known is None:
        handler = find_handler(resource.type)
        if handler is None:
            raise invalid(handler_errors.no_handler(resource.type))
        context = phase.context(resource)
        known = handler.attributes(context, resource.physical_id, phase.live(resource.type, resource.properties))
        with lock:
            resource.attributes = known
    for source in (known, resource.properties):
        found = _lookup(source, name)
        if found is not None:
            return found
    kind = registry.get(resource.type)
    if kind.identifier == (name,):
        return resource.physical_id
    raise invalid(f"Attribute '{name}' does not exist")


def _lookup(source: dict[str, Any], name: str) -> Any:
    if name in source:
        return source[name]
    value: Any = source
    for part in name.split("."):
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value
