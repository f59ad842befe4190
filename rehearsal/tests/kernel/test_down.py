"""Ending a rehearsal, however its processes take it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rehearsal import cli

# They start processes.
pytestmark = pytest.mark.server

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
WILLING = "import time; print(flush=True); time.sleep(60)"


def begin(program: str) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    return child


@pytest.mark.parametrize(("serving", "keeping"), [(STUBBORN, WILLING), (WILLING, STUBBORN), (STUBBORN, STUBBORN)])
def test_ends_both_processes_whichever_does_not_hear(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], serving: str, keeping: str
) -> None:
    server, keeper = begin(serving), begin(keeping)
    cleaned: list[bool] = []
    monkeypatch.setattr(cli, "running_pid", lambda: server.pid)
    monkeypatch.setattr(cli, "keeper_of", lambda _pid: keeper.pid)
    monkeypatch.setattr(cli, "clean", lambda: cleaned.append(True))
    monkeypatch.setattr(cli, "END_SECONDS", 0.2)
    try:
        assert cli.down() == 0
        if serving == WILLING:
            server.wait(5)
        if keeping == STUBBORN:
            assert keeper.wait(5) == -9
        if serving == STUBBORN:
            assert server.wait(5) == -9
        assert cleaned == [True]
        assert "killing what is left of it" in capsys.readouterr().err
    finally:
        for child in (server, keeper):
            child.kill()
            child.wait()
