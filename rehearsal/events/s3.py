"""S3's notifications to EventBridge, for buckets that have them on.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

from __future__ import annotations

import itertools
import time
from typing import Any

from moto.s3.notifications import S3NotificationEvent, _detail_type  # private: the table of S3's event names

from rehearsal.events import bus, envelope
from rehearsal.kernel.settings import ACCOUNT

_REASONS = {
    "Put": "PutObject",
    "Post": "POST Object",
    "Copy": "CopyObject",
    "CompleteMultipartUpload": "CompleteMultipartUpload",
    "Delete": "DeleteObject",
    "DeleteMarkerCreated": "DeleteObject",
}
_counter = itertools.count(int(time.time() * 1000))


def notify(account_id: str, bucket: Any, event_name: str, key: Any) -> None:
    """In place of moto's function of the same parameters."""
    name = S3NotificationEvent(event_name).value
    last = name.rsplit(":", 1)[-1]
    described: dict[str, Any] = {"key": key.name}
    deleted = name.startswith("s3:ObjectRemoved")
    if not deleted:
        described.update({"size": key.size, "etag": key.etag.replace('"', "")})
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
        "reason": _REASONS.get(last, last),
    }
    if deleted:
        detail["deletion-type"] = "Delete Marker Created" if last == "DeleteMarkerCreated" else "Permanently Deleted"
    kind = _detail_type(event_name)
    bus.publish(envelope.make("aws.s3", kind, detail, [bucket.arn], bucket.region_name, account_id), "default")
