"""EventBridge: events reach the targets of the rules they match, through the targets' own APIs.

`emit` is how the rehearsal's services publish theirs: it returns at once and never fails its caller.
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.settings import ACCOUNT, REGION

__all__ = ["emit", "register"]


def register() -> None:
    from rehearsal.services.events import api, moto_hooks

    api.register()
    moto_hooks.install()


def emit(
    source: str,
    detail_type: str,
    detail: dict[str, Any],
    resources: list[str] | None = None,
    region: str = REGION,
    account: str = ACCOUNT,
) -> None:
    """Publishes an event of an AWS service (source "aws.codebuild", say) on the default bus."""
    from rehearsal.services.events import bus, envelope

    bus.publish(envelope.make(source, detail_type, detail, resources or [], region, account), "default")
