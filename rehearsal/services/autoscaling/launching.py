"""Launching instances, one RunInstances each, and taking them in.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
"""

from __future__ import annotations

import json
import time
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.kernel import clients, tasks
from rehearsal.kernel.errors import AwsError
from rehearsal.services.autoscaling import choosing, hooks, leaving, notices, templates, traffic, words
from rehearsal.services.autoscaling.model import Activity, Group, Member, Settings

# How long the group waits after failed launches: AWS seconds, doubled each time. The real figures are not documented.
BACK_OFF, LONGEST = 60.0, 600.0


def _ec2(group: Group) -> Any:
    return clients.client("ec2", group.region, principal=templates.service(group.account))


def zones(group: Group) -> list[tuple[str, str]]:
    """(subnet, zone) pairs of the group."""
    found = _ec2(group).describe_subnets(SubnetIds=group.subnets)["Subnets"]
    where = {s["SubnetId"]: s["AvailabilityZone"] for s in found}
    return [(s, where[s]) for s in group.subnets if s in where]


def launch(group: Group, number: int, settings: Settings, cause: str) -> None:
    """Adds `number` pending instances; each is asked for in the background. Called with the group's lock held."""
    try:
        wanted = templates.resolve(group.account, group.region, settings)
        places = zones(group)
    except (AwsError, ClientError) as error:
        _failed_before(group, cause, error)
        return
    for _ in range(number):
        subnet, zone = choosing.subnet_for_next(group.members, places)
        details = json.dumps({"Subnet ID": subnet, "Availability Zone": zone})
        activity = group.begin("Launching a new EC2 instance", cause, details)
        member = Member(zone, subnet, wanted.template, wanted.instance_type, activity, image=wanted.image)
        member.protected = bool(group.settings.get("NewInstancesProtectedFromScaleIn"))
        member.busy = "launch"
        group.members.append(member)
        tasks.spawn(f"asg-launch-{group.name}", _run, group, member, wanted)


def _tags(group: Group) -> list[dict[str, str]]:
    own = [{"Key": t["Key"], "Value": t.get("Value") or ""} for t in group.tags if t.get("PropagateAtLaunch")]
    return [{"Key": "aws:autoscaling:groupName", "Value": group.name}, *own]


def _run(group: Group, member: Member, wanted: templates.Launch) -> None:
    asked: dict[str, Any] = {
        "LaunchTemplate": {"LaunchTemplateId": wanted.template_id, "Version": wanted.version},
        "MinCount": 1,
        "MaxCount": 1,
        "SubnetId": member.subnet,
        "ClientToken": member.activity.id,
        "TagSpecifications": [{"ResourceType": "instance", "Tags": _tags(group)}],
    }
    if wanted.overridden:
        asked["InstanceType"] = wanted.instance_type
    try:
        made = _ec2(group).run_instances(**asked)["Instances"][0]
    except ClientError as error:
        with group.lock:
            group.members.remove(member)
            _failed(group, member.activity, error.response["Error"]["Message"], member)
        group.wake.set()
        return
    with group.lock:
        member.busy = ""
        member.id, member.image, member.instance_type = made["InstanceId"], made["ImageId"], made["InstanceType"]
        member.activity.description = f"Launching a new EC2 instance: {member.id}"
        member.activity.progress = 30
        abandoned = member not in group.members
    if abandoned:
        _ec2(group).terminate_instances(InstanceIds=[member.id])
    group.wake.set()


def _failed_before(group: Group, cause: str, error: Exception) -> None:
    said = isinstance(error, ClientError)
    message = error.response["Error"]["Message"] if said else str(getattr(error, "message", error))
    _failed(group, group.begin("Launching a new EC2 instance", cause), message, None)


def _failed(group: Group, activity: Activity, message: str, member: Member | None) -> None:
    said = f"{message.rstrip('.')}. Launching EC2 instance failed."
    activity.description = f"Launching a new EC2 instance.  Status Reason: {said}"
    activity.finish("Failed", said[:255])
    group.launch_failures += 1
    wait = min(BACK_OFF * 2 ** (group.launch_failures - 1), LONGEST) / tasks.speed()
    group.no_launch_before = time.monotonic() + wait
    zone, subnet = (member.zone, member.subnet) if member else ("", "")
    notices.instance_changed(group, "Launch Unsuccessful", activity, None, zone, subnet)


def advance(group: Group, member: Member) -> None:
    """Moves an arriving instance one step on: running, hooks, registered, in service. The lock is held."""
    if member.id is None or member.busy:
        return
    state = traffic.instance_state(group, member.id)
    if state in ("shutting-down", "terminated", "stopping", "stopped"):
        _died(group, member, state)
    elif member.state == "Pending" and state == "running":
        if not hooks.start(group, member, hooks.LAUNCHING):
            _enter(group, member)
    elif member.state == "Pending:Wait":
        result = hooks.outcome(group, member)
        if result == "CONTINUE":
            _enter(group, member)
        elif result == "ABANDON":
            _abandon(group, member)
    elif member.state == "Pending:Proceed":
        _enter(group, member)


def _died(group: Group, member: Member, state: str) -> None:
    said = f"Instance became unhealthy while waiting for instance to be in InService state. Instance is {state}."
    member.activity.finish("Cancelled", said)
    group.launch_failures += 1
    group.no_launch_before = time.monotonic() + min(BACK_OFF, LONGEST) / tasks.speed()
    leaving.begin(group, member, f"At {words.stamp()} {said}")


def _abandon(group: Group, member: Member) -> None:
    said = "Instance failed to complete user's Lifecycle Action: Lifecycle Action was abandoned"
    member.activity.finish("Cancelled", said)
    leaving.begin(group, member, f"At {words.stamp()} an instance was abandoned by its lifecycle action.")


def _enter(group: Group, member: Member) -> None:
    """Registers with the target groups, then is in service."""
    member.state = "Pending:Proceed" if member.hooks else "Pending"
    if group.target_groups and group.runs("AddToLoadBalancer"):
        member.busy = "register"
        tasks.spawn(f"asg-register-{group.name}", _register_and_serve, group, member)
    else:
        serve(group, member)


def _register_and_serve(group: Group, member: Member) -> None:
    for arn in group.target_groups:
        traffic.register(group, arn, [str(member.id)])
    with group.lock:
        member.busy = ""
        if member.arriving:
            serve(group, member)
    group.wake.set()


def serve(group: Group, member: Member) -> None:
    member.state, member.in_service, member.hooks = "InService", time.monotonic(), {}
    group.launch_failures = 0
    if member.activity.status in ("InProgress", "MidLifecycleAction"):
        member.activity.finish("Successful")
        notices.instance_changed(group, "Launch Successful", member.activity, member.id, member.zone, member.subnet)
