"""The pure parts of a build: file patterns, JUnit, variables, what is kept of the machine's environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.services.codebuild import environment, files, host, junit
from rehearsal.services.codebuild.buildspec import parse
from rehearsal.services.codebuild.logs import Log


def test_patterns_name_files_and_never_directories_alone(tmp_path: Path) -> None:
    for name in ("a.txt", "sub/b.txt", "sub/deep/.hidden"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    found = {str(p) for p in files.matching(tmp_path, ["**/*"])}
    assert found == {"a.txt", "sub/b.txt", "sub/deep/.hidden"}
    assert files.matching(tmp_path, ["sub"]) == []
    assert [str(p) for p in files.matching(tmp_path, ["**/*"], ["sub/*"])] == ["a.txt"]


def test_an_archive_keeps_permissions_and_may_not_leave_its_place(tmp_path: Path) -> None:
    script = tmp_path / "run.sh"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    files.archive(tmp_path / "x.zip", [(script, "bin/run.sh")])
    files.unpack(tmp_path / "x.zip", tmp_path / "out")
    assert (tmp_path / "out/bin/run.sh").stat().st_mode & 0o777 == 0o755
    files.archive(tmp_path / "bad.zip", [(script, "../evil.sh")])
    with pytest.raises(ValueError, match="leaves the archive"):
        files.unpack(tmp_path / "bad.zip", tmp_path / "out")


def test_junit_becomes_test_cases() -> None:
    """https://docs.aws.amazon.com/codebuild/latest/APIReference/API_TestCase.html"""
    text = """<testsuites name="all"><testsuite name="s"><testcase classname="c" name="good" time="0.25"/>
    <testcase name="bad"><failure message="no"/></testcase><testcase name="worse"><error>text</error></testcase>
    <testcase name="later"><skipped/></testcase></testsuite></testsuites>"""
    cases = junit.cases(text)
    assert [(c["name"], c["status"]) for c in cases] == [
        ("good", "SUCCEEDED"), ("bad", "FAILED"), ("worse", "ERROR"), ("later", "SKIPPED"),
    ]  # fmt: skip
    assert cases[0]["durationInNanoSeconds"] == 250_000_000
    assert (cases[1]["message"], cases[2]["message"]) == ("no", "text")
    assert junit.summary(cases)["statusCounts"]["FAILED"] == 1
    with pytest.raises(ValueError, match="unexpected root"):
        junit.cases("<html/>")


def test_the_project_overrides_the_buildspec_and_secrets_are_told_apart() -> None:
    """https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html"""
    spec = parse(
        "version: 0.2\nenv:\n  variables: {A: spec, B: spec}\n  secrets-manager: {S: 'id:key'}\n"
        "phases: {build: {commands: [x]}}"
    )
    declared = [
        {"name": "B", "value": "project", "type": "PLAINTEXT"},
        {"name": "P", "value": "/p", "type": "PARAMETER_STORE"},
    ]
    values, secrets = environment.resolved(
        spec, declared, lambda name: f"value of {name}", lambda *_: '{"key": "hidden"}'
    )
    assert values == {"A": "spec", "B": "project", "S": "hidden", "P": "value of /p"}
    assert sorted(secrets) == ["hidden", "value of /p"]
    with pytest.raises(environment.VariableError, match="S: "):
        environment.resolved(spec, [], lambda _: "", lambda *_: "{}")


def test_a_log_masks_secrets() -> None:
    log = Log(None, "", "")
    log.hide(["hidden-value"])
    log.line("the hidden-value stands here")
    assert log.all == ["the *** stands here"]


def test_of_the_machine_only_tools_and_the_way_to_registries_are_kept(tmp_path: Path) -> None:
    (tmp_path / ".npmrc").write_text("")
    kept = host.remember(
        {"PATH": "/bin", "AWS_SECRET_ACCESS_KEY": "x", "HOME": "/root", "https_proxy": "http://proxy:1", "GITHUB_TOKEN": "x",
         "SSL_CERT_FILE": "/ca.pem"},
        tmp_path,
    )  # fmt: skip
    assert set(kept) == {"PATH", "https_proxy", "no_proxy", "NO_PROXY", "SSL_CERT_FILE", "NPM_CONFIG_USERCONFIG"}
    assert kept["PATH"].endswith(":/bin")
    assert host.environment(("127.0.0.1",))["no_proxy"] == "127.0.0.1"
    host.remember()
