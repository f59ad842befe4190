"""Takes an event to the rules of a bus and on to their targets, after the caller has gone on.

AWS tries a failing target again for a day and then drops the event (or sends it to a dead-letter queue); here a failure
is tried a few times within seconds, then said on stderr.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError
from moto.backends import get_backend

from rehearsal.kernel import tasks
from rehearsal.kernel.errors import Cancelled
from rehearsal.services.events import inputs, pattern, targets

RETRIES = 3
_RETRIED = (
    "ThrottlingException",
    "Throttling",
    "InternalFailure",
    "ServiceUnavailable",
    "ConcurrentModificationException",
)

_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="eventbridge")


def publish(event: dict[str, Any], bus_name: str) -> None:
    """Returns at once. @raises nothing."""
    _pool.submit(_deliver, event, bus_name, tasks.generation())


def deliver_to(rule: Any, event: dict[str, Any]) -> None:
    """To one rule only, if the event fits it. Returns at once."""
    if pattern.matches(rule.event_pattern.get_pattern(), event):
        for target in list(rule.targets):
            _pool.submit(_send, rule, target, event, tasks.generation())


def _deliver(event: dict[str, Any], bus_name: str, born: int) -> None:
    try:
        backend = get_backend("events")[event["account"]][event["region"]]
        bus = backend.event_buses.get(bus_name)
        for rule in list(bus.rules.values()) if bus is not None else []:
            if rule.state == "ENABLED" and pattern.matches(rule.event_pattern.get_pattern(), event):
                for target in list(rule.targets):
                    _send(rule, target, event, born)
    except Cancelled:
        pass
    except Exception as error:  # nobody waits for this; it must be seen all the same
        print(f"eventbridge: {event['detail-type']}: {error}", file=sys.stderr, flush=True)


def _send(rule: Any, target: dict[str, Any], event: dict[str, Any], born: int) -> None:
    text = inputs.of(target, event, rule.arn, rule.name)
    for attempt in range(RETRIES):
        if born != tasks.generation():
            return
        try:
            moved = targets.deliver(rule, target, text, event)
            if moved is not None:
                publish(*moved)
            return
        except ClientError as error:
            failure: Exception = error
            if error.response["Error"].get("Code") not in _RETRIED:
                break
        except Exception as error:
            failure = error
            break
        tasks.real_sleep(0.5 * (attempt + 1))
    _dead_letter(target, text, event, failure)
    print(f"eventbridge: rule {rule.name}, target {target['Arn']}: {failure}", file=sys.stderr, flush=True)


def _dead_letter(target: dict[str, Any], text: str, event: dict[str, Any], failure: Exception) -> None:
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if queue:
        try:
            targets.to_queue(queue, text, event, {}, error=str(failure))
        except Exception as error:
            print(f"eventbridge: dead-letter queue {queue}: {error}", file=sys.stderr, flush=True)
