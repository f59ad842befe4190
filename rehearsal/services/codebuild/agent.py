"""The build host's own process: runs a build's scripts one after another, and takes everything they left with it.

A program of its own, started in the build's network namespace: `python agent.py MARK`. It reads one JSON object a
line: {"argv": [...], "cwd": "...", "env": {...}} runs a script, {"stop": seconds} ends all processes (SIGTERM, SIGKILL
after so many seconds). After a script it prints a line of MARK and the exit status between the scripts' own output.
When its input ends, so does every process below it: a rehearsal that is killed leaves no build behind.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def descendants() -> list[int]:
    """All processes below this one, found by parent ids (daemons too: orphans become this process's children)."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # ended while we looked
            if fields[0] != "Z":
                parents[int(entry.name)] = int(fields[1])
    found: list[int] = []
    below = {os.getpid()}
    while below:
        below = {pid for pid, parent in parents.items() if parent in below}
        found += below
    return found


def end_all(grace: float) -> None:
    """SIGTERM to every process, SIGKILL to what remains after `grace` seconds."""
    if not Path("/proc/self/stat").exists():  # not Linux: the group of the running script is all that can be found
        if running:
            os.killpg(running[0], signal.SIGTERM)
            time.sleep(grace)
            os.killpg(running[0], signal.SIGKILL)
        return
    _signal(signal.SIGTERM)
    deadline = time.monotonic() + grace
    while descendants() and time.monotonic() < deadline:
        time.sleep(0.05)
    for _ in range(100):
        if not _signal(signal.SIGKILL):
            return
        time.sleep(0.02)


def _signal(number: int) -> bool:
    found = descendants()
    for pid in found:
        # One may have ended meanwhile.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
    return bool(found)


running: list[int] = []


def run(request: dict, mark: str) -> None:
    try:
        child = subprocess.Popen(
            request["argv"], cwd=request["cwd"], env=request["env"], stdin=subprocess.DEVNULL, start_new_session=True
        )
    except OSError as error:
        print(f"{error}\n{mark} 127", flush=True)
        return
    running[:] = [child.pid]
    # wait(-1) also reaps daemons of earlier scripts that were handed to this process.
    pid, status = os.wait()
    while pid != child.pid:
        pid, status = os.wait()
    running.clear()
    code = os.waitstatus_to_exitcode(status)
    child.returncode = code
    # A script killed by a signal ends with 128 + the signal's number, as a shell says it.
    print(f"{mark} {code if code >= 0 else 128 - code}", flush=True)


def main() -> None:
    mark = sys.argv[1]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for line in sys.stdin:
        request = json.loads(line)
        if "stop" in request:
            end_all(request["stop"])
        else:
            threading.Thread(target=run, args=(request, mark)).start()
    end_all(0.5)
    os._exit(0)


if __name__ == "__main__":
    main()
