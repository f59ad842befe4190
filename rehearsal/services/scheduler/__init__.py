"""EventBridge Scheduler: schedules that fire. moto keeps them; what they start, and when, is ours."""

from __future__ import annotations

__all__ = ["register"]


def register() -> None:
    from rehearsal.services.scheduler import api, asked_by_iam  # noqa: F401  (registers itself)

    api.register()
