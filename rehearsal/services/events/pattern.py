"""Whether an event fits a rule's pattern: moto's matcher, but for lists of objects, and a rule without a pattern.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.events.models import EventPattern


def matches(pattern: dict[str, Any], event: dict[str, Any]) -> bool:
    # A rule with only a schedule has no pattern: it fits no event, where moto says it fits all.
    return bool(pattern) and EventPattern(json.dumps(pattern), pattern).matches_event(event)
