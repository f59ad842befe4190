"""The requests under way: who asks for what, and since when.

Beside the memory they stand in a mapped file, which outlives the process, however that ends. Reading it needs nothing
of the rehearsal's own, so that who looks after a dead one can.
"""

from __future__ import annotations

import itertools
import mmap
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SLOTS, SIZE = 64, 512
FILE = "underway"


@dataclass
class Request:
    """`since` is epoch seconds; `operation` is Unknown until the request is read."""

    id: str
    service: str
    operation: str
    principal: str
    since: float
    slot: int | None = None


_lock = threading.Lock()
_requests: dict[int, Request] = {}
_numbers = itertools.count()
_free = list(range(SLOTS))
_map: mmap.mmap | None = None


def keep_in(folder: Path) -> None:
    """From here on the requests are written to a file of this folder."""
    global _map
    with open(folder / FILE, "w+b") as file:
        file.truncate(SLOTS * SIZE)
        _map = mmap.mmap(file.fileno(), SLOTS * SIZE)


def begin(request_id: str, service: str) -> int:
    """A request comes in; the number is for `tell` and `end`."""
    with _lock:
        number = next(_numbers)
        slot = _free.pop() if _free else None
        made = _requests[number] = Request(request_id, service, "Unknown", "", time.time(), slot)
        _write(made)
    return number


def tell(number: int, service: str, operation: str, principal: str) -> None:
    """What the request turned out to be."""
    with _lock:
        found = _requests[number]
        found.service, found.operation, found.principal = service, operation, principal
        _write(found)


def end(number: int) -> None:
    with _lock:
        found = _requests.pop(number)
        if found.slot is not None:
            _free.append(found.slot)
            if _map is not None:
                _map[found.slot * SIZE] = 0


def listed() -> list[dict[str, Any]]:
    """The longest first."""
    with _lock:
        found = [asdict(request) for request in _requests.values()]
    return [{key: value for key, value in request.items() if key != "slot"} for request in found]


def _write(request: Request) -> None:
    if _map is None or request.slot is None:
        return
    words = (str(round(request.since, 3)), request.service, request.operation, request.id, request.principal)
    data = "\t".join(words).encode(errors="replace")[: SIZE - 1]
    start = request.slot * SIZE
    # The first byte goes last: what is half written does not count.
    _map[start] = 0
    _map[start + 1 : start + SIZE] = data[1:].ljust(SIZE - 1, b"\0")
    _map[start] = data[0]


def left(folder: Path) -> list[dict[str, Any]]:
    """What was under way when the rehearsal of this folder ended; empty if nothing was, or nobody wrote it down."""
    try:
        data = (folder / FILE).read_bytes()
    except OSError:
        return []
    found = []
    for start in range(0, len(data), SIZE):
        text = data[start : start + SIZE].rstrip(b"\0")
        parts = text.decode(errors="replace").split("\t")
        if text and data[start] and len(parts) == 5:
            since, service, operation, request_id, principal = parts
            found.append({"id": request_id, "service": service, "operation": operation, "principal": principal,
                          "since": float(since)})  # fmt: skip
    return sorted(found, key=lambda request: request["since"])
