"""The date and time of services that are told dates, such as EventBridge Scheduler: this machine's, moved forward.

`POST /_rehearsal/clock` moves it. `SPEED` does not: a date that a client computed from its own clock has to come true.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

# What happens once a minute happens half a million times in a year; nobody waits for more.
LONGEST = timedelta(days=366)

_lock = threading.Lock()
_moved = timedelta()
_followers: list[Callable[[], None]] = []


def now() -> datetime:
    return datetime.now(UTC) + _moved


def follow(act: Callable[[], None]) -> Callable[[], None]:
    """Registers what does all that became due; a move ends when it has returned. Usable as a decorator."""
    _followers.append(act)
    return act


def told() -> dict[str, Any]:
    return {"now": now().isoformat(timespec="seconds"), "moved": int(_moved.total_seconds())}


def move(asked: dict[str, Any]) -> dict[str, Any]:
    """By `seconds`, or `to` a time of ISO 8601. @raises ValueError for anything else, and for a way back."""
    global _moved
    with _lock:
        _moved += _step(asked)
    for act in _followers:
        act()
    return told()


def _step(asked: dict[str, Any]) -> timedelta:
    match asked:
        case {"seconds": int() | float() as seconds, **rest} if not rest and not isinstance(seconds, bool):
            step = timedelta(seconds=seconds)
        case {"to": str() as text, **rest} if not rest:
            to = datetime.fromisoformat(text)
            if to.tzinfo is None:
                raise ValueError(f'{text} has no time zone: say {{"to": "2026-12-02T05:00:00Z"}}')
            step = to - now()
        case _:
            raise ValueError('say {"seconds": 3600} or {"to": "2026-12-02T05:00:00Z"}')
    if not timedelta() <= step <= LONGEST:
        raise ValueError(f"the clock moves forward, by at most {LONGEST.days} days")
    return step


def forget() -> None:
    global _moved
    _moved = timedelta()
