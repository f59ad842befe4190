"""Readings: where AWS's pages leave open what a service does, both answers can be had, and tests hold under each.

`POST /_rehearsal/readings` sets some, `GET` tells all; a reset brings the first answers back.
"""

from __future__ import annotations

from typing import Any

# What holds unless a test says otherwise.
FIRST: dict[str, bool] = {
    # Whether an instance refresh counts a new instance only once its load balancer calls it healthy. The pages name the
    # warm-up alone, and checks that count after the grace period; one who asked saw it wait:
    # https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
    # https://repost.aws/questions/QU9RKhLxhnSRGeKNlRWkP_2A
    "refresh-waits-for-target-health": True,
    # Whether an alarm that was in ALARM before a refresh began ends it, too. The page says "go into the ALARM state":
    # https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html
    "earlier-alarm-ends-refresh": False,
    # Whether the numbers of hosts of a target group as a whole are one number, or each zone's own under one name: then
    # their minimum is that of the zone with fewest. The page tells dimensions and statistics, and no more:
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
    "host-counts-by-zone": False,
}
_now = dict(FIRST)


def holds(name: str) -> bool:
    return _now[name]


def told() -> dict[str, bool]:
    return dict(_now)


def take(wanted: dict[str, Any]) -> dict[str, bool]:
    """All or nothing. @raises ValueError for what is no reading, or no answer."""
    for name, answer in wanted.items():
        if name not in FIRST:
            raise ValueError(f"{name} is no reading; there are {', '.join(FIRST)}")
        if not isinstance(answer, bool):
            raise ValueError(f"{name} is true or false, not {answer!r}")
    _now.update(wanted)
    return told()


def forget() -> None:
    _now.update(FIRST)
