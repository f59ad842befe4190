"""A resource type as a row: which operation creates, reads, changes and deletes it, and where things are in replies.

Paths are JMESPath, as in the AWS CLI's --query.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jmespath
from botocore.exceptions import ClientError

from rehearsal.cloudformation.handler import Context
from rehearsal.cloudformation.handlers.base import Resource
from rehearsal.cloudformation.handlers.shapes import Renames
from rehearsal.cloudformation.handlers.tags import NO_TAGS, NoTags, Tags
from rehearsal.cloudformation.handlers.wait import until_state


@dataclass(frozen=True)
class Op:
    """One operation: its boto3 name, the parameter that names the resource, properties it takes, fixed parameters."""

    name: str
    target: str | None = None
    properties: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    many: bool = False
    """Whether the target is a list of identifiers."""
    always: bool = False
    """Whether the operation replaces everything, so that it must be told all its properties on each change."""


@dataclass(frozen=True)
class Name:
    """The property that names the resource; without it CloudFormation makes a name."""

    property: str
    length: int = 255
    allowed: str = r"A-Za-z0-9_.-"
    lower: bool = False


@dataclass(frozen=True, kw_only=True)
class Table(Resource):
    type_name: str
    service: str
    create_with: Op
    read_with: Op
    found: str
    """Path to the resource in the reply of `read_with`; `ID` in it stands for the physical id."""
    delete_with: Op
    updates: tuple[Op, ...] = ()
    identifier: str = ""
    """Path to the physical id in the reply of `create_with`; the name otherwise."""
    name: Name | None = None
    tags: Tags = NO_TAGS
    tag_parameter: str = ""
    """The parameter of the creation that takes tags."""
    renames: Renames = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    also_read: tuple[tuple[Op, str], ...] = ()
    """Further reads whose found objects are laid over the first."""
    state: str = ""
    """Path to a state in the read reply, and below what it becomes when the resource is stable."""
    stable: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    """States in which a deleted resource lingers; it counts as missing."""
    token: str = ""
    """The parameter of the creation that makes it idempotent."""
    derived: Mapping[str, str] = field(default_factory=dict)
    """Attributes that are a format of {partition}, {region}, {account}, {id}."""
    unreadable: frozenset[str] = frozenset()

    def make(self, ctx: Context, properties: dict[str, Any]) -> str:
        wanted = dict(properties)
        if self.name:
            chosen = self.name
            wanted.setdefault(chosen.property, ctx.physical_name(chosen.length, chosen.allowed, chosen.lower))
        wanted.pop(self.tags.property, None) if self.tag_parameter or not isinstance(self.tags, NoTags) else None
        more = dict(self.create_with.fixed)
        tags = self.tags.wanted(ctx, properties)
        if self.tag_parameter and tags:
            more[self.tag_parameter] = self.tags.form(tags)
        if self.token:
            more[self.token] = ctx.token
        only = self.create_with.properties
        reply = self._call(ctx, self.create_with, {**self._chosen(self.create_with, wanted, only), **more})
        physical_id = jmespath.search(self.identifier, reply) if self.identifier else wanted[self.name.property]
        ctx.created(physical_id)
        for op in self.updates:
            later = set(op.properties) - set(only)
            if only and later & wanted.keys():
                self._apply(ctx, op, physical_id, wanted)
        if tags and not self.tag_parameter:
            self.tags.update(self, ctx, physical_id, {}, properties)
        if self.state:
            self._settle(ctx, physical_id, properties)
        return physical_id

    def change(
        self, ctx: Context, physical_id: str, old: dict[str, Any], new: dict[str, Any], changed: frozenset[str]
    ) -> None:
        for op in self.updates:
            if changed & set(op.properties):
                self._apply(ctx, op, physical_id, new)
        if self.state:
            self._settle(ctx, physical_id, new)

    def remove(self, ctx: Context, physical_id: str, properties: dict[str, Any]) -> None:
        self._call(ctx, self.delete_with, self._target(self.delete_with, physical_id))
        if self.state:
            until_state(ctx, f"{physical_id} deletion", lambda: self._state(ctx, physical_id, properties) or "", {""})

    def describe(self, ctx: Context, physical_id: str, properties: dict[str, Any]) -> dict[str, Any] | None:
        found = self._look(ctx, physical_id)
        if found is None or (self.state and jmespath.search(self.state, found) in self.gone):
            return None
        model = self.model(found)
        for op, path in self.also_read:
            more = jmespath.search(path, self._call(ctx, op, self._target(op, physical_id)))
            model.update(self.model(more or {}))
        place = {"partition": ctx.partition, "region": ctx.region, "account": ctx.account, "id": physical_id}
        model.update({name: pattern.format(**place) for name, pattern in self.derived.items()})
        return model

    def _look(self, ctx: Context, physical_id: str) -> dict[str, Any] | None:
        reply = self._call(ctx, self.read_with, self._target(self.read_with, physical_id))
        return jmespath.search(self.found.replace("ID", f"`{physical_id}`"), reply)

    def _state(self, ctx: Context, physical_id: str, properties: dict[str, Any]) -> str | None:
        try:
            found = self._look(ctx, physical_id)
        except ClientError as error:
            if self.is_missing(error):
                return None
            raise
        state = jmespath.search(self.state, found) if found else None
        return None if state in self.gone else state

    def _settle(self, ctx: Context, physical_id: str, properties: dict[str, Any]) -> None:
        until_state(ctx, physical_id, lambda: self._state(ctx, physical_id, properties), self.stable, set(self.failed))

    def _apply(self, ctx: Context, op: Op, physical_id: str, properties: dict[str, Any]) -> None:
        self._call(ctx, op, {**self._chosen(op, properties, op.properties), **self._target(op, physical_id)})

    def _chosen(self, op: Op, properties: dict[str, Any], only: tuple[str, ...]) -> dict[str, Any]:
        return self.args(op.name, {k: v for k, v in properties.items() if not only or k in only})

    def _target(self, op: Op, physical_id: str) -> dict[str, Any]:
        if op.target is None:
            return dict(op.fixed)
        return {op.target: [physical_id] if op.many else physical_id, **op.fixed}

    def _call(self, ctx: Context, op: Op, parameters: dict[str, Any]) -> dict[str, Any]:
        return getattr(ctx.client(self.service), op.name)(**parameters)
