"""What cannot be deleted while something stands on it; moto lets most of it go.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (DependencyViolation)
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.machines import network
from rehearsal.services.ec2 import support


def _interfaces(call: Call) -> list[Any]:
    return list(support.backend_of(call.account, call.region).enis.values())


@operation("ec2", "DeleteVpc")
def delete_vpc(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html: what was made in it goes first."""
    backend, identifier = support.backend_of(call.account, call.region), call.params.get("VpcId")
    groups = any(group.name != "default" for group in list(backend.groups.get(identifier, {}).values()))
    subnets = any(
        subnet.vpc_id == identifier for zone in list(backend.subnets.values()) for subnet in list(zone.values())
    )
    gateways = any(
        gateway.vpc is not None and gateway.vpc.id == identifier
        for gateway in list(backend.internet_gateways.values())
    )
    if groups or subnets or gateways:
        raise AwsError("DependencyViolation", f"The vpc '{identifier}' has dependencies and cannot be deleted.")
    return call.moto()


@operation("ec2", "DeleteSubnet")
def delete_subnet(call: Call) -> dict[str, Any]:
    identifier = call.params.get("SubnetId")
    if any(eni.subnet.id == identifier for eni in _interfaces(call)):
        raise AwsError("DependencyViolation", f"The subnet '{identifier}' has dependencies and cannot be deleted.")
    return call.moto()


@operation("ec2", "DeleteSecurityGroup")
def delete_security_group(call: Call) -> dict[str, Any]:
    backend = support.backend_of(call.account, call.region)
    identifier = call.params.get("GroupId")
    group = backend.get_security_group_from_id(identifier) if identifier else None
    if group is not None and group.name == "default":
        raise AwsError(
            "CannotDelete", f'the specified group: "{identifier}" name: "default" cannot be deleted by a user'
        )
    used = any(identifier in {g.id for g in eni.group_set} for eni in _interfaces(call))
    named = any(
        rule.source_group.get("GroupId") == identifier
        for groups in list(backend.groups.values())
        for other in list(groups.values())
        if other.id != identifier
        for rule in [*other.ingress_rules, *other.egress_rules]
    )
    if identifier and (used or named):
        raise AwsError("DependencyViolation", f"resource {identifier} has a dependent object")
    return call.moto()


@operation("ec2", "DetachInternetGateway")
def detach_internet_gateway(call: Call) -> dict[str, Any]:
    vpc = call.params.get("VpcId")
    if any(eni.public_ip and eni.subnet.vpc_id == vpc for eni in _interfaces(call)):
        raise AwsError(
            "DependencyViolation",
            f"Network {vpc} has some mapped public address(es). Please unmap those public address(es) before detaching "
            "the gateway.",
        )
    result = call.moto()
    network.refresh_firewall()
    return result
