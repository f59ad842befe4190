"""An event as rules and targets see it. https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any


def make(
    source: str,
    detail_type: str,
    detail: dict[str, Any],
    resources: list[str],
    region: str,
    account: str,
    time: datetime | None = None,
) -> dict[str, Any]:
    moment = (time or datetime.now(UTC)).astimezone(UTC)
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "region": region,
        "resources": resources,
        "detail": detail,
    }
