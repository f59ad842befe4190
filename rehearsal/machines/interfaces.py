"""What the firewall works from: the network's members and their security groups, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One permission: `protocol` -1, tcp, udp, icmp or a number; ports are inclusive, None means all."""

    protocol: str
    first: int | None = None
    last: int | None = None
    cidrs: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    id: str
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Interface:
    """A private address on the network.

    vpc: None for what stands in no VPC (a build without one): no private address reaches it, nor it any.
    public: the address that the world knows it by, if any.
    egress: the public address its packets to the world carry (its own, a NAT gateway's), None where the route table
    leads nowhere.
    """

    ip: str
    vpc: str | None
    groups: tuple[str, ...] = ()
    public: str | None = None
    egress: str | None = None
