"""Where a template's names get their values from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.template import Template

# How a change set shows what only its execution can tell.
KNOWN_AFTER_APPLY = "{{changeSet:KNOWN_AFTER_APPLY}}"


class Unknown(str):
    """A value that exists only after the execution; whatever is made from it is unknown, too."""

    __slots__ = ()


UNKNOWN = Unknown(KNOWN_AFTER_APPLY)
NO_VALUE: Any = type("NoValue", (), {"__repr__": lambda self: "AWS::NoValue"})()


def is_unknown(value: Any) -> bool:
    """True if the value has an unknown part anywhere."""
    if isinstance(value, dict):
        return any(is_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(is_unknown(item) for item in value)
    return isinstance(value, Unknown)


def _no_resources(name: str, attribute: str) -> Any:
    raise invalid(f"Template error: {name} cannot be resolved here")


@dataclass
class Scope:
    """`parameters` holds effective values (text, or lists of text); `resource` gives Ref (no attribute) and GetAtt."""

    template: Template
    parameters: Mapping[str, Any]
    pseudo: Mapping[str, Any]
    conditions: Mapping[str, bool] = field(default_factory=dict)
    resource: Callable[[str, str], Any] = _no_resources
    export: Callable[[str], Any] = lambda name: UNKNOWN
    zones: Callable[[str], list[str]] = lambda region: []

    def ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.pseudo:
            return self.pseudo[name]
        if name in self.parameters:
            return self.parameters[name]
        return self.resource(name, "")


def pseudo_parameters(
    account: str, region: str, stack_id: str, stack_name: str, notifications: list[str]
) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html"""
    china, gov = region.startswith("cn-"), region.startswith("us-gov-")
    return {
        "AWS::AccountId": account,
        "AWS::NotificationARNs": list(notifications),
        "AWS::Partition": "aws-cn" if china else "aws-us-gov" if gov else "aws",
        "AWS::Region": region,
        "AWS::StackId": stack_id,
        "AWS::StackName": stack_name,
        "AWS::URLSuffix": "amazonaws.com.cn" if china else "amazonaws.com",
    }
