"""`python -m rehearsal.keeper COMMAND...`: runs a rehearsal and writes down what it died of, which it cannot itself.

It imports next to nothing: it is there for as long as the rehearsal is.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rehearsal.kernel import underway
from rehearsal.kernel.settings import settings

FILE = "death"


def main(command: list[str]) -> int:
    settings.name = command[command.index("--name") + 1]
    child = subprocess.Popen(command)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda sent, _: child.send_signal(sent))
    code = child.wait()
    if code < 0:
        _write_down(settings.state_dir, -code)
    return 1 if code < 0 else code


def _write_down(folder: Path, number: int) -> None:
    death = {"signal": number, "time": time.time(), "requests": underway.left(folder)}
    if folder.is_dir():
        (folder / FILE).write_text(json.dumps(death))
        with open(folder / "log", "a") as log:
            log.write(f"{told(death)}\n")


def death_of(folder: Path) -> dict[str, Any]:
    """What is known of a rehearsal that is gone and was not ended. `signal` is 0 where nobody saw it end."""
    try:
        return json.loads((folder / FILE).read_text())
    except (OSError, ValueError):
        return {"signal": 0, "time": 0, "requests": underway.left(folder)}


def told(death: dict[str, Any]) -> str:
    """died of signal 11 (SIGSEGV) at 2026-11-30 07:30:21 while cloudformation:CreateStack of arn:... was at work"""
    cause = "without a word"
    if death["signal"]:
        known = death["signal"] in list(signal.Signals)
        name = f" ({signal.Signals(death['signal']).name})" if known else ""
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(death["time"]))
        cause = f"of signal {death['signal']}{name} at {moment}"
    work = [
        f"{r['service']}:{r['operation']} of {r['principal'] or 'somebody'} (request {r['id']})"
        for r in death["requests"]
    ]
    return f"died {cause} while {', '.join(work) or 'no request'} {'were' if len(work) > 1 else 'was'} at work"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
