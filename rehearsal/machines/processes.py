"""Processes of the rehearsal, found again by what they are: a pid with its start time, or their namespace."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from rehearsal.machines import names


def started(pid: int) -> str | None:
    """A process's start time in clock ticks since boot; with the pid it names one process for good."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except OSError:
        return None


def write(file: Path, pid: int) -> None:
    file.write_text(f"{pid} {started(pid)}")


def read(file: Path) -> int | None:
    """The pid in a file that `write` wrote, if that very process still runs."""
    try:
        pid, start = file.read_text().split()
    except (OSError, ValueError):
        return None
    return int(pid) if started(int(pid)) == start else None


def end(pid: int, patience: float = 0.0) -> None:
    """Asks with SIGTERM and gives `patience` seconds, then kills; returns when the process is gone."""
    start = started(pid)
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 10.0)):
        if number == signal.SIGTERM and not patience:
            continue
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if _gone(pid, start):
                return
            time.sleep(0.01)


def _gone(pid: int, start: str | None) -> bool:
    """A zombie counts as gone: its parent may be busy elsewhere."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return True
    return fields[19] != start or fields[0] == "Z"


def inside(wanted: int) -> list[int]:
    """All processes whose network is the namespace with this inode."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                if os.stat(f"/proc/{entry}/ns/net").st_ino == wanted:
                    found.append(int(entry))
            except OSError:
                continue  # it ended meanwhile
    return found


def end_inside(namespace: str) -> None:
    """Kills everything in a namespace."""
    try:
        held = os.open(names.NETNS / namespace, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return  # there is none
    try:
        end_in(os.fstat(held).st_ino)
    finally:
        os.close(held)


def end_in(wanted: int) -> None:
    """Kills everything in the namespace with this inode, which the caller holds open: the number is given anew else.

    A process that forks meanwhile is met in the next round.
    """
    for _ in range(20):
        pids = [pid for pid in inside(wanted) if pid != os.getpid()]
        if not pids:
            return
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.02)
