"""The checkpoints of an instance refresh: how far it may go, and the delay at each.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-adding-checkpoints-instance-refresh.html
"""

from __future__ import annotations

import time

from rehearsal.kernel import tasks
from rehearsal.services.autoscaling import notices
from rehearsal.services.autoscaling.model import Group
from rehearsal.services.autoscaling.refresh import Refresh


def allowed(refresh: Refresh, left: int) -> int:
    """How many instances may be replaced before the next checkpoint."""
    points = points_of(refresh)
    if not points:
        return left
    upto = -(-refresh.total * points[min(refresh.checkpoint, len(points) - 1)] // 100)
    return max(0, upto - (refresh.total - left))


def points_of(refresh: Refresh) -> list[int]:
    """A rollback has none."""
    return [] if refresh.rolling_back else refresh.preferences.get("CheckpointPercentages") or []


def passed(refresh: Refresh) -> bool:
    """Whether the last checkpoint is passed, which may be one below 100 percent: a partial refresh."""
    points = points_of(refresh)
    return bool(points) and refresh.checkpoint >= len(points)


def paused(group: Group, refresh: Refresh, left: int) -> bool:
    """Reaches checkpoints and waits there.

    Of several that were reached at once only the last counts. Each is told but the one of 100 percent. At the last one
    the refresh is done; that there is no delay then is read from the examples of enable-checkpoints-console-cli.html.
    """
    points = points_of(refresh)
    if refresh.checkpoint >= len(points):
        return False
    if refresh.paused_until is not None:
        if time.monotonic() < refresh.paused_until:
            return True
        refresh.paused_until, refresh.progressed = None, time.monotonic()
        refresh.checkpoint += 1
        return False
    reached = refresh.percentage >= points[refresh.checkpoint] and allowed(refresh, left) == 0
    if not reached or any(m.leaving for m in refresh.old):
        return False
    refresh.checkpoint = sum(point <= refresh.percentage for point in points) - 1
    percentage, delay = points[refresh.checkpoint], int(refresh.preferences["CheckpointDelay"])
    if percentage < 100:
        notices.checkpoint_reached(group, refresh.id, percentage, delay)
    if refresh.checkpoint == len(points) - 1:
        refresh.checkpoint += 1
        return False
    refresh.paused_until = time.monotonic() + delay / tasks.speed()
    refresh.reason = (
        f"Waiting for the checkpoint delay of {delay} seconds after the checkpoint of {percentage} percent was reached."
    )
    return True
