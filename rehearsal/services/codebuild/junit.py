"""JUnit XML read as CodeBuild's test cases. https://docs.aws.amazon.com/codebuild/latest/userguide/test-reporting.html"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from typing import Any

_STATES = {"failure": "FAILED", "error": "ERROR", "skipped": "SKIPPED"}


def cases(text: str) -> list[dict[str, Any]]:
    """Test cases as DescribeTestCases returns them, without the report's ARN.

    @raises ValueError for a text that is not JUnit's XML.
    """
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from error
    if root.tag not in ("testsuites", "testsuite"):
        raise ValueError(f"unexpected root element {root.tag}")
    return [_case(suite, case) for suite, case in _walk(root, root.get("name", ""))]


def _walk(node: ElementTree.Element, suite: str) -> Iterator[tuple[str, ElementTree.Element]]:
    for child in node:
        if child.tag == "testcase":
            yield suite, child
        elif child.tag == "testsuite":
            yield from _walk(child, child.get("name", suite))


def _case(suite: str, case: ElementTree.Element) -> dict[str, Any]:
    status, message = "SUCCEEDED", ""
    for child in case:
        if child.tag in _STATES:
            status = _STATES[child.tag]
            message = child.get("message") or (child.text or "").strip()
    seconds = case.get("time", "0").replace(",", "")
    return {
        "name": case.get("name", ""),
        "prefix": case.get("classname", ""),
        "testSuiteName": suite,
        "status": status,
        "durationInNanoSeconds": int(float(seconds or 0) * 1e9),
        "message": message[:5000],
    }


def summary(found: list[dict[str, Any]]) -> dict[str, Any]:
    counts = dict.fromkeys(("SUCCEEDED", "FAILED", "ERROR", "SKIPPED", "UNKNOWN"), 0)
    for case in found:
        counts[case["status"]] += 1
    return {
        "total": len(found),
        "statusCounts": counts,
        "durationInNanoSeconds": sum(case["durationInNanoSeconds"] for case in found),
    }
