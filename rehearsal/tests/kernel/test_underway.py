"""Which requests are at work, and what a rehearsal died of."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rehearsal import cli, keeper, report
from rehearsal.kernel import underway
from rehearsal.kernel.settings import settings
from rehearsal.tests.conftest import client_of, post

# They start processes.
pytestmark = pytest.mark.server

# What `serve` does before it serves, and then a request that ends it: through a pointer into nothing, or a signal.
DYING = """
    import ctypes, faulthandler, os, sys
    sys.path.insert(0, {root!r})
    from rehearsal import cli
    from rehearsal.kernel import server, underway
    from rehearsal.kernel.settings import settings

    def die():
        (settings.state_dir / "ready").write_text("ready")
        number = underway.begin("4711", "cloudformation")
        underway.tell(number, "cloudformation", "CreateChangeSet", "arn:aws:iam::123456789012:role/deploy")
        underway.end(underway.begin("4712", "s3"))
        {death}

    server.serve = die
    settings.name = {name!r}
    sys.exit(cli.serve())
"""


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(settings, "name", f"pytest-dying-{time.monotonic_ns() % 10**8}")
    settings.state_dir.mkdir(parents=True)
    yield settings.state_dir
    shutil.rmtree(settings.state_dir, ignore_errors=True)
    settings.crash_log.unlink(missing_ok=True)


def die(folder: Path, death: str) -> int:
    script = textwrap.dedent(DYING).format(root=str(Path(cli.__file__).parents[1]), name=settings.name, death=death)
    command = [sys.executable, "-m", "rehearsal.keeper", sys.executable, "-c", script, "--name", settings.name]
    with open(folder / "log", "ab") as log:
        return subprocess.run(command, stdout=log, stderr=log, check=False, timeout=60).returncode


def test_a_request_is_listed_while_it_is_at_work(aws: Callable[..., Any], fresh: str) -> None:
    post(fresh, "/_rehearsal/faults", {"kind": "latency", "seconds": 2, "operation": "DescribeParameters"})
    thread = threading.Thread(target=client_of(fresh, "ssm").describe_parameters)
    thread.start()
    end = time.monotonic() + 2
    found: list[dict[str, Any]] = []
    while not found and time.monotonic() < end:
        with urllib.request.urlopen(fresh + "/_rehearsal/status", timeout=10) as reply:
            status = json.load(reply)
        found = [r for r in status["underway"] if r["operation"] == "DescribeParameters"]
    assert (found[0]["service"], found[0]["principal"]) == ("ssm", "arn:aws:iam::123456789012:root")
    shown = [line for line in report.lines(status) if line.startswith("at work ")]
    assert shown[0].startswith("at work         ssm:DescribeParameters of arn:aws:iam::123456789012:root, for ")
    post(fresh, "/moto-api/reset")
    thread.join()
    with urllib.request.urlopen(fresh + "/_rehearsal/status", timeout=10) as reply:
        assert json.load(reply)["underway"] == []


def test_tells_what_it_died_of_and_which_request_was_at_work(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert die(folder, "ctypes.string_at(0)") == 1
    log = (folder / "log").read_text()
    assert "Fatal Python error: Segmentation fault" in log
    assert "in string_at" in log
    words = "while cloudformation:CreateChangeSet of arn:aws:iam::123456789012:role/deploy (request 4711) was at work"
    assert "died of signal 11 (SIGSEGV) at 20" in log.splitlines()[-1]
    assert log.splitlines()[-1].endswith(words)
    assert cli.status(False) == 1
    assert words in capsys.readouterr().err
    assert cli.status(True) == 1
    died = json.loads(capsys.readouterr().out)["died"]
    assert (died["signal"], [r["id"] for r in died["requests"]]) == (11, ["4711"])
    cli.tell_death()
    assert settings.crash_log.read_text() == log
    said = capsys.readouterr().err
    assert "Fatal Python error: Segmentation fault" in said
    assert str(settings.crash_log) in said


def test_a_death_that_nobody_saw_is_told_all_the_same(folder: Path) -> None:
    die(folder, "os.kill(os.getpid(), 9)")
    assert cli.died() is not None
    (folder / keeper.FILE).unlink()
    told = keeper.told(cli.died() or {})
    assert told.startswith("died without a word while cloudformation:CreateChangeSet of arn:aws:iam::")


def test_an_end_in_order_is_no_death(folder: Path) -> None:
    assert die(folder, "return 0") == 0
    assert cli.died() is None


def test_more_requests_than_the_file_has_room_for_are_remembered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(underway, "_map", None)
    underway.keep_in(folder)
    numbers = [underway.begin(str(n), "s3") for n in range(underway.SLOTS + 3)]
    underway.tell(numbers[0], "s3", "GetObject", "x" * 2 * underway.SIZE)
    assert len(underway.listed()) == underway.SLOTS + 3
    assert len(underway.left(folder)) == underway.SLOTS
    for number in numbers:
        underway.end(number)
    assert underway.left(folder) == []
    underway.end(underway.begin("last", "s3"))
