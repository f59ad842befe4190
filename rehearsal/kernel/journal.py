"""Every request that passed the gateway: who asked what, how it was answered, how long it took."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 200_000


@dataclass
class Entry:
    """`time` is epoch seconds; `ms` how long the reply took; `error` the code of an error reply, or empty."""

    number: int
    time: float
    principal: str
    service: str
    operation: str
    region: str
    status: int
    error: str
    message: str
    ms: float
    request_id: str
    fault: str
    actions: list[str]
    resources: list[str]


_lock = threading.Lock()
_entries: deque[Entry] = deque(maxlen=KEPT)
_count = 0


def record(**fields: Any) -> None:
    global _count
    with _lock:
        _count += 1
        _entries.append(Entry(number=_count, **fields))


def read(since: int = 0, principal: str = "", service: str = "", operation: str = "") -> list[dict[str, Any]]:
    """The entries after number `since`, narrowed by a part of the principal and by exact service and operation."""
    with _lock:
        entries = list(_entries)
    return [
        asdict(e)
        for e in entries
        if e.number > since
        and principal in e.principal
        and service in ("", e.service)
        and operation in ("", e.operation)
    ]


def count() -> int:
    return _count


def clear() -> None:
    with _lock:
        _entries.clear()
