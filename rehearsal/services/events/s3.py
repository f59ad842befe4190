"""S3's notifications to EventBridge, for buckets that have them on.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html. Objects that are created or tagged, and changed
ACLs, are told; of deletions moto's S3 says nothing.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

from moto.s3.notifications import S3NotificationEvent, _detail_type  # private: the table of S3's event names
from moto.s3.responses import S3Response

from rehearsal.kernel.settings import ACCOUNT
from rehearsal.services.events import bus, envelope

_REASONS = {"Put": "PutObject", "Post": "POST Object", "Copy": "CopyObject"}
_counter = itertools.count(int(time.time() * 1000))
# What the request that this thread answers has to tell; sent when it is done.
_request = threading.local()


def hold_until_answered() -> None:
    """moto tells of a new object before it has its metadata and tags; a listener would read it without them."""
    for name in ("key_response", "bucket_response"):
        setattr(S3Response, name, _holding(getattr(S3Response, name)))


def _holding(answer: Callable[..., Any]) -> Callable[..., Any]:
    def held(*args: Any, **kwargs: Any) -> Any:
        _request.held = []
        try:
            return answer(*args, **kwargs)
        finally:
            found, _request.held = _request.held, None
            _send(found)

    return held


def _send(held: list[dict[str, Any]]) -> None:
    # moto sets tags in every PutObject, with an event of their own; on AWS they are part of the one.
    created = any(event["detail-type"] == "Object Created" for event in held)
    for event in held:
        if not created or event["detail-type"] == "Object Created":
            bus.publish(event, "default")


def notify(account_id: str, bucket: Any, event_name: str, key: Any) -> None:
    """In place of moto's function of the same parameters."""
    name = S3NotificationEvent(event_name).value
    last = name.rsplit(":", 1)[-1]
    described: dict[str, Any] = {"key": key.name, "size": key.size, "etag": key.etag.replace('"', "")}
    if getattr(key, "version_id", None) and key.version_id != "null":
        described["version-id"] = key.version_id
    described["sequencer"] = f"{next(_counter):018X}"
    detail: dict[str, Any] = {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": described,
        "request-id": f"{next(_counter):016X}",
        "requester": ACCOUNT,
        "source-ip-address": "127.0.0.1",
    }
    if name.startswith("s3:ObjectCreated"):
        detail["reason"] = _REASONS.get(last, last)
    kind = _detail_type(event_name)
    event = envelope.make("aws.s3", kind, detail, [bucket.arn], bucket.region_name, account_id)
    held = getattr(_request, "held", None)
    if held is None:
        bus.publish(event, "default")
    else:
        held.append(event)
