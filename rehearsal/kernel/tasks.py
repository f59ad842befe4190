"""Background work of the services: threads that end with a reset, and waits that know the speed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from rehearsal.kernel import bugs
from rehearsal.kernel.errors import Cancelled
from rehearsal.kernel.settings import settings

_lock = threading.Lock()
_generation = 0
_wake = threading.Event()
_hooks: list[Callable[[], None]] = []
_local = threading.local()


def speed() -> float:
    """How many seconds of AWS's waiting pass in one real second."""
    return settings.speed


def generation() -> int:
    """Counts resets. A task that belongs to an earlier one must not touch anything any more."""
    return _generation


def _mine() -> int:
    return getattr(_local, "generation", _generation)


def check() -> None:
    """Raises Cancelled in a task whose rehearsal was reset."""
    if _mine() != _generation:
        raise Cancelled


def spawn(name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> threading.Thread:
    """Runs `function` in a daemon thread of the present generation; what it raises is printed with its name."""
    born = _mine()

    def run() -> None:
        _local.generation = born
        try:
            check()
            function(*args, **kwargs)
        except Cancelled:
            pass
        except BaseException:  # the thread's last resort: nobody else would see it
            if born == _generation:
                bugs.report(f"task {name}")

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def real_sleep(seconds: float) -> None:
    """Waits real seconds; raises Cancelled at once when the rehearsal is reset meanwhile."""
    check()
    wake = _wake
    if wake.wait(seconds):
        check()
        time.sleep(0.001)
    check()


def sleep(seconds: float) -> None:
    """Waits as long as AWS would wait, at the rehearsal's speed."""
    real_sleep(seconds / settings.speed)


def on_reset(function: Callable[[], None]) -> Callable[[], None]:
    """Registers what a service must forget or end at a reset and at shutdown. Usable as a decorator."""
    _hooks.append(function)
    return function


def reset() -> None:
    """Ends every task and runs every hook; a failing hook is printed and does not stop the others."""
    global _generation, _wake
    with _lock:
        _generation += 1
        old, _wake = _wake, threading.Event()
        old.set()
        belongs = hasattr(_local, "generation")
        _local.generation = _generation
        for hook in _hooks:
            try:
                hook()
            except Exception:
                bugs.report(f"reset of {hook.__module__}")
        # Who only asked for the reset is no task of it, and must not end with the next one.
        if not belongs:
            del _local.generation
