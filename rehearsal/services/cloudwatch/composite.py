"""Rules of composite alarms: ALARM("a") AND NOT OK(b) ...

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html (AlarmRule)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

# From a lookup of an alarm's state by name (None: there is no such alarm) to the rule's truth.
Lookup = Callable[[str], "str | None"]
Node = Callable[[Lookup], bool]

_STATES = ("ALARM", "OK", "INSUFFICIENT_DATA")
_TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([()])|([^\s()"]+))')


class BadRule(ValueError):
    """The rule cannot be read."""


@dataclass(frozen=True)
class Rule:
    holds: Node
    children: frozenset[str]


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = [(m.group(1), m.group(2) or m.group(3)) for m in _TOKEN.finditer(text)]
        self.children: set[str] = set()

    def word(self) -> str | None:
        return self.tokens[0][1] if self.tokens else None

    def take(self, wanted: str | None = None) -> tuple[str | None, str | None]:
        if not self.tokens or (wanted is not None and self.tokens[0][1] != wanted):
            raise BadRule(f"expected {wanted or 'more'}")
        return self.tokens.pop(0)

    def either(self) -> Node:
        left = self.both()
        while self.word() == "OR":
            self.take()
            left = _or(left, self.both())
        return left

    def both(self) -> Node:
        left = self.single()
        while self.word() == "AND":
            self.take()
            left = _and(left, self.single())
        return left

    def single(self) -> Node:
        _, word = self.take()
        if word == "NOT":
            inner = self.single()
            return lambda look: not inner(look)
        if word == "(":
            grouped = self.either()
            self.take(")")
            return grouped
        if word in ("TRUE", "FALSE"):
            return lambda look: word == "TRUE"
        if word in _STATES:
            return self.state(str(word))
        raise BadRule(f"unexpected {word!r}")

    def state(self, state: str) -> Node:
        self.take("(")
        quoted, word = self.take()
        name = (quoted if quoted is not None else word or "").rsplit(":alarm:", 1)[-1]
        self.take(")")
        self.children.add(name)
        return lambda look: look(name) == state


def _or(left: Node, right: Node) -> Node:
    return lambda look: left(look) or right(look)


def _and(left: Node, right: Node) -> Node:
    return lambda look: left(look) and right(look)


def parse(text: str) -> Rule:
    """@raises BadRule."""
    parser = _Parser(text)
    node = parser.either()
    if parser.tokens:
        raise BadRule("unexpected text after the rule")
    return Rule(node, frozenset(parser.children))
