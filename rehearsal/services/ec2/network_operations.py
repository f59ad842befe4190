"""Changes of the network that take effect on running machines: moto records them, the router follows.

A rule that is taken away ends no connection that is open, as with AWS's tracked connections:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.machines import addresses, network
from rehearsal.services.ec2 import group_descriptions, support


@operation(
    "ec2",
    "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress",
    "CreateRoute", "ReplaceRoute", "DeleteRoute", "AssociateRouteTable", "DisassociateRouteTable",
    "ReplaceRouteTableAssociation", "AttachInternetGateway", "AssociateAddress",
    "CreateNetworkInterface", "DeleteNetworkInterface",
    "AttachNetworkInterface", "DetachNetworkInterface", "ModifyVpcAttribute",
)  # fmt: skip
def change_network(call: Call) -> dict[str, Any]:
    result = call.moto()
    network.refresh_firewall()
    return result


@operation("ec2", "ModifySecurityGroupRules")
def modify_security_group_rules(call: Call) -> dict[str, Any]:
    group_descriptions.check_rules(call)
    return change_network(call)


@operation("ec2", "ModifyNetworkInterfaceAttribute")
def modify_network_interface_attribute(call: Call) -> dict[str, Any]:
    result = call.moto()
    backend = support.backend_of(call.account, call.region)
    interface = backend.get_network_interface(call.params["NetworkInterfaceId"])
    if interface.instance is not None and call.params.get("Groups") and interface.device_index == 0:
        # The instance's groups are its primary interface's; moto would show the old ones, too.
        interface.instance.security_groups, interface._group_set = list(interface._group_set), []
    network.refresh_firewall()
    return result


@operation("ec2", "DisassociateAddress")
def disassociate_address(call: Call) -> dict[str, Any]:
    """moto leaves the address on the interface."""
    backend = support.backend_of(call.account, call.region)
    wanted = call.params.get("AssociationId"), call.params.get("PublicIp")
    interfaces = [
        a.eni for a in backend.addresses if a.eni and (a.association_id == wanted[0] or a.public_ip == wanted[1])
    ]
    result = call.moto()
    for interface in interfaces:
        interface.public_ip = None
    network.refresh_firewall()
    return result


@operation("ec2", "ReleaseAddress")
def release_address(call: Call) -> dict[str, Any]:
    backend = support.backend_of(call.account, call.region)
    wanted = call.params.get("AllocationId"), call.params.get("PublicIp")
    for address in backend.addresses:
        if address.association_id and wanted[0] and address.allocation_id == wanted[0]:
            raise AwsError("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")
    released = [a.public_ip for a in backend.addresses if a.allocation_id == wanted[0] or a.public_ip == wanted[1]]
    result = call.moto()
    for ip in released:
        addresses.release(ip)
    network.refresh_firewall()
    return result
