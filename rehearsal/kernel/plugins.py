"""The areas that the rehearsal is made of. Each is a package with `register()`, and where it needs them
`seed()` (state that an account has from its first day, set again after a reset), `start()` (once, when the server
listens), `stop()` (once, at the end) and `status()` (members for the status page)."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Any

_loaded: list[ModuleType] = []


def load(areas: Iterable[ModuleType]) -> None:
    """Lets every area register its operations."""
    for area in areas:
        area.register()
        _loaded.append(area)


def _each(name: str) -> list[Any]:
    return [getattr(area, name)() for area in _loaded if hasattr(area, name)]


def start() -> None:
    _each("start")


def seed() -> None:
    _each("seed")


def stop() -> None:
    """In the reverse order of the start."""
    for area in reversed(_loaded):
        if hasattr(area, "stop"):
            area.stop()


def status() -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for members in _each("status"):
        merged.update(members)
    return merged
