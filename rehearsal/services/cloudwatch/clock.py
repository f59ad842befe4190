"""The minute hand: services publish their metrics, then alarms are evaluated. It stands still while nobody needs it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from rehearsal.kernel import bugs, tasks

Job = Callable[[], bool]

_lock = threading.Lock()
_publishers: dict[Job, None] = {}
_evaluators: dict[Job, None] = {}
_running = False


def publish_with(job: Job) -> None:
    """Runs `job` at the end of each minute of AWS time, until it returns False."""
    _add(_publishers, job)


def evaluate_with(job: Job) -> None:
    """Runs `job` every ten seconds of AWS time, after what is published then, until it returns False."""
    _add(_evaluators, job)


def _add(jobs: dict[Job, None], job: Job) -> None:
    global _running
    with _lock:
        jobs[job] = None
        if _running:
            return
        _running = True
    tasks.spawn("cloudwatch-clock", _tick)


def _tick() -> None:
    last = int(time.time() * tasks.speed() // 60)
    while True:
        now = time.time() * tasks.speed()
        # At least a quarter of a real second between two looks, however fast the rehearsal runs.
        step = max(10.0, tasks.speed() / 4)
        tasks.real_sleep(((now // step + 1) * step - now) / tasks.speed() + 0.02)
        minute = int(time.time() * tasks.speed() // 60)
        if minute != last:
            _run(_publishers)
            last = minute
        _run(_evaluators)
        if _stopped():
            return


def _run(jobs: dict[Job, None]) -> None:
    for job in list(jobs):
        try:
            wanted = job()
        except Exception:
            bugs.report(f"clock: {job.__module__}")
            wanted = True
        if not wanted:
            with _lock:
                jobs.pop(job, None)


def _stopped() -> bool:
    global _running
    with _lock:
        _running = bool(_publishers or _evaluators)
        return not _running


@tasks.on_reset
def _forget() -> None:
    global _running
    with _lock:
        _publishers.clear()
        _evaluators.clear()
        _running = False
