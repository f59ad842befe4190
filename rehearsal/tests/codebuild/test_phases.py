"""Phases of builds that run, and how a build ends.

https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html
"""

from __future__ import annotations

import subprocess
import time

import pytest

from rehearsal.tests.codebuild.conftest import Make, context, finished, statuses


def test_a_build_runs_its_phases_and_exports_its_variables(project: Make, run: Make, log: Make) -> None:
    name = project(
        "version: 0.2\nenv:\n  shell: bash\n  variables: {A: one}\n  exported-variables: [OUT]\nphases:\n"
        "  install:\n    commands: ['export B=two', 'mkdir d && cd d']\n"
        "  build:\n    commands: ['export OUT=\"$A $B $(basename $PWD)\"']\n"
        "  post_build:\n    commands: ['echo said $OUT']\n"
    )
    build = run(name, environmentVariablesOverride=[{"name": "A", "value": "mine"}])
    assert build["buildStatus"] == "SUCCEEDED"
    assert build["exportedEnvironmentVariables"] == [{"name": "OUT", "value": "mine two d"}]
    assert list(statuses(build)) == [
        "SUBMITTED", "QUEUED", "PROVISIONING", "DOWNLOAD_SOURCE", "INSTALL", "PRE_BUILD", "BUILD", "POST_BUILD",
        "UPLOAD_ARTIFACTS", "FINALIZING", "COMPLETED",
    ]  # fmt: skip
    assert build["logs"]["groupName"] == f"/aws/codebuild/{name}"
    assert "said mine two d" in log(build)


def test_a_failed_build_phase_still_runs_post_build(project: Make, run: Make, log: Make) -> None:
    name = project(
        "version: 0.2\nphases:\n  build:\n    commands: [exit 3, echo never]\n    finally: [echo last]\n"
        "  post_build:\n    commands: ['echo succeeding=$CODEBUILD_BUILD_SUCCEEDING']\n"
    )
    build = run(name)
    assert (build["buildStatus"], statuses(build)["POST_BUILD"]) == ("FAILED", "SUCCEEDED")
    assert context(build, "BUILD") == {
        "statusCode": "COMMAND_EXECUTION_ERROR",
        "message": "Error while executing command: exit 3. Reason: exit status 3",
    }
    text = log(build)
    assert "succeeding=0" in text and "\nlast\n" in f"\n{text}".replace("   ", "") and "\nnever\n" not in text


def test_a_failed_pre_build_ends_the_build_unless_told_to_continue(project: Make, run: Make) -> None:
    spec = "version: 0.2\nphases:\n  pre_build:\n{how}    commands: ['false']\n  build:\n    commands: ['true']\n"
    stopped = run(project(spec.format(how=""), "stops"))
    assert "BUILD" not in statuses(stopped) and stopped["buildStatus"] == "FAILED"
    gone_on = run(project(spec.format(how="    on-failure: CONTINUE\n"), "goes-on"))
    assert statuses(gone_on)["BUILD"] == "SUCCEEDED"


def test_a_malformed_buildspec_fails_download_source_with_its_line(project: Make, run: Make) -> None:
    build = run(project("version: 0.2\nphases:\n  build: [\n"))
    assert context(build, "DOWNLOAD_SOURCE")["statusCode"] == "YAML_FILE_ERROR"
    assert "line 4" in context(build, "DOWNLOAD_SOURCE")["message"]


def test_stop_build_kills_every_process_of_the_build(aws: Make, project: Make) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StopBuild.html"""
    mark = f"31{int(time.time()) % 100000}"
    name = project(
        f"version: 0.2\nphases:\n  build:\n    commands: ['(setsid sleep {mark} &) ; sleep {mark}']\n    finally: [echo never]\n"
    )
    codebuild = aws("codebuild")
    build_id = codebuild.start_build(projectName=name)["build"]["id"]
    deadline = time.monotonic() + 10
    while _sleeping(mark) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    codebuild.stop_build(id=build_id)
    build = finished(codebuild, build_id)
    assert (build["buildStatus"], statuses(build)["BUILD"]) == ("STOPPED", "STOPPED")
    assert _sleeping(mark) == 0


def _sleeping(mark: str) -> int:
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return sum(line == f"sleep {mark}" for line in found.splitlines())


def test_a_build_that_runs_too_long_is_timed_out(
    aws: Make, project: Make, run: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html: five minutes at least."""
    # Three seconds in all: on a busy machine a build may need one before its first command.
    monkeypatch.setattr("rehearsal.services.codebuild.limits.MINUTE", 0.6)
    build = run(project("version: 0.2\nphases:\n  build:\n    commands: [sleep 60]\n", timeoutInMinutes=5))
    assert (build["buildStatus"], statuses(build)["BUILD"]) == ("TIMED_OUT", "TIMED_OUT")
    assert context(build, "BUILD")["statusCode"] == "BUILD_TIMED_OUT"


def test_time_limits_are_real_at_any_speed(project: Make, run: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build's work is real: 5 minutes at speed 600 would be half a second."""
    monkeypatch.setattr("rehearsal.kernel.settings.settings.speed", 600.0)
    name = project("version: 0.2\nphases:\n  build:\n    commands: [sleep 1]\n", timeoutInMinutes=5)
    assert run(name)["buildStatus"] == "SUCCEEDED"


def test_a_build_that_queues_too_long_is_timed_out(project: Make, run: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/userguide/builds-working.html: without a limit of the project a
    build above the account's waits, as long as its queue timeout says."""
    monkeypatch.setattr("rehearsal.services.codebuild.limits.MINUTE", 0.05)
    monkeypatch.setattr("rehearsal.services.codebuild.limits.BUILDS", 0)
    name = project("version: 0.2\nphases:\n  build:\n    commands: [x]\n", queuedTimeoutInMinutes=5)
    build = run(name)
    assert (build["buildStatus"], statuses(build)["QUEUED"]) == ("TIMED_OUT", "TIMED_OUT")
