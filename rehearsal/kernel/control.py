"""The rehearsal's own endpoints, outside AWS's protocols: journal, faults, readings, clock, status, reset."""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from rehearsal.kernel import calendar, faults, journal, moto_app, plugins, readings, tasks, underway
from rehearsal.kernel.settings import settings

STARTED = time.time()


def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].rstrip("/")
    query = {k: v[0] for k, v in parse_qs(environ.get("QUERY_STRING", "")).items()}
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        status, result = _route(method, path, query, body)
    except (ValueError, TypeError) as error:
        status, result = "400 Bad Request", {"error": str(error)}
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps(result).encode()]


def _route(method: str, path: str, query: dict[str, str], body: bytes) -> tuple[str, Any]:
    ok = "200 OK"
    match method, path:
        case "GET", "/_rehearsal/status":
            return ok, status()
        case "GET", "/_rehearsal/journal":
            since = int(query.pop("since", "0"))
            return ok, {"count": journal.count(), "entries": journal.read(since, **query)}
        case "GET", "/_rehearsal/faults":
            return ok, {"faults": faults.listed()}
        case "POST", "/_rehearsal/faults":
            return ok, faults.add(_object(body, _FAULT))
        case "DELETE", "/_rehearsal/faults":
            faults.clear()
            return ok, {}
        case "GET", "/_rehearsal/readings":
            return ok, readings.told()
        case "POST", "/_rehearsal/readings":
            return ok, readings.take(_object(body, _READING))
        case "GET", "/_rehearsal/clock":
            return ok, calendar.told()
        case "POST", "/_rehearsal/clock":
            return ok, calendar.move(_object(body, _CLOCK))
        case "POST", "/moto-api/reset":
            reset()
            return ok, {"status": "ok"}
        case _:
            return "404 Not Found", {"error": f"NotImplemented: {method} {path}"}


_FAULT = 'a fault is one JSON object, such as {"kind": "throttle", "every": 5}; post each by itself'
_CLOCK = 'a move of the clock is one JSON object, such as {"seconds": 3600}'
_READING = 'readings are one JSON object, such as {"refresh-waits-for-target-health": false}'


def _object(body: bytes, otherwise: str) -> dict[str, Any]:
    """@raises ValueError."""
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError(otherwise)
    return found


def reset() -> None:
    """Forgets everything: running operations, instances, faults, readings, journal, and moto's state."""
    tasks.reset()
    faults.clear()
    readings.forget()
    calendar.forget()
    journal.clear()
    moto_app.reset()
    plugins.seed()


def status() -> dict[str, Any]:
    """What `status` shows; memory in bytes: what the process holds now, and the most that it ever held."""
    return {
        "name": settings.name,
        "pid": os.getpid(),
        "port": settings.port,
        "speed": settings.speed,
        "uptime": round(time.time() - STARTED, 1),
        "requests": journal.count(),
        "underway": underway.listed(),
        "memory": _resident(),
        "peak_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        **plugins.status(),
    }


def _resident() -> int:
    """Linux tells it in /proc; elsewhere the peak stands in."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return pages * resource.getpagesize()
