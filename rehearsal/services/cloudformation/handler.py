"""What a resource type's handler is given, and what it must do: CloudFormation's contract with its resource types.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html
"""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Model = dict[str, Any]

_ALPHABET = string.ascii_uppercase + string.digits


class ResourceNotFound(Exception):
    """The resource that the physical id names is gone."""


class UpdateRequiresReplacement(Exception):
    """An update cannot be done in place: raised by `update` for what the schema calls conditional, or never knew."""


class HandlerFailure(Exception):
    """A resource that cannot be had; `code` is one of CloudFormation's handler error codes.

    https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
    A botocore ClientError may be let through as it is: the engine words it as AWS does.
    """

    def __init__(self, message: str, code: str = "GeneralServiceException") -> None:
        super().__init__(message)
        self.code = code


class OperationCancelled(Exception):
    """The stack operation was given up (another resource failed, the user cancelled, time ran out)."""


@dataclass(frozen=True)
class Signal:
    """One SignalResource call (or WaitCondition PUT) for a resource."""

    unique_id: str
    status: str
    data: str = ""
    reason: str = ""


@dataclass
class Context:
    """One operation on one resource. `tags` are the stack's, with aws:cloudformation:*; the resource's own win."""

    type_name: str
    logical_id: str
    stack_id: str
    stack_name: str
    region: str
    account: str
    # One for each operation on the resource; the same when the operation is tried again.
    token: str
    client: Callable[[str], Any]
    # AWS seconds (divided by the speed) and real ones. Both raise OperationCancelled.
    sleep: Callable[[float], None]
    real_sleep: Callable[[float], None]
    partition: str = "aws"
    tags: Mapping[str, str] = field(default_factory=dict)
    # The stack tags before this update.
    previous_tags: Mapping[str, str] = field(default_factory=dict)
    update_policy: Mapping[str, Any] = field(default_factory=dict)
    creation_policy: Mapping[str, Any] = field(default_factory=dict)
    # True while an update is being undone: `update_policy` is then that of the template before.
    rolling_back: bool = False
    # All signals so far in this stack operation, oldest first.
    signals: Callable[[], list[Signal]] = list
    # An event of the running state whose reason is this message.
    log: Callable[[str], None] = lambda message: None
    # Says that the resource exists from now on. Call it in `create` as soon as the id is known, before waiting
    # for it to become stable: the event "Resource creation Initiated" then shows it, and a roll-back deletes it.
    created: Callable[[str], None] = lambda physical_id: None

    def physical_name(self, max_length: int = 64, allowed: str = r"A-Za-z0-9-", lower: bool = False) -> str:
        """A name as CloudFormation makes them, stack-logical-RANDOM, the same at every try of this operation.

        `allowed` is the inside of a regular expression's character class.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
        """
        digest = int.from_bytes(hashlib.sha256(f"{self.stack_id} {self.logical_id} {self.token}".encode()).digest())
        suffix = ""
        while len(suffix) < 12:
            digest, place = divmod(digest, len(_ALPHABET))
            suffix += _ALPHABET[place]
        # Short names keep a shorter suffix, as target groups (32) do on AWS.
        suffix = suffix[: max(6, min(12, max_length // 3))]
        room = max_length - len(suffix) - 2
        logical = self.logical_id[: max(room // 2, room - len(self.stack_name))]
        # A target group's name may not have two hyphens together, so none is left at a cut.
        name = f"{self.stack_name[: room - len(logical)].rstrip('-')}-{logical}-{suffix}"
        name = re.sub(f"[^{allowed}]", "", name)
        return name.lower() if lower else name

    def all_tags(self, own: list[dict[str, str]] | Mapping[str, str] | None, previous: bool = False) -> dict[str, str]:
        """The stack's tags with the resource's own (a list of Key and Value, or a map) over them."""
        mine = own if isinstance(own, Mapping) else {t["Key"]: t.get("Value", "") for t in own or []}
        return {**(self.previous_tags if previous else self.tags), **mine}


class Handler:
    """A resource type, through its service's own API. Properties are resolved and have the schema's types."""

    type_name: str = ""
    # Top-level properties that `read` cannot tell, beside the schema's write-only ones. Drift leaves them out.
    unreadable: frozenset[str] = frozenset()

    def create(self, ctx: Context, properties: Model) -> str:
        """Makes the resource, waits until it is stable, returns its physical id (what Ref gives)."""
        raise NotImplementedError

    def update(self, ctx: Context, physical_id: str, old: Model, new: Model) -> str:
        """In place; returns the physical id. @raises UpdateRequiresReplacement."""
        raise NotImplementedError

    def delete(self, ctx: Context, physical_id: str, properties: Model) -> None:
        """Waits until it is gone. One that is missing already is fine."""
        raise NotImplementedError

    def read(self, ctx: Context, physical_id: str, properties: Model) -> Model:
        """The live resource in the schema's words, read-only attributes included. @raises ResourceNotFound."""
        raise NotImplementedError

    def attributes(self, ctx: Context, physical_id: str, properties: Model) -> Model:
        """What GetAtt gives: nested, or with dotted keys (`{"Endpoint.Address": ...}`)."""
        return self.read(ctx, physical_id, properties)

    def find(self, ctx: Context, properties: Model) -> str | None:
        """The physical id of what an interrupted `create` with the same token has already made."""
        return None
