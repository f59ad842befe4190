"""The rehearsal's network, for whoever puts something on it: instances, builds, load balancers.

Everything is made when it is first asked for: a rehearsal that boots nothing changes nothing on the machine.

A load balancer's node: create a network interface (EC2 API) with its security groups, give it a public address
(`allocate_public_ip`, `publish`), `add_local_address` its private one, listen on that with a `router_socket`, and bind
its sockets to targets to that address. The groups then hold in both directions.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from rehearsal.kernel.settings import settings
from rehearsal.machines import addresses, firewall, host, links, names, namespaces, processes, remains, router, vpcs
from rehearsal.machines.interfaces import Interface

available = host.available

_lock = threading.RLock()
_extra: dict[str, Interface] = {}
_published: dict[str, str] = {}
_local: set[str] = set()
_resolvers: set[str] = set()
_present = ""
_ready = False
_builds = 0
_services: list[Callable[[], None]] = []
_ends: list[Callable[[], None]] = []


@dataclass
class Namespace:
    """A place on the network for processes: put `exec_prefix` before their command."""

    name: str
    ip: str
    exec_prefix: list[str] = field(default_factory=list)

    def close(self) -> None:
        """Ends what still runs in it and removes it; a second time does nothing."""
        with _lock:
            _extra.pop(self.ip, None)
        try:
            held = os.open(names.NETNS / self.name, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            processes.end_inside(self.name)
            links.remove(self.name)
            # Who was just about to enter when the others were ended; nobody can after the name is gone. The open file
            # keeps the namespace, so that no other is mistaken for it.
            time.sleep(0.02)
            processes.end_in(os.fstat(held).st_ino)
        finally:
            os.close(held)
        refresh_firewall()


def on_up(start: Callable[[], None]) -> Callable[[], None]:
    """Registers a service of the router (metadata, names, the API's own address), started when the router is made."""
    _services.append(start)
    return start


def on_forget(end: Callable[[], None]) -> Callable[[], None]:
    """Registers what must be ended before the network under it goes, at a reset or at the end."""
    _ends.append(end)
    return end


def ensure() -> None:
    """Makes the router and its services if they are not there. Where they are, nothing is waited for.

    @raises HostError where network.available() says no.
    """
    global _ready
    if _ready:
        return
    ok, reason = available()
    if not ok:
        raise host.HostError(reason)
    with _lock:
        if router.up():
            remains.own()
            remains.sweep()
            for start in _services:
                start()
            _apply()
            _ready = True


def router_socket(family: int = socket.AF_INET, type: int = socket.SOCK_STREAM) -> socket.socket:
    """A socket made inside the router; it stays there."""
    ensure()
    return namespaces.new_socket(names.router(), family, type)


def add_local_address(ip: str) -> None:
    """Makes the router itself answer on an address; again does nothing."""
    ensure()
    with _lock:
        if ip not in _local:
            host.run("ip", "-n", names.router(), "address", "replace", f"{ip}/32", "dev", "lo")
            _local.add(ip)


def remove_local_address(ip: str) -> None:
    with _lock:
        if ip in _local:
            _local.discard(ip)
            host.run("ip", "-n", names.router(), "address", "delete", f"{ip}/32", "dev", "lo")


def allocate_public_ip() -> str:
    """A public address that leads nowhere yet. Where nothing can boot it is only a number."""
    if available()[0]:
        ensure()
    return addresses.allocate()


def publish(public_ip: str, private_ip: str) -> None:
    """Leads a public address to a private one (1:1), where EC2's own state does not say so already."""
    with _lock:
        _published[private_ip] = public_ip
    refresh_firewall()


def release_public_ip(ip: str) -> None:
    addresses.release(ip)
    with _lock:
        for private in [k for k, v in _published.items() if v == ip]:
            del _published[private]


def namespace(
    kind: str = "build", private_ip: str | None = None, vpc_id: str | None = None, security_groups: tuple[str, ...] = ()
) -> Namespace:
    """A namespace on a VPC's subnet (then both address and VPC are given), or with a way out only.

    The groups are those of EC2's interface with that address, if there is one, else `security_groups`.
    @raises HostError
    """
    global _builds
    ensure()
    with _lock:
        _builds += 1
        # 100.64.0.0/10 is shared address space: in no VPC, and routed nowhere.
        ip = private_ip or f"100.64.{_builds // 250 % 250}.{_builds % 250 + 2}"
        way = _way_out(ip, vpc_id) if vpc_id else f"198.18.{router.number()}.1"
        _extra[ip] = Interface(ip, vpc_id, tuple(security_groups), None, way)
        name = names.namespace(f"{kind}-{_builds}")
    resolver = vpcs.resolvers().get(vpc_id, router.RESOLVER) if vpc_id else router.RESOLVER
    links.add(name, ip, resolver=resolver)
    refresh_firewall()
    return Namespace(name, ip, ["ip", "netns", "exec", name])


def _way_out(ip: str, vpc_id: str) -> str | None:
    found = vpcs.subnet_of(ip, vpc_id)
    return vpcs.way_out(found[0], found[1].id, None) if found else None


def endpoint_url() -> str:
    """The API as every namespace reaches it."""
    ensure()
    return f"http://198.18.{router.number()}.1:{settings.port}"


def refresh_firewall() -> None:
    """Brings the router's rules up to EC2's present state; cheap when nothing changed."""
    if router.is_up():
        with _lock:
            _apply()


def _apply() -> None:
    global _present
    if not router.is_up():
        return
    name_servers = set(vpcs.resolvers().values())
    rules = firewall.table(
        _members(), vpcs.groups(), endpoint=(f"198.18.{router.number()}.1", settings.port), resolvers=name_servers
    )
    for ip in name_servers - _resolvers:
        host.run("ip", "-n", names.router(), "address", "replace", f"{ip}/32", "dev", "lo")
        _resolvers.add(ip)
    if rules != _present:
        host.run("ip", "netns", "exec", names.router(), "nft", "-f", "-", stdin=rules)
        _present = rules


def _members() -> list[Interface]:
    """EC2's interfaces, and builds' where EC2 has none; an address counts once, what really stands there first."""
    by_ip = dict(_extra)
    for one in vpcs.interfaces():
        if one.ip in _published and not one.public:
            public = _published[one.ip]
            one = replace(one, public=public, egress=one.egress or public)
        known = by_ip.get(one.ip)
        if known is None or known.vpc == one.vpc:
            by_ip[one.ip] = one
    return list(by_ip.values())


def vpc_of(ip: str) -> str | None:
    """The VPC that an address on the network stands in."""
    with _lock:
        if ip in _extra:
            return _extra[ip].vpc
    return next((one.vpc for one in vpcs.interfaces() if one.ip == ip), None)


def forget() -> None:
    """After a reset: all namespaces, addresses and rules go; the router and its services stay."""
    global _present
    for end in _ends:
        end()
    with _lock:
        _extra.clear()
        _published.clear()
        for ip in list(_local):
            remove_local_address(ip)
        addresses.forget()
        if router.is_up():
            links.remove_all(keep=names.router())
            _present = ""
            _apply()


def down() -> None:
    """The network's end, at shutdown."""
    global _present, _ready
    with _lock:
        _ready = False
        forget()
        _present = ""
        _resolvers.clear()
        router.down()
