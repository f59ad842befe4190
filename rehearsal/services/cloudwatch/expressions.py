"""Metric math, as much of it as alarms commonly use. What is not known is refused when the alarm is made.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from rehearsal.services.cloudwatch.metric_math import FUNCTIONS, OPERATORS, Scope, Several, Value, each

Node = Callable[[Scope], Value]

_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\|\||&&|[<>!=]=|[-+*/^<>(),\[\]!]))")
_LEVELS = (("OR", "||"), ("AND", "&&"), ("==", "!=", "<", ">", "<=", ">="), ("+", "-"), ("*", "/"), ("^",))
_SAME = {"||": "OR", "&&": "AND"}


class BadExpression(ValueError):
    """The expression cannot be read, or uses something that is not done here."""


class _Parser:
    """Recursive descent over the levels of precedence."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        at = 0
        text = text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if not found:
                raise BadExpression(f"unexpected '{text[at:].strip()[:1]}'")
            self.tokens.append(found.group(0).strip())
            at = found.end()
        self.names: set[str] = set()

    def peek(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self, wanted: str = "") -> str:
        if not self.tokens or (wanted and self.tokens[0] != wanted):
            raise BadExpression(f"expected '{wanted or 'a value'}' but found '{self.peek() or 'the end'}'")
        return self.tokens.pop(0)

    def level(self, depth: int = 0) -> Node:
        if depth == len(_LEVELS):
            return self.unary()
        left = self.level(depth + 1)
        while self.peek() in _LEVELS[depth]:
            name = self.take()
            left = _binary(OPERATORS[_SAME.get(name, name)], left, self.level(depth + 1))
        return left

    def unary(self) -> Node:
        if self.peek() == "-":
            self.take()
            inner = self.unary()
            return lambda scope: each(lambda a: -a, scope, inner(scope))
        if self.peek() in ("NOT", "!"):
            self.take()
            denied = self.unary()
            return lambda scope: each(lambda a: float(not a), scope, denied(scope))
        return self.atom()

    def atom(self) -> Node:
        token = self.take()
        if token == "(":
            inner = self.level()
            self.take(")")
            return inner
        if token == "[":
            members = self.arguments("]")
            return lambda scope: Several([m(scope) for m in members])
        if token[0].isdigit():
            number = float(token)
            return lambda scope: number
        if self.peek() == "(" and token.isupper():
            return self.function(token)
        if token == "REPEAT":
            return lambda scope: token  # type: ignore[return-value]
        if not token[0].islower():
            raise BadExpression(f"unknown name '{token}'")
        self.names.add(token)
        return lambda scope: scope.series[token]

    def function(self, name: str) -> Node:
        self.take("(")
        arguments = self.arguments(")")
        if name == "METRICS" and not arguments:
            return lambda scope: Several([scope.series[m] for m in scope.metrics])
        if name not in FUNCTIONS:
            raise BadExpression(f"the function {name} is not implemented by the rehearsal")
        function, least, most = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            raise BadExpression(f"{name} takes {least} to {most} arguments")
        return lambda scope: function(scope, [a(scope) for a in arguments])

    def arguments(self, end: str) -> list[Node]:
        found: list[Node] = []
        while self.peek() != end:
            found.append(self.level())
            if self.peek() == ",":
                self.take()
            elif self.peek() != end:
                raise BadExpression(f"expected '{end}' but found '{self.peek() or 'the end'}'")
        self.take(end)
        return found


def _binary(operator: Callable[[float, float], float | None], left: Node, right: Node) -> Node:
    return lambda scope: each(operator, scope, left(scope), right(scope))


@dataclass(frozen=True)
class Expression:
    evaluate: Node
    names: frozenset[str]


def parse(text: str) -> Expression:
    """@raises BadExpression."""
    parser = _Parser(text)
    node = parser.level()
    if parser.tokens:
        raise BadExpression(f"unexpected '{parser.peek()}'")
    return Expression(node, frozenset(parser.names))
