"""Target groups of a group.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.services.autoscaling import store, traffic, validation
from rehearsal.services.autoscaling.model import Group
from rehearsal.services.elb import targets


@operation("autoscaling", "AttachLoadBalancerTargetGroups")
def attach(call: Call) -> dict[str, Any]:
    group, arns = store.get(call), list(call.params["TargetGroupARNs"])
    validation.check_target_groups(call.account, call.region, arns)
    with group.lock:
        fresh = [a for a in arns if a not in group.target_groups]
        group.settings["TargetGroupARNs"] = [*group.target_groups, *fresh]
        present = [str(m.id) for m in group.members if m.state == "InService"]
    if present and group.runs("AddToLoadBalancer"):
        for arn in fresh:
            tasks.spawn(f"asg-attach-{group.name}", traffic.register, group, arn, present)
    return {}


@operation("autoscaling", "DetachLoadBalancerTargetGroups")
def detach(call: Call) -> dict[str, Any]:
    group, arns = store.get(call), list(call.params["TargetGroupARNs"])
    with group.lock:
        missing = [a for a in arns if a not in group.target_groups]
        if missing:
            raise validation.invalid(f"Target group {missing[0]} is not attached to the Auto Scaling group.")
        group.settings["TargetGroupARNs"] = [a for a in group.target_groups if a not in arns]
        present = [str(m.id) for m in group.members if m.id]
    for arn in arns if present else []:
        tasks.spawn(f"asg-detach-{group.name}", traffic.deregister, group, arn, present)
    return {}


def _state(group: Group, arn: str) -> str:
    """InService once an instance passed a health check of the target group."""
    states = [s for m in list(group.members) if m.id for s in targets.states_of(arn, m.id)]
    waiting = [m for m in list(group.members) if m.state == "InService"]
    if waiting and len(states) < len(waiting):
        return "Adding"
    return "InService" if "healthy" in states else "Added"


@operation("autoscaling", "DescribeLoadBalancerTargetGroups")
def describe_target_groups(call: Call) -> dict[str, Any]:
    group = store.get(call)
    found = [{"LoadBalancerTargetGroupARN": a, "State": _state(group, a)} for a in group.target_groups]
    return {"LoadBalancerTargetGroups": found}
