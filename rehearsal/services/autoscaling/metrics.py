"""What groups tell CloudWatch about themselves, once a minute (at the rehearsal's speed), where they were asked to.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html: one sample a minute. That an
instance which waits for its launch hook counts as pending is read from "A pending instance is not yet in service".
"""

from __future__ import annotations

from collections import Counter

from rehearsal.services.autoscaling import store
from rehearsal.services.autoscaling.model import Group
from rehearsal.services.cloudwatch import clock
from rehearsal.services.cloudwatch import store as data

NAMESPACE = "AWS/AutoScaling"


def values(group: Group) -> dict[str, int]:
    members = list(group.members)
    count = {
        "GroupInServiceInstances": sum(m.state == "InService" for m in members),
        "GroupPendingInstances": sum(m.arriving for m in members),
        "GroupStandbyInstances": 0,
        "GroupTerminatingInstances": sum(m.leaving for m in members),
        "GroupMinSize": int(group.settings["MinSize"]),
        "GroupMaxSize": int(group.settings["MaxSize"]),
        "GroupDesiredCapacity": group.desired,
    }
    in_group = ("GroupInServiceInstances", "GroupPendingInstances", "GroupTerminatingInstances")
    return {**count, "GroupTotalInstances": sum(count[name] for name in in_group)}


def start() -> None:
    clock.publish_with(_publish)


def _publish() -> bool:
    """False ends the reports when no group is left that wants them."""
    wanted = [group for group in store.every() if group.metrics]
    for group in wanted:
        with group.lock:
            found = values(group)
        for name in group.metrics:
            dimensions = {"AutoScalingGroupName": group.name}
            seen = Counter({float(found[name]): 1})
            data.record(group.account, group.region, NAMESPACE, name, dimensions, seen, "None")
    return bool(wanted)
