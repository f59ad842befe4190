"""https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html"""

from __future__ import annotations

import pytest

from rehearsal.services.codebuild.buildspec import BuildspecError, parse

WHOLE = """
version: 0.2
env:
  shell: bash
  variables: {A: 1, FLAG: true, EMPTY: }
  parameter-store: {P: /x/p}
  secrets-manager: {S: "secret:key"}
  exported-variables: [A, OUT]
phases:
  install:
    runtime-versions: {nodejs: 22, python: 3.x}
    on-failure: ABORT
    commands: [echo one, "echo two"]
    finally: [echo last]
  build:
    commands:
      - |
        echo several
        echo lines
artifacts:
  files: ["**/*"]
  base-directory: out
  secondary-artifacts:
    second: {files: [a.txt], discard-paths: yes}
reports:
  unit: {files: ["*.xml"], base-directory: reports}
cache: {paths: ["node_modules/**/*"]}
"""


def test_every_documented_part_is_read() -> None:
    spec = parse(WHOLE)
    assert spec.shell == "bash"
    assert spec.variables == {"A": "1", "FLAG": "true", "EMPTY": ""}
    assert (spec.parameters, spec.secrets) == ({"P": "/x/p"}, {"S": "secret:key"})
    assert spec.exported == ("A", "OUT")
    assert spec.phases["install"].finally_ == ("echo last",)
    assert spec.phases["install"].on_failure == "ABORT"
    assert spec.phases["build"].commands == ("echo several\necho lines\n",)
    assert spec.artifacts is not None and spec.artifacts.base == "out"
    assert spec.secondary["second"].discard_paths
    assert spec.reports["unit"].files == ("*.xml",)


PHASES = "version: 0.2\nphases:\n  build:\n    commands: [true]\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version: 0.2\nphases: [", "yaml: line 2"),
        ("version: 0.1\nphases: {}", "invalid buildspec version 0.1"),
        ("- a list", "Expected buildspec to be of map type"),
        ("version: 0.2", "Expected phases to be of map type"),
        (
            "version: 0.2\nphases:\n  deploy: {commands: [x]}",
            "Invalid buildspec phase name: deploy. Expecting: install",
        ),
        ("version: 0.2\nphases:\n  build: {}", "Phase build has no commands"),
        (
            "version: 0.2\nphases:\n  build: {commands: [{a: b}]}",
            "Expected Commands[0] to be of string type: found subkeys",
        ),
        (PHASES + "envs: {}", "unknown key envs"),
        (PHASES + "env: {shell: fish}", "Invalid shell fish"),
        (PHASES + "artifacts: {files: [], secondary-artifacts: {x: {}}}", "Missing files of x"),
        (PHASES + "reports: {r: {files: [x], file-format: CUCUMBERJSON}}", "reads JUNITXML"),
        ("version: 0.2\nphases:\n  install: {runtime-versions: {cobol: 1}}", "Unknown runtime named 'cobol'"),
        (
            "version: 0.2\nphases:\n  install: {runtime-versions: {nodejs: 99}}",
            "Unknown runtime version named '99' of nodejs",
        ),
        ("version: 0.2\nphases:\n  build: {commands: [x], on-failure: IGNORE}", "Invalid on-failure IGNORE"),
    ],
)
def test_a_malformed_buildspec_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(BuildspecError) as caught:
        parse(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (PHASES + "run-as: nobody", "run-as"),
        (PHASES + "proxy: {upload-artifacts: yes}", "proxy"),
        (PHASES + "batch: {fast-fail: true}", "batch"),
        (PHASES + "env: {git-credential-helper: yes}", "env git-credential-helper"),
        (PHASES + "env: {secret-manager: {}}", "env secret-manager"),
        ("version: 0.2\nphases:\n  build: {commands: [x], run-as: nobody}", "run-as of phase build"),
        ("version: 0.2\nphases:\n  build: {commands: [x], on-failure: RETRY}", "on-failure RETRY of phase build"),
        ("version: 0.2\nphases:\n  build: {commands: [x], on-failure: RETRY-3}", "on-failure RETRY-3 of phase build"),
    ],
)
def test_what_is_not_done_here_is_refused_by_its_name(text: str, what: str) -> None:
    with pytest.raises(BuildspecError) as caught:
        parse(text)
    assert str(caught.value) == f"The rehearsal does not implement {what}"
