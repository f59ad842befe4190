"""Runtimes that a buildspec asks for. https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html"""

from __future__ import annotations

from rehearsal.tests.codebuild.conftest import Make

SPEC = "version: 0.2\nphases:\n  install: {{runtime-versions: {wanted}}}\n  build:\n    commands: ['node --version']\n"


def test_a_build_has_the_node_that_it_asks_for(project: Make, run: Make, log: Make) -> None:
    build = run(project(SPEC.format(wanted="{nodejs: 24, python: 3.x}")))
    assert build["buildStatus"] == "SUCCEEDED"
    text = log(build)
    assert "\nv24." in text.replace("\r", "")
    assert "runtime-versions python 3.x: a rehearsal's build uses the tools of this machine instead" in text


def test_a_runtime_that_is_not_there_is_told(project: Make, run: Make, log: Make) -> None:
    build = run(project(SPEC.format(wanted="{nodejs: 22}")))
    assert "runtime-versions nodejs 22: a rehearsal's build uses the tools of this machine instead" in log(build)
