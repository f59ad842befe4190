"""Cables: a network namespace with one interface, joined to the router by a pair of virtual Ethernet devices."""

from __future__ import annotations

import contextlib
import shutil
from ipaddress import ip_interface

from rehearsal.machines import host, names, namespaces, processes, router


def add(name: str, ip: str, *, prefix: int = 32, resolver: str, mac: str | None = None) -> None:
    """Makes namespace `name` whose eth0 has `ip`, the gateway first of its subnet (or, alone in it, the router).

    The router answers for every neighbour (proxy ARP), so that each packet passes its rules.
    @raises HostError
    """
    router_end, here = names.short(name), names.router()
    subnet = ip_interface(f"{ip}/{prefix}").network
    gateway = str(subnet[1]) if subnet.num_addresses > 2 else router.METADATA
    hardware = f"address {mac} " if mac else ""
    host.batch([
        f"netns add {name}",
        f"link add eth0 {hardware}mtu {router.MTU} netns {name} type veth peer name {router_end} mtu {router.MTU} "
        f"netns {here}",
    ])  # fmt: skip
    namespaces.set_sysctls(name, {"ipv6/conf/all/disable_ipv6": "1", "ipv6/conf/default/disable_ipv6": "1"})
    host.batch([f"link set {router_end} up", f"route add {ip}/32 dev {router_end}"], "-n", here)
    host.batch([
        "link set lo up", f"address add {ip}/{prefix} dev eth0", "link set eth0 up",
        f"route add default via {gateway} dev eth0 onlink",
    ], "-n", name)  # fmt: skip
    settings = names.NETNS_ETC / name
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "resolv.conf").write_text(f"nameserver {resolver}\n")


def remove(name: str) -> None:
    """The cable goes with the namespace, as soon as no process is left in it."""
    if (names.NETNS / name).exists():
        # A namespace outlives its name while something holds it; its cable need not. The router may be gone already.
        with contextlib.suppress(host.HostError):
            host.run("ip", "-n", names.router(), "link", "delete", names.short(name))
        host.run("ip", "netns", "delete", name)
    shutil.rmtree(names.NETNS_ETC / name, ignore_errors=True)


def remove_all(rehearsal: str | None = None, keep: str = "") -> None:
    """Removes every namespace of a rehearsal but `keep`."""
    for path in names.NETNS.glob(f"{names.prefix(rehearsal)}*"):
        if path.name != keep:
            processes.end_inside(path.name)
            remove(path.name)
    for path in names.NETNS_ETC.glob(f"{names.prefix(rehearsal)}*"):
        shutil.rmtree(path, ignore_errors=True)
