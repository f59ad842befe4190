"""A template whose structure is sound: sections, names, references. Values are not looked at here.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rehearsal.kernel.errors import NotImplementedByRehearsal
from rehearsal.services.cloudformation import anatomy
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
    text: str
    data: dict[str, Any]

    def section(self, name: str) -> dict[str, Any]:
        return self.data.get(name) or {}

    @property
    def resources(self) -> dict[str, Any]:
        return self.section("Resources")

    @property
    def transforms(self) -> list[str]:
        declared = self.data.get("Transform") or []
        listed = declared if isinstance(declared, list) else [declared]
        return [t if isinstance(t, str) else str(t.get("Name", "")) for t in listed]

    @property
    def language_extensions(self) -> bool:
        return "AWS::LanguageExtensions" in self.transforms


def load(text: str) -> Template:
    """@raises AwsError ValidationError in CloudFormation's words."""
    template = Template(text, parse(text))
    _check_transforms(template.data)
    anatomy.check(template.data)
    return template


def _check_transforms(data: dict[str, Any]) -> None:
    declared = data.get("Transform", [])
    for transform in declared if isinstance(declared, list) else [declared]:
        name = transform.get("Name") if isinstance(transform, dict) else transform
        if not isinstance(name, str):
            raise invalid("Template format error: Every Transform must be a string or an object with a Name.")
        if name != "AWS::LanguageExtensions":
            raise NotImplementedByRehearsal("cloudformation", "Transform", name)
    if declared and _loops(data):
        raise NotImplementedByRehearsal("cloudformation", "Transform", "Fn::ForEach of AWS::LanguageExtensions")


def _loops(value: Any) -> bool:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html"""
    if isinstance(value, dict):
        return any(str(key).startswith("Fn::ForEach::") or _loops(item) for key, item in value.items())
    return isinstance(value, list) and any(_loops(item) for item in value)
