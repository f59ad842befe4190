"""moto's own senders of events, led to our bus.

moto delivers at once, within the caller's request, to four kinds of targets, and answers 500 for the others.
"""

from __future__ import annotations

import uuid
from typing import Any

import moto.s3.notifications as s3_notifications
from moto.events.models import Rule

from rehearsal.services.events import bus, envelope, s3

_BASE = ("version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail")


def install() -> None:
    # A public method of moto's rule: PutEvents and replays call it for each rule of a bus.
    Rule.send_to_targets = _send_to_targets  # type: ignore[method-assign]
    # A private function, the only place where moto's S3 tells EventBridge; its detail has made-up members.
    s3_notifications._send_event_bridge_message = s3.notify  # type: ignore[assignment]
    s3.hold_until_answered()


def _send_to_targets(rule: Any, original_event: dict[str, Any], transform_input: bool = True) -> None:
    """For moto's replays, which name a rule themselves; what PutEvents takes in goes through api.py."""
    made = envelope.make(
        original_event["source"],
        original_event["detail-type"],
        original_event["detail"],
        original_event.get("resources", []),
        rule.region_name,
        rule.account_id,
    )
    event = {**made, **{k: v for k, v in original_event.items() if k in _BASE and k != "time"}}
    event["id"] = original_event.get("id") or str(uuid.uuid4())
    bus.deliver_to(rule, event)
