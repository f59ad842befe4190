"""Registration and health of targets.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
"""

from __future__ import annotations

import ipaddress
from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.elb import draining, fleet, targets
from rehearsal.services.elb.targets import Group, Target


def _group(call: Call) -> Group:
    arn = call.params["TargetGroupArn"]
    if arn not in get_backend("elbv2")[call.account][call.region].target_groups:
        raise AwsError("TargetGroupNotFound", f"Target groups '{arn}' not found")
    return targets.group(arn, call.account, call.region)


def _zone(group: Group, given: dict[str, Any]) -> str | None:
    """@raises AwsError InvalidTarget where the target is not what the group takes."""
    name = given["Id"]
    if group.model.target_type == "ip":
        try:
            ipaddress.ip_address(name)
        except ValueError as error:
            raise AwsError("ValidationError", f"The IP address '{name}' is not a valid IPv4 address") from error
        return given.get("AvailabilityZone")
    instance = targets.instance_of(group.account, group.region, name)
    state = getattr(instance, "state", None)
    if instance is not None and getattr(instance, "vpc_id", group.model.vpc_id) != group.model.vpc_id:
        outside = f"The following targets are not in the target group VPC '{group.model.vpc_id}': '{name}'"
        raise AwsError("InvalidTarget", outside)
    if state != "running":
        idle = f"The following targets are not in a running state and cannot be registered: '{name}'"
        raise AwsError("InvalidTarget", idle)
    return str(instance.placement.zone)


@operation("elbv2", "RegisterTargets")
def register_targets(call: Call) -> dict[str, Any]:
    group = _group(call)
    given = [(t, _zone(group, t)) for t in call.params["Targets"]]
    for one, zone in given:
        key = (one["Id"], int(one.get("Port") or group.model.port))
        known = group.targets.get(key)
        if known is None or known.draining:
            group.targets[key] = Target(*key, zone)
    fleet.watch(group)
    return {}


@operation("elbv2", "DeregisterTargets")
def deregister_targets(call: Call) -> dict[str, Any]:
    """Without a port, every registration of the target ends."""
    group = _group(call)
    for one in call.params["Targets"]:
        for target in list(group.targets.values()):
            if target.id == one["Id"] and one.get("Port") in (None, target.port):
                draining.begin(group, target)
    return {}


@operation("elbv2", "DescribeTargetHealth")
def describe_target_health(call: Call) -> dict[str, Any]:
    group = _group(call)
    asked = call.params.get("Targets")
    if not asked:
        return {"TargetHealthDescriptions": [_described(group, t) for t in list(group.targets.values())]}
    found = []
    for one in asked:
        port = int(one.get("Port") or group.model.port)
        target = group.targets.get((one["Id"], port))
        if target is None:
            target = Target(one["Id"], port)
            target.become("unused", "Target.NotRegistered")
        found.append(_described(group, target))
    return {"TargetHealthDescriptions": found}


def _described(group: Group, target: Target) -> dict[str, Any]:
    health = {"State": target.state, "Reason": target.reason, "Description": target.description}
    check = str(group.model.health_check_port or "traffic-port")
    who: dict[str, Any] = {"Id": target.id, "Port": target.port}
    if group.model.target_type == "ip" and target.zone:
        who["AvailabilityZone"] = target.zone
    return {
        "Target": who,
        "HealthCheckPort": str(target.port) if check == "traffic-port" else check,
        "TargetHealth": {name: value for name, value in health.items() if value is not None},
    }
