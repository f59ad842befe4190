"""Transforms that CloudFormation does itself: AWS::Include, and what AWS::LanguageExtensions does to a whole template.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.services.cloudformation import anatomy, loops
from rehearsal.services.cloudformation.intrinsics import resolve
from rehearsal.services.cloudformation.scope import Scope
from rehearsal.services.cloudformation.template import Template
from rehearsal.services.cloudformation.text import parse_snippet
from rehearsal.services.cloudformation.walk import function_of, references

Client = Callable[[str], Any]
_INCLUDE, _EXTENSIONS = "AWS::Include", "AWS::LanguageExtensions"


class TransformFailed(AwsError):
    """A transform that failed: a change set or a creation ends with the reason, which no request is refused for."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__("ValidationError", f"Transform {name} failed with: {why}")


def process(template: Template, values: Mapping[str, Any], pseudo: Mapping[str, Any], client: Client) -> Template:
    """The template with its transforms done; `client` reads S3 with the caller's rights.

    @raises TransformFailed; AwsError ValidationError for a result that is no template.
    """
    if not template.pending:
        return template
    scope = Scope(template, values, pseudo)
    data = _included(template.data, scope, client)
    declared = data.pop("Transform", [])
    for transform in declared if isinstance(declared, list) else [declared]:
        if isinstance(transform, dict):
            data = _merged(data, _content(transform, scope, client))
        elif transform == _EXTENSIONS:
            data = _extended(data, scope)
    anatomy.check(data)
    return replace(template, data=data, pending=False)


def _included(value: Any, scope: Scope, client: Client) -> Any:
    """Every Fn::Transform below a value gives way to what it includes, the deepest first."""
    if isinstance(value, list):
        return [_included(item, scope, client) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _included(item, scope, client) for key, item in value.items() if key != "Fn::Transform"}
    if "Fn::Transform" not in value:
        return found
    content = _content(value["Fn::Transform"], scope, client)
    return _merged(found, content) if found or isinstance(content, dict) else content


def _merged(data: dict[str, Any], content: Any) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise TransformFailed(_INCLUDE, "The specified S3 object's content should be valid Yaml/JSON")
    merged = dict(data)
    for key, item in content.items():
        both = isinstance(item, dict) and isinstance(merged.get(key), dict)
        merged[key] = {**merged[key], **item} if both else item
    return merged


def _content(transform: Any, scope: Scope, client: Client) -> Any:
    """What an AWS::Include leads to. Short forms of functions are none of YAML's own and not taken there."""
    name = transform.get("Name") if isinstance(transform, dict) else transform
    if name != _INCLUDE:
        raise NotImplementedByRehearsal("cloudformation", "Transform", str(name))
    given = transform.get("Parameters")
    location = resolve(given.get("Location"), scope) if isinstance(given, dict) else None
    place = re.fullmatch(r"s3://([^/]+)/(.+)", location) if isinstance(location, str) else None
    if place is None:
        # CloudFormation's own words for this one are unchecked.
        raise TransformFailed(_INCLUDE, "The location parameter is not a valid S3 uri.")
    bucket, key = place.groups()
    try:
        text = client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8", errors="replace")
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        missing = f"S3 bucket [{bucket}] does not exist."
        raise TransformFailed(_INCLUDE, missing if code == "NoSuchBucket" else message) from error
    try:
        return parse_snippet(text)
    except ValueError as error:
        raise TransformFailed(_INCLUDE, "The specified S3 object's content should be valid Yaml/JSON") from error


def _extended(data: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """Loops unrolled, and Fn::Length and Fn::ToJsonString done where they need no resource."""

    def collect(collection: Any) -> list[Any]:
        found = resolve(collection, scope)
        if not isinstance(found, list):
            raise loops.BadLoop("Fn::ForEach could not resolve its collection to a list")
        return found

    try:
        unrolled = {
            name: loops.unroll(section, collect) if name in loops.SECTIONS else loops.refuse(name, section)
            for name, section in data.items()
        }
    except loops.BadLoop as error:
        raise TransformFailed(_EXTENSIONS, str(error)) from error
    outside = {*scope.parameters, *scope.pseudo}
    return {name: _settled(part, scope, outside) for name, part in unrolled.items()}


def _settled(value: Any, scope: Scope, outside: set[str]) -> Any:
    found = function_of(value)
    if (
        found
        and found[0] in ("Fn::Length", "Fn::ToJsonString")
        and all(one.name in outside for one in references(found[1]))
        and not any(name in ("Fn::If", "Fn::ImportValue", "Fn::GetAZs") for name in _functions(found[1]))
    ):
        return resolve(value, scope)
    if isinstance(value, dict):
        return {key: _settled(item, scope, outside) for key, item in value.items()}
    return [_settled(item, scope, outside) for item in value] if isinstance(value, list) else value


def _functions(value: Any) -> Iterator[str]:
    found = function_of(value)
    if found:
        yield found[0]
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _functions(item)
