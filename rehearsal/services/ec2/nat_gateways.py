"""NAT gateways come and go slowly, and take their interface along; moto's are there at once and leave it behind.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.machines import network
from rehearsal.services.ec2 import support

# Seconds; AWS takes one to two minutes for each.
COMING = GOING = 30


@operation("ec2", "CreateNatGateway")
def create_nat_gateway(call: Call) -> dict[str, Any]:
    backend = support.backend_of(call.account, call.region)
    token = call.params.get("ClientToken")
    known = next((g for g in backend.nat_gateways.values() if token and getattr(g, "token", None) == token), None)
    if known is not None:
        return {"NatGateway": _described(call, known), "ClientToken": token}
    identifier = call.moto()["NatGateway"]["NatGatewayId"]
    gateway = backend.nat_gateways[identifier]
    gateway.token, gateway.state = token, "pending"
    gateway._eni.description, gateway._eni.interface_type = f"Interface for NAT Gateway {identifier}", "nat_gateway"
    gateway._eni.status = "in-use"
    tasks.spawn(f"nat-{identifier}", _come, gateway)
    return {"NatGateway": _described(call, gateway), **({"ClientToken": token} if token else {})}


def _described(call: Call, gateway: Any) -> dict[str, Any]:
    return {
        "NatGatewayId": gateway.id, "State": gateway.state, "SubnetId": gateway.subnet_id, "VpcId": gateway.vpc_id,
        "CreateTime": gateway._created_at, "ConnectivityType": gateway.connectivity_type or "public",
        "NatGatewayAddresses": [
            {name[0].upper() + name[1:]: value for name, value in one.items()} for one in gateway.address_set
        ],
        "Tags": support.tag_list(gateway.ec2_backend, gateway.id),
    }  # fmt: skip


def _come(gateway: Any) -> None:
    tasks.sleep(COMING)
    if gateway.state == "pending":
        gateway.state = "available"
        network.refresh_firewall()


@operation("ec2", "DeleteNatGateway")
def delete_nat_gateway(call: Call) -> dict[str, Any]:
    identifier = call.params.get("NatGatewayId", "")
    gateway = support.backend_of(call.account, call.region).nat_gateways.get(identifier)
    if gateway is None:
        raise AwsError("NatGatewayNotFound", f"The Nat Gateway {identifier} was not found")
    support.end_dry_run(call)
    if gateway.state not in ("deleting", "deleted"):
        gateway.state = "deleting"
        network.refresh_firewall()
        tasks.spawn(f"nat-{identifier}", _go, gateway)
    return {"NatGatewayId": identifier}


def _go(gateway: Any) -> None:
    tasks.sleep(GOING)
    backend = gateway.ec2_backend
    for address in backend.addresses:
        if address.eni is gateway._eni:
            address.eni = address.association_id = None
    backend.enis.pop(gateway._eni.id, None)
    gateway.state = "deleted"
    network.refresh_firewall()
