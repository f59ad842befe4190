"""What a target receives. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html"""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.services.events import inputs, pattern

EVENT: dict[str, Any] = {
    "source": "aws.s3",
    "detail-type": "Object Created",
    "time": "2026-01-01T00:00:00Z",
    "detail": {"object": {"key": "a b", "size": 5, "quoted": 'say "hi"'}, "list": [{"n": 1}, {"n": 2}]},
}


def made(template: str, **paths: str) -> str:
    return inputs.of(
        {"InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}}, EVENT, "arn:rule", "rule"
    )


def test_an_event_goes_whole_in_part_or_as_a_constant() -> None:
    assert json.loads(inputs.of({}, EVENT)) == EVENT
    assert json.loads(inputs.of({"InputPath": "$.detail.object"}, EVENT))["size"] == 5
    assert inputs.of({"Input": '{"a": 1}'}, EVENT) == '{"a": 1}'


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('"key <key> of <size>"', "key a b of 5"),
        ('{"key": <key>, "size": <size>}', '{"key": "a b", "size": 5}'),
        ('{"key": "is <key>"}', '{"key": "is a b"}'),
        ('{"all": <object>}', '{"all": {"key": "a b", "size": 5, "quoted": "say \\"hi\\""}}'),
        ('{"n": <n>}', '{"n": 2}'),
        ('"<quoted>"', 'say "hi"'),
        ('"<nothing>."', "."),
        ('"<aws.events.rule-name>"', "rule"),
    ],
)
def test_a_template_takes_values_from_the_event(template: str, text: str) -> None:
    paths = {
        "key": "$.detail.object.key", "size": "$.detail.object.size", "object": "$.detail.object", "n": "$.detail.list[1].n",
        "nothing": "$.detail.nothing", "quoted": "$.detail.object.quoted",
    }  # fmt: skip
    assert made(template, **paths) == text


def test_a_rule_without_a_pattern_fits_no_event() -> None:
    assert not pattern.matches({}, EVENT)
    assert pattern.matches({"source": ["aws.s3"], "detail": {"object": {"size": [{"numeric": [">", 4]}]}}}, EVENT)
    assert not pattern.matches({"source": [{"anything-but": "aws.s3"}]}, EVENT)
