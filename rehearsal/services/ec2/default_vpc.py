"""The way out that every account's default VPC has from its first day: an internet gateway, and a route to it.

https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html. moto makes the VPC without them when an
account is first used in a region, so a machine with a public address would reach nothing.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend

EVERYWHERE = "0.0.0.0/0"


def install() -> None:
    made = EC2Backend.__init__

    def make(self: EC2Backend, region_name: str, account_id: str) -> None:
        made(self, region_name, account_id)
        connect(self)

    backend: Any = EC2Backend
    backend.__init__ = make


def connect(backend: Any) -> None:
    """For one region's backend of moto; does nothing where the gateway is there already."""
    vpc = backend.get_default_vpc()
    if vpc is None or backend.describe_internet_gateways(filters={"attachment.vpc-id": [vpc.id]}):
        return
    gateway = backend.create_internet_gateway()
    backend.attach_internet_gateway(gateway.id, vpc.id)
    table = backend.describe_route_tables(filters={"vpc-id": [vpc.id], "association.main": ["true"]})[0]
    backend.create_route(table.id, EVERYWHERE, gateway_id=gateway.id)
