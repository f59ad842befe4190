"""A resource's whole life through its handler, against the services of the rehearsal in this process."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rehearsal.services.cloudformation.handler import Context
from rehearsal.services.cloudformation.handlers.drift import same
from rehearsal.services.cloudformation.handlers.schemas import schema

STACK = "arn:aws:cloudformation:us-east-1:123456789012:stack/hand/4b6d5c10-0000-11f0-8000-0a0b0c0d0e0f"
TAGS = {"Team": "shop", "aws:cloudformation:stack-name": "hand"}
# Labels a second life with all properties that the first one leaves out.
FULL = "in full"
Properties = dict[str, Any]


@dataclass
class World:
    """Clients, contexts, and the resources that other resources need, made once each."""

    client: Callable[[str], Any]
    acting: Callable[[str], Any]
    """Clients of the handlers themselves."""
    made: dict[str, Any] = field(default_factory=dict)

    def context(self, type_name: str, logical_id: str = "Thing", **more: Any) -> Context:
        return Context(
            type_name=type_name, logical_id=logical_id, stack_id=STACK, stack_name="hand", region="us-east-1",
            account="123456789012", token=str(uuid.uuid4()), client=self.acting,
            sleep=lambda seconds: time.sleep(0.05), real_sleep=time.sleep, **{"tags": TAGS, **more},
        )  # fmt: skip

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]

    def again(self, ctx: Context, **more: Any) -> Context:
        """The context of a later operation on the same resource."""
        return replace(ctx, token=str(uuid.uuid4()), previous_tags=ctx.tags, **more)


@dataclass(frozen=True)
class Case:
    """One life: made with `properties`, then each overlay of `updates` in turn (None takes a property away)."""

    type_name: str
    properties: Callable[[World], Properties]
    updates: tuple[Callable[[World], Properties], ...] = ()
    label: str = ""
    unread: frozenset[str] = frozenset()
    """Properties that this service does not tell here although the schema has them readable."""
    absent: frozenset[str] = frozenset()
    """Attributes that such a resource does not have."""

    @property
    def id(self) -> str:
        return self.type_name.removeprefix("AWS::") + (f" {self.label}" if self.label else "")


def overlay(old: Properties, changes: Mapping[str, Any]) -> Properties:
    merged = {**old, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def readable(type_name: str, properties: Properties) -> Properties:
    """The properties without what the schema calls write-only, also deep inside."""
    paths = [path.removeprefix("/properties/").split("/") for path in schema(type_name).get("writeOnlyProperties", [])]

    def keep(value: Any, here: list[list[str]]) -> Any:
        if isinstance(value, list):
            inner = [path[1:] for path in here if path[0] == "*"] or here
            return [keep(item, inner) for item in value]
        if not isinstance(value, dict):
            return value
        gone = {path[0] for path in here if len(path) == 1}
        return {
            name: keep(item, [path[1:] for path in here if path[0] == name and len(path) > 1])
            for name, item in value.items()
            if name not in gone
        }

    return keep(properties, paths)


def differences(expected: Properties, model: Properties, leave: frozenset[str]) -> dict[str, Any]:
    """Properties that the model tells otherwise than the template, with both values."""
    return {
        name: (value, model.get(name))
        for name, value in expected.items()
        if name not in leave and not same(value, model.get(name))
    }
