"""Which rule a request meets.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
"""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.services.elb.rules import Request, Rule, choose, holds, in_order, redirect_location

ASKED = Request("GET", "Shop.Example.com:8080", "/img/a.png", "v=1&Beta=Yes", [("user-agent", "curl/8")], "10.1.1.5")

CONDITIONS: list[tuple[dict[str, Any], bool]] = [
    ({"Field": "host-header", "Values": ["*.example.com"]}, True),
    ({"Field": "host-header", "HostHeaderConfig": {"Values": ["example.com"]}}, False),
    ({"Field": "path-pattern", "Values": ["/img/*"]}, True),
    ({"Field": "path-pattern", "PathPatternConfig": {"Values": ["/IMG/*", "/?"]}}, False),
    ({"Field": "path-pattern", "PathPatternConfig": {"Values": ["/img/?.png"]}}, True),
    ({"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["POST", "GET"]}}, True),
    ({"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "User-Agent", "Values": ["*CURL*"]}}, True),
    ({"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "Accept", "Values": ["*"]}}, False),
    ({"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "beta", "Value": "y*"}]}}, True),
    ({"Field": "query-string", "QueryStringConfig": {"Values": [{"Value": "2"}]}}, False),
    ({"Field": "source-ip", "SourceIpConfig": {"Values": ["10.1.0.0/16"]}}, True),
    ({"Field": "source-ip", "SourceIpConfig": {"Values": ["10.2.0.0/16"]}}, False),
]


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS)
def test_a_condition_holds_as_documented(condition: dict[str, Any], expected: bool) -> None:
    assert holds(condition, ASKED) is expected


def test_the_lowest_priority_wins_and_the_default_comes_last() -> None:
    rules = in_order([Rule("default", [], []), Rule(20, [], []), Rule(3, [{"Field": "path-pattern", "Values": ["/x"]}], [])])
    assert [r.priority for r in rules] == [3, 20, "default"]
    assert choose(rules, ASKED).priority == 20


def test_a_redirect_keeps_what_it_does_not_change() -> None:
    """rule-action-types.html#redirect-actions"""
    assert redirect_location({"Protocol": "HTTPS", "Port": "443"}, ASKED, "http", 80) == (
        "https://Shop.Example.com:443/img/a.png?v=1&Beta=Yes"
    )
    assert redirect_location({"Host": "new.#{host}", "Path": "/old/#{path}", "Query": ""}, ASKED, "http", 80) == (
        "http://new.Shop.Example.com:80/old/img/a.png"
    )
