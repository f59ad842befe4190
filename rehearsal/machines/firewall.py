"""Security groups as nftables rules of the router: stateful, by interface, evaluated at both ends.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
A packet to a public address is translated first, and is then judged as one from outside: references to groups do not
match it, as on AWS. Network ACLs are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network

from rehearsal.machines.interfaces import Group, Interface, Rule
from rehearsal.machines.router import CONTAINER_CREDENTIALS, METADATA, RESOLVER

_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}


def table(
    interfaces: Iterable[Interface], groups: Mapping[str, Group], *, endpoint: tuple[str, int], resolvers: Iterable[str]
) -> str:
    """The router's whole rule set, for one `nft -f`: it changes at once or not at all, connections go on.

    endpoint: the API's address and port; resolvers: the addresses of the VPCs' name servers.
    """
    members = sorted({i.ip: i for i in interfaces}.values(), key=lambda i: ip_address(i.ip))
    return "\n".join([
        "add table ip rehearsal", "delete table ip rehearsal", "table ip rehearsal {",
        *_nat(members, endpoint[0]), *_hooks(members, endpoint, resolvers),
        *(line for i in members for line in _member(i, members, groups)),
        "}", "",
    ])  # fmt: skip


def _nat(members: list[Interface], router: str) -> list[str]:
    to_private = ", ".join(f"{i.public} : {i.ip}" for i in members if i.public)
    to_public = ", ".join(f"{i.ip} : {i.egress}" for i in members if i.egress)
    translate = [f"dnat to ip daddr map {{ {to_private} }}"] if to_private else []
    leave = [f'oifname "uplink" snat to ip saddr map {{ {to_public} }}',
             f"ct status dnat snat to ip saddr map {{ {to_public} }}"] if to_public else []  # fmt: skip
    return [
        "chain prerouting { type nat hook prerouting priority dstnat; policy accept;", *translate, "}",
        "chain output_nat { type nat hook output priority -100; policy accept;", *translate, "}",
        "chain postrouting { type nat hook postrouting priority srcnat; policy accept;", *leave,
        f'oifname "uplink" ip saddr != {router} snat to {router}', "}",
    ]  # fmt: skip


def _hooks(members: list[Interface], endpoint: tuple[str, int], resolvers: Iterable[str]) -> list[str]:
    known = ", ".join(i.ip for i in members)
    connected = ", ".join(i.ip for i in members if i.egress)
    name_servers = ", ".join(sorted({RESOLVER, *resolvers}))
    world = f"ip saddr {{ {connected} }}" if connected else "ip saddr 0.0.0.0"
    into = ", ".join(f"{i.ip} : jump in-{i.ip}" for i in members)
    out = ", ".join(f"{i.ip} : jump out-{i.ip}" for i in members)
    return [
        "chain judge {",
        "ct state established,related accept",
        "ct state invalid drop",
        *([f"ip saddr vmap {{ {out} }}", f"ct status dnat ip saddr {{ {known} }} jump worldly",
           f"ip daddr vmap {{ {into} }}"] if members else []),
        "}",
        "chain worldly {", f"{world} return", "drop", "}",
        "chain forward { type filter hook forward priority filter; policy drop;",
        "jump judge", f'oifname "uplink" {world} accept', "}",
        "chain input { type filter hook input priority filter; policy drop;",
        'iifname "lo" accept',
        "ct state established,related accept",
        f"ip daddr {{ {METADATA}, {CONTAINER_CREDENTIALS} }} tcp dport 80 accept",
        f"ip daddr {{ {name_servers} }} meta l4proto {{ tcp, udp }} th dport 53 accept",
        # The API has a public address: it is reached as the internet is, through a route of the subnet.
        f"ip daddr {endpoint[0]} tcp dport {endpoint[1]} {world} accept",
        "jump judge", "}",
        # The rehearsal's own packets: replies, and what a load balancer's node sends from its interface.
        "chain output { type filter hook output priority filter; policy accept;",
        "jump judge", "}",
    ]  # fmt: skip


def _member(one: Interface, members: list[Interface], groups: Mapping[str, Group]) -> list[str]:
    mine = [groups[g] for g in one.groups if g in groups]
    neighbours = ", ".join(i.ip for i in members if i.vpc == one.vpc and one.vpc)
    own_vpc = [f"ip saddr != {{ {neighbours} }} drop"] if neighbours else ["drop"]
    return [
        f"chain out-{one.ip} {{",
        *(f"{match} return" for g in mine for r in g.egress for match in _matches(r, "daddr", members)),
        # What stands in no VPC has no groups, and may send wherever it finds a way.
        *(["return"] if one.vpc is None else []), "drop", "}",
        f"chain in-{one.ip} {{",
        f"ct status dnat jump world-{one.ip}",
        "ct status dnat drop",
        *own_vpc,
        *(f"{match} accept" for g in mine for r in g.ingress for match in _matches(r, "saddr", members)),
        "drop", "}",
        f"chain world-{one.ip} {{",
        *(f"{match} accept" for g in mine for r in g.ingress for match in _from_world(r, members)),
        "}",
    ]  # fmt: skip


def _matches(rule: Rule, side: str, members: list[Interface]) -> list[str]:
    peers = sorted({i.ip for i in members if set(i.groups) & set(rule.groups)})
    sources = [*rule.cidrs, *peers]
    if not sources:
        return []
    return [_match(f"ip {side} {{ {', '.join(_merged(sources))} }}", rule)]


def _from_world(rule: Rule, members: list[Interface]) -> list[str]:
    """A sender of our own is known to the world by its public address, which its packet does not carry yet."""
    ours = [
        i.ip for i in members for c in rule.cidrs if i.egress and ip_address(i.egress) in ip_network(c, strict=False)
    ]
    sources = [*rule.cidrs, *ours]
    return [_match(f"ip saddr {{ {', '.join(_merged(sources))} }}", rule)] if rule.cidrs else []


def _merged(sources: list[str]) -> list[str]:
    """nft refuses a set whose intervals overlap."""
    networks = sorted({ip_network(s, strict=False) for s in sources}, key=lambda n: (n.prefixlen, n.network_address))
    kept: list[object] = []
    for network in networks:
        if not any(network.subnet_of(other) for other in kept):  # type: ignore[arg-type]
            kept.append(network)
    return [str(n) for n in kept]


def _match(who: str, rule: Rule) -> str:
    protocol = _PROTOCOLS.get(rule.protocol, rule.protocol)
    if protocol in ("-1", "all"):
        return who
    if protocol in ("tcp", "udp"):
        if rule.first in (None, -1):
            return f"{who} meta l4proto {protocol}"
        return f"{who} {protocol} dport {rule.first}-{rule.last}"
    if protocol == "icmp":
        kind = "" if rule.first in (None, -1) else f" icmp type {rule.first}"
        return f"{who} meta l4proto icmp{kind}"
    return f"{who} meta l4proto {protocol}"
