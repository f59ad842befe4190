"""What stack policies and deletion policies allow.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
"""

from __future__ import annotations

import json
from typing import Any

from rehearsal.kernel.wildcards import like
from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.handler import Handler, HandlerFailure
from rehearsal.services.cloudformation.model import Resource, Stack

_ANYTHING = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}


def deletion(resource: Resource, rolled_back_creation: bool = False, retain_except_on_create: bool = False) -> str:
    """Delete, Retain or Snapshot. RetainExceptOnCreate keeps nothing that a failed operation has just made.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
    """
    policy = resource.definition.deletion_policy
    if policy == "RetainExceptOnCreate" or (policy == "Retain" and retain_except_on_create):
        return "Delete" if rolled_back_creation else "Retain"
    if policy == "Snapshot" and rolled_back_creation and "DeletionPolicy" not in resource.definition.attributes:
        return "Delete"
    return policy


def check_snapshot(handler: Handler, resource: Resource) -> None:
    """A handler that cannot snapshot must not delete what the template wants kept."""
    if not getattr(handler, "snapshots", False):
        raise HandlerFailure(
            f"The rehearsal does not implement DeletionPolicy Snapshot for {resource.type}", "InternalFailure"
        )


def parse(body: str) -> str:
    """@raises AwsError ValidationError for what is no stack policy. An empty document takes a policy back."""
    try:
        for statement in _statements(body):
            if statement["Effect"] not in ("Allow", "Deny") or statement.get("Principal") != "*":
                raise ValueError("Effect or Principal")
            actions = statement.get("Action") or statement["NotAction"]
            if not all(isinstance(a, str) and (a == "*" or a.startswith("Update:")) for a in _listed(actions)):
                raise ValueError("Action")
            for member in ("Resource", "NotResource"):
                if not all(isinstance(name, str) for name in _listed(statement.get(member, []))):
                    raise ValueError(member)
            _check_condition(statement.get("Condition", {}))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise invalid("Error validating stack policy: Invalid stack policy") from error
    return body


def _statements(body: str) -> list[dict[str, Any]]:
    document = json.loads(body)
    return [_ANYTHING] if document == {} else _listed(document["Statement"])


def _check_condition(condition: Any) -> None:
    """Of conditions a stack policy knows the resource's type alone. @raises ValueError."""
    for operator, keys in condition.items():
        if operator not in ("StringEquals", "StringLike") or set(keys) != {"ResourceType"}:
            raise ValueError("Condition")
        if not all(isinstance(kind, str) for kind in _listed(keys["ResourceType"])):
            raise ValueError("Condition")


def check_update(stack: Stack, resource: Resource, action: str, undoing: bool) -> None:
    """@raises AwsError ValidationError, the reason of the resource's failure. A roll-back asks nobody."""
    body = stack.policy_during_update or stack.policy
    if undoing or not body:
        return
    allowed, denied = False, None
    for number, statement in enumerate(_statements(body), 1):
        if not _covers(statement, resource, action):
            continue
        if statement["Effect"] == "Deny":
            denied = number
        else:
            allowed = True
    if denied is None and allowed:
        return
    why = f"Statement [#{denied}] does not allow" if denied is not None else "no statement allows"
    raise invalid(
        f"Action denied by stack policy: {why} [{action}] for resource [LogicalResourceId/{resource.logical_id}];"
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _covers(statement: dict[str, Any], resource: Resource, action: str) -> bool:
    def any_of(patterns: Any, text: str) -> bool:
        return any(like(str(pattern), text) for pattern in _listed(patterns))

    if "Action" in statement and not any_of(statement["Action"], action):
        return False
    if "NotAction" in statement and any_of(statement["NotAction"], action):
        return False
    name = f"LogicalResourceId/{resource.logical_id}"
    if "Resource" in statement and not any_of(statement["Resource"], name):
        return False
    if "NotResource" in statement and any_of(statement["NotResource"], name):
        return False
    for operator, keys in statement.get("Condition", {}).items():
        kinds = keys.get("ResourceType", [])
        hit = any_of(kinds, resource.type) if operator == "StringLike" else resource.type in _listed(kinds)
        if not hit:
            return False
    return True
