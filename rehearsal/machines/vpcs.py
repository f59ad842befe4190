"""The network as EC2 describes it: moto's interfaces, security groups and routes, as values for the router."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Any

from moto.backends import get_backend
from moto.ec2.exceptions import InvalidSubnetIdError

from rehearsal.machines.interfaces import Group, Interface, Rule


def backends() -> Iterator[Any]:
    """EC2's state in every account and region that was used; asking for another one would create it."""
    for regions in list(get_backend("ec2").values()):
        yield from list(regions.values())


def interfaces() -> list[Interface]:
    return [_interface(backend, eni) for backend in backends() for eni in list(backend.enis.values())]


def _interface(backend: Any, eni: Any) -> Interface:
    return Interface(
        ip=eni.private_ip_address,
        vpc=eni.subnet.vpc_id,
        groups=tuple(sorted(group.id for group in eni.group_set)),
        public=eni.public_ip,
        egress=way_out(backend, eni.subnet.id, eni.public_ip),
    )


def way_out(backend: Any, subnet_id: str, public_ip: str | None) -> str | None:
    """The public address that packets from a subnet carry to the internet, by its default route; None without a way.

    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html: an internet gateway serves only
    interfaces with a public address; a NAT gateway lends its own.
    """
    table = route_table(backend, subnet_id)
    route = next((r for r in table.routes if r.destination_cidr_block == "0.0.0.0/0"), None) if table else None
    if route is None:
        return None
    nat = route.nat_gateway
    if nat is not None:
        if nat.state != "available" or nat.connectivity_type == "private" or nat.subnet_id == subnet_id:
            return None
        return way_out(backend, nat.subnet_id, nat._eni.public_ip)  # no public name for a NAT gateway's interface
    if route.gateway is not None and route.gateway.id.startswith("igw-"):
        return public_ip if route.gateway.id in backend.internet_gateways else None
    return None


def route_table(backend: Any, subnet_id: str) -> Any:
    """A subnet's own route table, or else its VPC's main one; None when another request is deleting the subnet."""
    try:
        subnet = backend.get_subnet(subnet_id)
    except InvalidSubnetIdError:
        return None
    main = None
    for table in list(backend.route_tables.values()):
        for association in table.associations:
            if association.get("SubnetId") == subnet_id:
                return table
            if association["Main"] and table.vpc_id == subnet.vpc_id:
                main = table
    return main


def groups() -> dict[str, Group]:
    return {
        group.id: Group(group.id, _rules(backend, group.ingress_rules), _rules(backend, group.egress_rules))
        for backend in backends()
        for by_id in list(backend.groups.values())
        for group in list(by_id.values())
    }


def _rules(backend: Any, rules: list[Any]) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            protocol=str(rule.ip_protocol),
            first=rule.from_port,
            last=rule.to_port,
            cidrs=_cidrs(backend, rule),
            groups=(rule.source_group["GroupId"],) if rule.source_group.get("GroupId") else (),
        )
        for rule in list(rules)
    )


def _cidrs(backend: Any, rule: Any) -> tuple[str, ...]:
    if rule.cidr_ipv4:
        return (rule.cidr_ipv4,)
    prefixes = backend.managed_prefix_lists.get(rule.prefix_list_id) if rule.prefix_list_id else None
    if prefixes is None:
        return ()
    entries = prefixes.entries.get(prefixes.version) or []
    return tuple(entry["Cidr"] for entry in entries if ":" not in entry["Cidr"])


def resolvers() -> dict[str, str]:
    """Each VPC's name server, the third address of its range.

    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    return {
        vpc.id: str(ip_network(vpc.cidr_block)[2])
        for backend in backends()
        for vpc in list(backend.vpcs.values())
        if vpc.enable_dns_support
    }


def subnet_of(ip: str, vpc_id: str) -> tuple[Any, Any] | None:
    """The backend and the subnet of a VPC that holds an address."""
    for backend in backends():
        for by_id in list(backend.subnets.values()):
            for subnet in list(by_id.values()):
                if subnet.vpc_id == vpc_id and ip_address(ip) in subnet.cidr:
                    return backend, subnet
    return None
