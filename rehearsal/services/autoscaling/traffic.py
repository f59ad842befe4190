"""What Auto Scaling asks EC2 and Elastic Load Balancing about its instances, and tells them.

States are read where they are kept, not through the API: a group looks at them every second or so.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.kernel import clients, readings
from rehearsal.services.autoscaling.model import Group, Member
from rehearsal.services.elb import targets


def instance_state(group: Group, instance_id: str) -> str:
    """EC2's state of an instance; one that EC2 does not know is terminated."""
    found = targets.instance_of(group.account, group.region, instance_id)
    return str(found.state) if found else "terminated"


def _elbv2(group: Group) -> Any:
    return clients.client("elbv2", group.region, principal=clients.Service("autoscaling.amazonaws.com", group.account))


def register(group: Group, arn: str, instance_ids: list[str]) -> None:
    """A target group that is gone or refuses is printed; the instance serves all the same, as on AWS."""
    try:
        _elbv2(group).register_targets(TargetGroupArn=arn, Targets=[{"Id": i} for i in instance_ids])
    except ClientError as error:
        print(f"auto scaling group {group.name}: {error}", file=sys.stderr, flush=True)


def deregister(group: Group, arn: str, instance_ids: list[str]) -> None:
    with contextlib.suppress(ClientError):
        _elbv2(group).deregister_targets(TargetGroupArn=arn, Targets=[{"Id": i} for i in instance_ids])


def target_states(group: Group, member: Member) -> list[str]:
    return [s for arn in group.target_groups for s in targets.states_of(arn, str(member.id))]


def registered(group: Group, member: Member) -> bool:
    """Whether any target group still knows the instance, draining included."""
    return bool(target_states(group, member))


def serving(group: Group, member: Member) -> bool:
    """In service, and healthy wherever a target group checks it. A group that no load balancer uses checks nothing."""
    if member.state != "InService" or member.health != "Healthy":
        return False
    return all(s in ("healthy", "unused") for s in target_states(group, member))


def ready(group: Group, member: Member) -> bool:
    """Whether an instance refresh counts it: healthy by the checks that the group is set to use."""
    if member.state != "InService" or member.health != "Healthy":
        return False
    waits = group.checks_elb and readings.holds("refresh-waits-for-target-health")
    return not waits or serving(group, member)
