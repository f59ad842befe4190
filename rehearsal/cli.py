"""`python -m rehearsal up|down|status|serve`: starts and ends a rehearsal. Data on stdout, what happens on stderr."""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

from rehearsal import keeper, report
from rehearsal.kernel.settings import ADMIN_ACCESS_KEY, ADMIN_SECRET_KEY, REGION, settings

READY_SECONDS = 60
# How long it may take to end machines, mounts and namespaces.
END_SECONDS = 60.0
# Of the log of a dead one: what the interpreter said last.
LAST_LINES = 40


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def running_pid() -> int | None:
    """The process of this rehearsal, if it still is the one that wrote the file."""
    try:
        pid, started = (settings.state_dir / "pid").read_text().split()
    except (OSError, ValueError):
        return None
    return int(pid) if started_at(int(pid)) == started else None


def started_at(pid: int) -> str:
    """A process's start time in clock ticks: with the pid it names a process for good, as a pid alone does not."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[19]
    except OSError:
        pass
    found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "-".join(found.stdout.split())


def keeper_of(pid: int) -> int | None:
    """The process that looks after a rehearsal; None if it was started without one."""
    found = subprocess.run(["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, text=True, check=False)
    parent = found.stdout.strip()
    shown = subprocess.run(["ps", "-o", "args=", "-p", parent or "0"], capture_output=True, text=True, check=False)
    return int(parent) if "rehearsal.keeper" in shown.stdout else None


def fetch_status() -> dict[str, Any] | None:
    try:
        port = int((settings.state_dir / "port").read_text())
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_rehearsal/status", timeout=5) as reply:
            return json.load(reply)
    except (OSError, ValueError, urllib.error.URLError):
        return None


def exports(port: int) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": ADMIN_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ADMIN_SECRET_KEY,
        "AWS_REGION": REGION,
        # Version 1 of the aws CLI reads only this name.
        "AWS_DEFAULT_REGION": REGION,
    }


def show_exports(port: int) -> None:
    for name, value in exports(port).items():
        print(f"export {name}={value}")


def died() -> dict[str, Any] | None:
    """What a rehearsal died of that was up, is gone and was not ended; None if there is none such."""
    left = settings.state_dir
    if not (left / "pid").exists() or not (left / "ready").exists() or running_pid() is not None:
        return None
    return keeper.death_of(left)


def tell_death() -> None:
    """Says what the one before died of, and keeps its log from the clean-up."""
    death = died()
    if death is None:
        return
    say(f"rehearsal {settings.name} {keeper.told(death)}")
    log = settings.state_dir / "log"
    if log.exists():
        say("\n".join(log.read_text(errors="replace").splitlines()[-LAST_LINES:]))
        shutil.copyfile(log, settings.crash_log)
        say(f"its log is kept: {settings.crash_log}")


def up() -> int:
    found = fetch_status() if running_pid() else None
    if found:
        say(f"rehearsal {settings.name} is up already (pid {found['pid']})")
        show_exports(found["port"])
        return 0
    tell_death()
    clean()
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    log_path = settings.state_dir / "log"
    with open(log_path, "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "rehearsal.keeper",
             sys.executable, "-m", "rehearsal", "serve", "--name", settings.name, "--port", str(settings.port),
             "--speed", str(settings.speed)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    while time.monotonic() - begun < READY_SECONDS:
        if process.poll() is not None:
            break
        if (settings.state_dir / "ready").exists():
            found = fetch_status()
            if found:
                break
        time.sleep(0.02)
    if not found:
        say(f"rehearsal {settings.name} did not start; its log ({log_path}) ends:")
        say("\n".join(log_path.read_text(errors="replace").splitlines()[-15:]))
        process.terminate()
        clean()
        return 1
    say(f"rehearsal {settings.name} is up after {time.monotonic() - begun:.1f} s")
    if not found.get("instances_boot", True):
        say(f"instances will not boot: {found.get('instances_reason')}")
    show_exports(found["port"])
    return 0


def clean() -> None:
    """Removes what a rehearsal of this name left on the machine, also after it was killed."""
    from rehearsal import machines

    machines.cleanup(settings.name)
    shutil.rmtree(settings.state_dir, ignore_errors=True)


def down() -> int:
    pid = running_pid()
    if pid is None:
        tell_death()
        clean()
        say(f"rehearsal {settings.name} is down")
        return 0
    # Its keeper goes right after it; both must be gone, or a new one would meet their traces.
    going = {one: started_at(one) for one in (pid, keeper_of(pid)) if one}
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + END_SECONDS
    while left := [one for one, started in going.items() if started_at(one) == started]:
        if time.monotonic() > until:
            say(f"rehearsal {settings.name} did not end in {END_SECONDS:.0f} s; killing what is left of it")
            for one in left:
                with contextlib.suppress(ProcessLookupError):  # it ended by itself in this very moment
                    os.kill(one, signal.SIGKILL)
            time.sleep(0.2)
            break
        time.sleep(0.05)
    clean()
    say(f"rehearsal {settings.name} is down")
    return 0


def status(as_json: bool) -> int:
    found = fetch_status() if running_pid() else None
    death = None if found else died()
    if as_json:
        gone = {"name": settings.name, "up": False, **({"died": death} if death else {})}
        print(json.dumps(found or gone))
        return 0 if found else 1
    if death:
        say(f"rehearsal {settings.name} {keeper.told(death)}; its log: {settings.state_dir / 'log'}; `up` starts it")
        return 1
    if not found:
        say(f"rehearsal {settings.name} is down; `up` starts it")
        return 1
    print("\n".join(report.lines(found)))
    return 0


def serve() -> int:
    from rehearsal import composition
    from rehearsal.kernel import server, underway

    if running_pid():
        say(f"rehearsal {settings.name} is up already")
        return 1
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    # A fault in a library's C code leaves no exception: the stacks of all threads go to the log instead.
    faulthandler.enable(all_threads=True)
    underway.keep_in(settings.state_dir)
    (settings.state_dir / "pid").write_text(f"{os.getpid()} {started_at(os.getpid())}")
    try:
        composition.compose()
        return server.serve()
    finally:
        # It ends by itself: whoever looks must not take it for dead.
        (settings.state_dir / "pid").unlink(missing_ok=True)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="rehearsal", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("up", "down", "status", "serve"):
        sub = verbs.add_parser(verb)
        sub.add_argument("--name", default="default")
        if verb in ("up", "serve"):
            sub.add_argument("--port", type=int, default=4566, help="0 chooses a free one")
            sub.add_argument("--speed", type=float, default=10.0, help="divides the waits that AWS itself would make")
        if verb == "status":
            sub.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    if not args.name.replace("-", "").isalnum() or len(args.name) > 24:
        parser.error(f"--name {args.name!r}: letters, digits and hyphens only, 24 at most")
    settings.name = args.name
    settings.port, settings.speed = (
        getattr(args, "port", settings.port),
        getattr(args, "speed", settings.speed),
    )
    if settings.speed <= 0:
        parser.error("--speed must be above 0")
    match args.verb:
        case "up":
            return up()
        case "down":
            return down()
        case "status":
            return status(args.json)
        case _:
            return serve()
