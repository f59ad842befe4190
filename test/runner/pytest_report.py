"""A pytest plugin that writes one JSON line a test: title (name, first line of its docstring), file, result, time."""

from __future__ import annotations

import json
import os
from collections.abc import Generator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--results", help="file to append one JSON line a test to")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    told = report.when == "call" or report.failed or (report.when == "setup" and report.skipped)
    path = item.config.getoption("--results")
    if told and path:
        line = {
            "title": _title(item),
            "file": os.path.relpath(item.path),
            # A skipped test proves nothing and hides something: it counts as failed.
            "passed": report.passed,
            "seconds": round(report.duration, 3),
            "error": "" if report.passed else report.longreprtext or "skipped",
        }
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    return report


def _title(item: pytest.Item) -> str:
    doc = (getattr(getattr(item, "function", None), "__doc__", None) or "").strip().splitlines()
    name = item.nodeid.replace("rehearsal/tests/", "")
    return f"{name}: {doc[0]}" if doc else name
