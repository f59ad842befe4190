"""Waiting for the signals of new instances, as WaitOnResourceSignals asks; CreationPolicy is the engine's matter.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
"""

import time
from collections.abc import Callable

from rehearsal.services.cloudformation import limits
from rehearsal.services.cloudformation.handler import Context, HandlerFailure, Signal

# Real seconds between two looks.
_PAUSE = 0.5


def await_signals(
    ctx: Context, count: int, timeout: float, percent: int, duration: str, among: Callable[[Signal], bool]
) -> None:
    """Waits until enough of `count` instances told success, for `timeout` real seconds at most: instances boot in real
    time. `duration` is the timeout as the template has it.

    @raises HandlerFailure in CloudFormation's words.
    """
    told: set[str] = set()
    until = limits.deadline(timeout)
    while True:
        latest = {signal.unique_id: signal for signal in ctx.signals() if among(signal)}
        for unique_id in latest.keys() - told:
            told.add(unique_id)
            ctx.log(f"Received {latest[unique_id].status} signal with UniqueId {unique_id}")
        good = sum(signal.status == "SUCCESS" for signal in latest.values())
        bad = len(latest) - good
        if good * 100 >= count * percent:
            return
        # A failure counts only once success has become impossible.
        if (count - bad) * 100 < count * percent:
            raise HandlerFailure(
                f"Received {bad} FAILURE signal(s) out of {count}.  Unable to satisfy {percent}% "
                "MinSuccessfulInstancesPercent requirement"
            )
        left = until - time.monotonic()
        if left <= 0:
            raise HandlerFailure(
                f"Failed to receive {count - good} resource signal(s) for the current batch.  "
                f"Each resource signal timeout is counted as a FAILURE. (waited {duration})"
            )
        ctx.real_sleep(min(_PAUSE, left))
