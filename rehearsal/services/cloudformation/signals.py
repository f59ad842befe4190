"""Signals that a resource waits for before its creation counts.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-creationpolicy.html
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable

from rehearsal.services.cloudformation import limits
from rehearsal.services.cloudformation.handler import Context, Signal
from rehearsal.services.cloudformation.handler_errors import Refused
from rehearsal.services.cloudformation.model import Resource
from rehearsal.services.cloudformation.running import Phase

_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")


def seconds(duration: str) -> int:
    """An ISO 8601 duration such as PT1H30M, in seconds."""
    found = _DURATION.fullmatch(duration)
    if not found or not any(found.groups()):
        raise Refused(f"Invalid duration {duration}")
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + rest


def await_creation(phase: Phase, resource: Resource, context: Context) -> None:
    """@raises Refused when too few succeed in time."""
    policy = context.creation_policy.get("ResourceSignal")
    if policy is None:
        return
    count = int(policy.get("Count", 1))
    share = int(context.creation_policy.get("AutoScalingCreationPolicy", {}).get("MinSuccessfulInstancesPercent", 100))
    needed = math.ceil(count * share / 100)
    enough = _wait(
        context.signals,
        lambda got: len(_of(got, "SUCCESS")) >= needed or len(_of(got, "FAILURE")) > count - needed,
        seconds(str(policy.get("Timeout", "PT5M"))),
        phase.real_sleep,
    )
    got = context.signals()
    failed = len(_of(got, "FAILURE"))
    if len(_of(got, "SUCCESS")) >= needed:
        return
    if enough:
        raise Refused(
            f"Received {failed} FAILURE signal(s) out of {count}.  Unable to satisfy {share}% "
            "MinSuccessfulInstancesPercent requirement"
        )
    raise Refused(
        f"Failed to receive {needed - len(_of(got, 'SUCCESS'))} resource signal(s) within the specified duration"
    )


def _of(signals: list[Signal], status: str) -> set[str]:
    return {signal.unique_id for signal in signals if signal.status == status}


def _wait(
    source: Callable[[], list[Signal]],
    enough: Callable[[list[Signal]], bool],
    limit: float,
    real_sleep: Callable[[float], None],
) -> bool:
    until = limits.deadline(limit)
    while not enough(source()):
        if time.monotonic() >= until:
            return False
        real_sleep(0.1)
    return True
