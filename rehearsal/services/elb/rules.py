"""Which action a listener takes for a request.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from rehearsal.kernel.wildcards import like


@dataclass(frozen=True)
class Request:
    """What conditions look at. `headers` have lower-case names."""

    method: str
    host: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    source: str


@dataclass(frozen=True)
class Rule:
    """Priority is the number, or "default"."""

    priority: int | str
    conditions: list[dict[str, Any]]
    actions: list[dict[str, Any]]


def _like(text: str, patterns: list[str], ignore_case: bool) -> bool:
    return any(like(p, text, ignore_case) for p in patterns)


def _values(condition: dict[str, Any], config: str) -> list[Any]:
    return (condition.get(config) or {}).get("Values") or condition.get("Values") or []


def _query_holds(condition: dict[str, Any], query: str) -> bool:
    pairs = parse_qsl(query, keep_blank_values=True)
    return any(
        ("Key" not in wanted or _like(key, [wanted["Key"]], True)) and _like(value, [wanted["Value"]], True)
        for wanted in _values(condition, "QueryStringConfig")
        for key, value in pairs
    )


def _source_holds(values: list[str], source: str) -> bool:
    address = ipaddress.ip_address(source)
    return any(address in ipaddress.ip_network(cidr, strict=False) for cidr in values)


def holds(condition: dict[str, Any], request: Request) -> bool:
    """Host names and query strings ignore case, paths and methods do not."""
    match condition["Field"]:
        case "host-header":
            name = request.host.rsplit(":", 1)[0] if ":" in request.host else request.host
            return _like(name, _values(condition, "HostHeaderConfig"), True)
        case "path-pattern":
            return _like(request.path, _values(condition, "PathPatternConfig"), False)
        case "http-request-method":
            return request.method in _values(condition, "HttpRequestMethodConfig")
        case "http-header":
            name = condition["HttpHeaderConfig"]["HttpHeaderName"].lower()
            patterns = _values(condition, "HttpHeaderConfig")
            return any(_like(value, patterns, True) for key, value in request.headers if key == name)
        case "query-string":
            return _query_holds(condition, request.query)
        case "source-ip":
            return _source_holds(_values(condition, "SourceIpConfig"), request.source)
    return False


def choose(rules: list[Rule], request: Request) -> Rule:
    """The first rule, in the order of priorities, all of whose conditions hold; the default rule is the last."""
    for rule in rules:
        if all(holds(c, request) for c in rule.conditions):
            return rule
    raise LookupError("a listener without a default rule")


def in_order(rules: list[Rule]) -> list[Rule]:
    return sorted(rules, key=lambda r: float("inf") if r.priority == "default" else int(r.priority))


def redirect_location(config: dict[str, Any], request: Request, scheme: str, port: int) -> str:
    """Fills #{protocol}, #{host}, #{port}, #{path} and #{query} as in
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html#redirect-actions"""
    host = request.host.rsplit(":", 1)[0] if ":" in request.host else request.host
    known = {
        "protocol": scheme,
        "host": host,
        "port": str(port),
        "path": request.path.lstrip("/"),
        "query": request.query,
    }

    def fill(text: str) -> str:
        return re.sub(r"#\{(protocol|host|port|path|query)\}", lambda m: known[m.group(1)], text)

    protocol = fill(config.get("Protocol") or "#{protocol}").lower()
    to_port = fill(config.get("Port") or "#{port}")
    query = fill(config.get("Query") if config.get("Query") is not None else "#{query}")
    path = fill(config.get("Path") or "/#{path}")
    location = f"{protocol}://{fill(config.get('Host') or '#{host}')}:{to_port}{path}"
    return location + (f"?{query}" if query else "")
