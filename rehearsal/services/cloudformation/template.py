"""A template whose structure is sound: sections, names, references. Values are not looked at here.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rehearsal.kernel.errors import NotImplementedByRehearsal
from rehearsal.services.cloudformation import anatomy, loops
from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.text import parse

MAX_BODY = 51_200
MAX_URL_BODY = 1_048_576
PSEUDO = [
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::NoValue",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
]


@dataclass(frozen=True)
class Template:
    """`data` is what the text says, or, once a template is not `pending` any more, what its transforms made of it."""

    text: str
    data: dict[str, Any]
    transforms: tuple[str, ...] = ()
    # Whether transforms are still to be done, for which the parameters' values are needed.
    pending: bool = False

    def section(self, name: str) -> dict[str, Any]:
        found = self.data.get(name) or {}
        if not self.pending:
            return found
        return {key: body for key, body in found.items() if not key.startswith(loops.PREFIX) and key != "Fn::Transform"}

    @property
    def resources(self) -> dict[str, Any]:
        found = self.section("Resources")
        return {name: body for name, body in found.items() if "Type" in body} if self.pending else found

    @property
    def language_extensions(self) -> bool:
        return "AWS::LanguageExtensions" in self.transforms


def load(text: str) -> Template:
    """@raises AwsError ValidationError in CloudFormation's words."""
    data = parse(text)
    declared = _declared(data)
    embedded = _embedded(data)
    if declared or embedded:
        anatomy.check_sections(data)
        return Template(text, data, (*declared, *("AWS::Include" for _ in range(embedded and 1))), pending=True)
    anatomy.check(data)
    return Template(text, data)


def _declared(data: dict[str, Any]) -> list[str]:
    declared = data.get("Transform", [])
    names = []
    for transform in declared if isinstance(declared, list) else [declared]:
        name = transform.get("Name") if isinstance(transform, dict) else transform
        if not isinstance(name, str):
            raise invalid("Key Name of transform definition must be a string.")
        if name not in ("AWS::LanguageExtensions", "AWS::Include"):
            raise NotImplementedByRehearsal("cloudformation", "Transform", name)
        names.append(name)
    return names


def _embedded(value: Any) -> bool:
    """Whether an Fn::Transform stands anywhere."""
    if isinstance(value, dict):
        return any(key == "Fn::Transform" or _embedded(item) for key, item in value.items())
    return isinstance(value, list) and any(_embedded(item) for item in value)
