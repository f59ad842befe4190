"""What the VPC's own name server knows by itself: Route 53's private zones, and the instances' internal names.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address
from typing import Any

from moto.backends import get_backend

from rehearsal.machines.dns_message import TYPES, Record

_INTERNAL = re.compile(r"^ip-(\d+)-(\d+)-(\d+)-(\d+)\.(ec2\.internal|[a-z0-9-]+\.compute\.internal)$")
_REVERSE = re.compile(r"^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$")


def answer(name: str, type: int, vpc_id: str | None) -> list[Record] | None:
    """The records for a name; an empty list when the name has others only; None when somebody else must be asked.

    @raises KeyError when the name is in a zone of ours that does not have it.
    """
    internal = _INTERNAL.match(name)
    if internal:
        address = ".".join(internal.groups()[:4])
        return [Record(name, "A", 60, address)] if type == TYPES["A"] else []
    reverse = _REVERSE.match(name)
    if reverse:
        address = ".".join(reversed(reverse.groups()))
        if not IPv4Address(address).is_private:
            return None
        return [Record(name, "PTR", 60, f"ip-{address.replace('.', '-')}.ec2.internal")]
    zone = _zone(name, vpc_id)
    return None if zone is None else _follow(zone, name, type, 8)


def _zone(name: str, vpc_id: str | None) -> Any:
    """The most specific private zone of the VPC that holds the name."""
    found = [zone for zone in _private_zones(vpc_id) if f".{name}.".endswith(f".{zone.name.lower().rstrip('.')}.")]
    return max(found, key=lambda zone: len(zone.name), default=None)


def _private_zones(vpc_id: str | None) -> Iterator[Any]:
    for partitions in list(get_backend("route53").values()):
        for backend in list(partitions.values()):
            for zone in list(backend.zones.values()):
                # A zone with a VPC is private, whether moto was told so or not.
                if any(vpc.get("vpc_id") == vpc_id for vpc in zone.vpcs):
                    yield zone


def _follow(zone: Any, name: str, type: int, hops: int) -> list[Record]:
    sets = _sets(zone, name)
    if not sets:
        raise KeyError(name)
    records = []
    for one in sets:
        if one.alias_target:
            target = one.alias_target["DNSName"].rstrip(".").removeprefix("dualstack.")
            if one.type == "A" and type == TYPES["A"]:
                records += _alias(zone, name, target, hops)
        elif TYPES.get(one.type) == type:
            records += [Record(name, one.type, int(one.ttl or 300), value) for value in one.records]
        elif one.type == "CNAME" and hops:
            value = one.records[0].rstrip(".").lower()
            records.append(Record(name, "CNAME", int(one.ttl or 300), value))
            records += _follow(zone, value, type, hops - 1) if _sets(zone, value) else []
    return records


def _sets(zone: Any, name: str) -> list[Any]:
    """The record sets of a name, or those of the wildcard that covers it."""
    for candidate in (name, "*." + name.partition(".")[2]):
        found = [r for r in list(zone.rrsets) if r.name.rstrip(".").lower().replace("\\052", "*") == candidate]
        if found:
            return found
    return []


def _alias(zone: Any, name: str, target: str, hops: int) -> list[Record]:
    """A load balancer's name is its public address here: a resolver cannot be taught names without changing it."""
    try:
        return [Record(name, "A", 60, str(IPv4Address(target)))]
    except AddressValueError:
        if not hops or not _sets(zone, target.lower()):
            return []
    found = _follow(zone, target.lower(), TYPES["A"], hops - 1)
    return [Record(name, r.type, r.ttl, r.value) for r in found if r.type == "A"]
