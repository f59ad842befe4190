"""Expressions as Java and ECMA read them. What Java says stands here as a JDK 17 said it."""

from __future__ import annotations

import time

import pytest

from rehearsal import patterns
from rehearsal.patterns import PatternError, TooSlow, ecma, java, of_schema
from rehearsal.services.cloudformation import validation

# Expression, text, and whether java.util.regex matches the whole of it; None where it does not take the expression.
JAVA: list[tuple[str, str, bool | None]] = [
    ("[\\p{L}\\p{N} ]+", "K\xe4se 3", True),
    ("[\\p{L}\\p{N} ]+", "a-b", False),
    ("^abc|def)$", "abc", None),
    ("^abc|def$", "def", True),
    ("^abc|def$", "abcdef", False),
    ("a*+b", "aab", True),
    ("a*+a", "aa", False),
    ("(?>a+)b", "aab", True),
    ("\\Qa.b\\E+", "a.bb", True),
    ("\\Qa.b\\E+", "axb", False),
    ("[a-z&&[^bc]]+", "adz", True),
    ("[a-z&&[^bc]]+", "abz", False),
    ("[[a-c][x-z]]+", "ax", True),
    ("[]a]+", "]a", True),
    ("(?<n>a)\\k<n>", "aa", True),
    ("(?P<n>a)", "a", None),
    ("(a)\\11", "aa1", True),
    ("(?i)ABC", "abc", True),
    ("(?i)\xc9", "\xe9", False),
    ("(?iu)\xc9", "\xe9", True),
    ("a(?i)b|c", "C", True),
    ("(?x) a b # c", "ab", True),
    ("\\d+", "\u0663", False),
    ("\\w+", "\xe9", False),
    ("\\h", "\xa0", True),
    ("\\p{Lu}", "\xc9", True),
    ("\\p{lu}", "a", None),
    ("\\p{IsGreek}+", "\u03b1\u03b2", True),
    ("\\p{InGreek}+", "\u03b1\u03b2", True),
    ("\\p{Punct}+", "!?", True),
    ("\\p{javaLowerCase}", "a", True),
    ("\\x{1F600}", "\U0001f600", True),
    ("\\uD83D\\uDE00", "\U0001f600", True),
    ("\\0101", "A", True),
    ("\\y", "y", None),
    ("a$", "a\n", False),
    (".", "\u2028", False),
    ("(?s).", "\n", True),
    ("a{2", "aa", None),
    ("*a", "a", None),
    ("a**", "aa", None),
    ("[z-a]", "a", None),
    ("[a-", "a", None),
    ("\\k<x>", "x", None),
    ("a\\z", "a", True),
    ("\\R", "\r\n", True),
    ("(", "(", None),
    (")", ")", None),
    ("\\", "\\", None),
    ("[\\w-_]+", "a-_", True),
    ("(?<=a)b|ab", "ab", True),
]
# Expression, text, and whether JavaScript finds it there.
ECMA: list[tuple[str, str, bool | None]] = [
    ("^[^]$", "\n", True),
    ("[]", "a", False),
    ("a$", "a\n", False),
    ("^\\d+$", "\u0663", False),
    ("^\\s$", "\u00a0", True),
    ("^.$", "\u2028", False),
    ("^\\u{1F600}$", "\U0001f600", True),
    ("[[a]", "[", True),
    ("^[a-z&&b]+$", "&b", True),
    ("^a{,3}$", "a{,3}", True),
    ("^[\\b]$", "\b", True),
    ("(a)|\\1b", "b", True),
    ("^(?<n>a)\\k<n>$", "aa", True),
    ("^\\/\\-$", "/-", True),
    ("(?<=a+)b", "aab", True),
    ("^\\p{Script=Greek}$", "\u03b1", True),
    ("(?i)a", "A", None),
    ("a++", "a", None),
]


@pytest.mark.parametrize(("pattern", "text", "matches"), JAVA)
def test_matches_as_java_does(pattern: str, text: str, matches: bool | None) -> None:
    if matches is None:
        with pytest.raises(PatternError):
            java(pattern)
    else:
        assert java(pattern).whole(text) is matches


@pytest.mark.parametrize(("pattern", "text", "found"), ECMA)
def test_finds_as_javascript_does(pattern: str, text: str, found: bool | None) -> None:
    if found is None:
        with pytest.raises(PatternError):
            ecma(pattern)
    else:
        assert ecma(pattern).found(text) is found


def test_gives_up_on_an_expression_that_would_try_for_ages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.2)
    began = time.monotonic()
    with pytest.raises(TooSlow):
        java("(a|aa)+$").whole("a" * 60 + "!")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("pattern", ["(" * 5000, "[" * 5000, "a{99999999999}", "(?<a>" * 400 + ")" * 400])
def test_refuses_an_expression_without_an_end(pattern: str) -> None:
    with pytest.raises(PatternError):
        java(pattern)


def test_every_pattern_of_the_schemas_can_be_read() -> None:
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

    def below(node: object) -> list[str]:
        if isinstance(node, list):
            return [found for item in node for found in below(item)]
        if not isinstance(node, dict):
            return []
        own = [node["pattern"]] if isinstance(node.get("pattern"), str) else []
        keys = list(node["patternProperties"]) if isinstance(node.get("patternProperties"), dict) else []
        return [*own, *keys, *(found for item in node.values() for found in below(item))]

    kinds = [k for k in PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1") if k.split("::")[1] in
             ("AutoScaling", "CloudFormation", "CodeBuild", "CodePipeline", "EC2", "Events", "IAM", "SNS", "SageMaker")]  # fmt: skip
    found = {p for kind in kinds for p in below(PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema)}
    assert len(found) > 300
    for pattern in found:
        of_schema(pattern)


def test_a_property_is_held_against_a_pattern_that_only_java_reads() -> None:
    said = "failed validation constraint for keyword [pattern]"
    faults = validation.faults(
        "AWS::Amplify::App", {"Name": "shop", "Description": "a\nb", "BasicAuthConfig": {"Password": ""}}
    )
    assert [fault for fault in faults if said in fault and fault.startswith("#/Description")] == []
    assert any(fault.startswith("#/BasicAuthConfig/Password") for fault in faults)
