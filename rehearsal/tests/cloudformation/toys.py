"""Handlers of a few simple types that a test can make slow or make fail, in the place of the real ones; and
what templates say of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from rehearsal.services.cloudformation.handler import Context, Handler, HandlerFailure, ResourceNotFound

Model = dict[str, Any]


class Toy(Handler):
    """Resources in memory. `hooks[logical_id]` is called before each verb and may wait or raise."""

    def __init__(self, type_name: str, name: str, attributes: Callable[[str, Model], Model] = lambda i, p: {}) -> None:
        self.type_name, self.name, self.made = type_name, name, attributes
        self.lives: dict[str, Model] = {}
        self.hooks: dict[str, Callable[[str, Context], None]] = {}
        self.log: list[tuple[str, str]] = []
        self.tags: dict[str, dict[str, str]] = {}
        self.lock = threading.Lock()

    def _meet(self, verb: str, ctx: Context) -> None:
        with self.lock:
            self.log.append((verb, ctx.logical_id))
        if ctx.logical_id in self.hooks:
            self.hooks[ctx.logical_id](verb, ctx)

    def create(self, ctx: Context, properties: Model) -> str:
        self._meet("create", ctx)
        physical_id = properties.get(self.name) or ctx.physical_name(80)
        if physical_id in self.lives:
            raise HandlerFailure(f"{physical_id} already exists", "AlreadyExists")
        self.lives[physical_id] = dict(properties)
        self.tags[physical_id] = ctx.all_tags(None)
        ctx.created(physical_id)
        self._meet("created", ctx)
        return physical_id

    def update(self, ctx: Context, physical_id: str, old: Model, new: Model) -> str:
        self._meet("update", ctx)
        self.lives[physical_id] = dict(new)
        self.tags[physical_id] = ctx.all_tags(None)
        return physical_id

    def delete(self, ctx: Context, physical_id: str, properties: Model) -> None:
        self._meet("delete", ctx)
        self.lives.pop(physical_id, None)

    def read(self, ctx: Context, physical_id: str, properties: Model) -> Model:
        if physical_id not in self.lives:
            raise ResourceNotFound(physical_id)
        model = self.lives[physical_id]
        return {**model, **self.made(physical_id, model)}


def toys() -> dict[str, Toy]:
    """SNS topics (TopicName replaces), SSM parameters, IAM roles."""
    listed = [
        Toy("AWS::SNS::Topic", "TopicName", lambda i, p: {"TopicArn": f"arn:topic:{i}", "TopicName": i}),
        Toy("AWS::SSM::Parameter", "Name", lambda i, p: {"Value": p["Value"], "Type": p["Type"]}),
        Toy("AWS::IAM::Role", "RoleName", lambda i, p: {"Arn": f"arn:role:{i}", "RoleId": "AROA"}),
    ]
    return {toy.type_name: toy for toy in listed}


def parameter(value: Any, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}, **more}


def topic(name: str | None = None, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name} if name else {}, **more}


def fail(verb: str, ctx: Context) -> None:
    """A hook: no such resource can be made."""
    if verb == "create":
        raise HandlerFailure("it cannot be", "InvalidRequest")
