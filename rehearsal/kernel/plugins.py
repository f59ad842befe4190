"""The services that the rehearsal brings along. Each area is a package with `register()`, and where it needs them
`seed()` (state that an account has from its first day, set again after a reset), `start()` (once, when the server
listens), `stop()` (once, at the end) and `status()` (members for the status page)."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

AREAS = (
    "services.iam",
    "services.fixes",
    "machines",
    "services.ec2",
    "services.elb",
    "services.autoscaling",
    "services.cloudwatch",
    "services.cloudformation",
    "services.codebuild",
    "services.codepipeline",
    "services.events",
)

_loaded: list[ModuleType] = []


def load() -> None:
    """Imports every area and lets it register its operations."""
    for area in AREAS:
        module = importlib.import_module(f"rehearsal.{area}")
        module.register()
        _loaded.append(module)


def _each(name: str) -> list[Any]:
    return [getattr(module, name)() for module in _loaded if hasattr(module, name)]


def start() -> None:
    _each("start")


def seed() -> None:
    _each("seed")


def stop() -> None:
    """Ends in the reverse order, so that what stands on the machines goes before them."""
    for module in reversed(_loaded):
        if hasattr(module, "stop"):
            module.stop()


def status() -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for members in _each("status"):
        merged.update(members)
    return merged
