"""Taking instances out: out of the target groups, drained, past the hooks, terminated.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html (deregistration delay)
"""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.kernel import clients, tasks
from rehearsal.services.autoscaling import hooks, notices, traffic
from rehearsal.services.autoscaling.model import Group, Member


def _ec2(group: Group) -> Any:
    return clients.client("ec2", group.region, principal=clients.Service("autoscaling.amazonaws.com", group.account))


def begin(group: Group, member: Member, cause: str, force: bool = False) -> None:
    """Starts the end of an instance. With `force` nothing is waited for. The group's lock is held."""
    if member.leaving:
        member.force = member.force or force
        return
    if member.activity.status in ("InProgress", "MidLifecycleAction"):
        member.activity.finish("Cancelled")
    if member.id is None:
        # RunInstances has not answered: the thread that waits for it terminates what it gets.
        group.members.remove(member)
        return
    details = json.dumps({"Subnet ID": member.subnet, "Availability Zone": member.zone})
    member.activity = group.begin(f"Terminating EC2 instance: {member.id}", cause, details)
    member.state, member.hooks, member.busy, member.force = "Terminating", {}, "", force
    group.wake.set()


def advance(group: Group, member: Member) -> None:
    """Moves a leaving instance one step on. The group's lock is held."""
    if member.busy:
        return
    if member.state == "Terminating":
        if not member.drained:
            _drain(group, member)
        elif member.force or not hooks.start(group, member, hooks.TERMINATING):
            _terminate(group, member)
    elif member.state == "Terminating:Wait":
        # Either result lets the termination go on.
        if member.force or hooks.outcome(group, member):
            _terminate(group, member)
    elif member.state == "Terminating:Proceed":
        _gone(group, member)


def _drain(group: Group, member: Member) -> None:
    states = traffic.target_states(group, member)
    if any(s != "draining" for s in states):
        member.busy = "drain"
        tasks.spawn(f"asg-drain-{group.name}", _deregister, group, member)
        if not member.force:
            member.activity.status, member.activity.progress = "WaitingForELBConnectionDraining", 30
    elif not states or member.force:
        member.drained = True
        member.activity.status, member.activity.progress = "InProgress", 50
        group.wake.set()


def _deregister(group: Group, member: Member) -> None:
    for arn in group.target_groups:
        traffic.deregister(group, arn, [str(member.id)])
    with group.lock:
        member.busy = ""
    group.wake.set()


def _terminate(group: Group, member: Member) -> None:
    member.state, member.busy = "Terminating:Proceed", "terminate"
    member.activity.status, member.activity.progress = "InProgress", 60
    tasks.spawn(f"asg-terminate-{group.name}", _end, group, member)


def _end(group: Group, member: Member) -> None:
    try:
        _ec2(group).terminate_instances(InstanceIds=[member.id])
    except ClientError as error:
        # Tried again after a while, as long as the instance is there.
        if "NotFound" not in error.response["Error"]["Code"]:
            member.activity.message = error.response["Error"]["Message"][:255]
            tasks.sleep(30)
            with group.lock:
                member.state, member.busy = "Terminating", ""
            group.wake.set()
            return
    with group.lock:
        member.busy = ""
    group.wake.set()


def _gone(group: Group, member: Member) -> None:
    if traffic.instance_state(group, str(member.id)) != "terminated":
        return
    group.members.remove(member)
    member.state = "Terminated"
    member.activity.finish("Successful")
    notices.instance_changed(group, "Terminate Successful", member.activity, member.id, member.zone, member.subnet)
