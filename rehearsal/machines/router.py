"""The router: one network namespace that stands for AWS's network. Every machine of the rehearsal hangs on it by a
cable of its own, so all traffic between them passes its filter; 198.18.N.0/24 are its public addresses.

198.18.0.0/15 is set aside for tests of networks (RFC 2544): nobody's real host is there.
"""

from __future__ import annotations

import fcntl
import re
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rehearsal.kernel.settings import settings
from rehearsal.machines import host, host_filter, host_settings, names, namespaces

MTU = 1400
METADATA = "169.254.169.254"
CONTAINER_CREDENTIALS = "169.254.170.2"
RESOLVER = "169.254.169.253"

_lock = threading.RLock()
_number: int | None = None


def number() -> int:
    """N of 198.18.N.0/24; the router must be up."""
    assert _number is not None
    return _number


def is_up() -> bool:
    return _number is not None


@contextmanager
def _machine_lock() -> Iterator[Path]:
    """Rehearsals that start at the same time choose their networks one after the other."""
    shared = settings.state_dir.parent / ".shared"
    shared.mkdir(parents=True, exist_ok=True)
    with (shared / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield shared


def up() -> bool:
    """Makes the router if there is none yet; True if this call made it.

    @raises HostError
    """
    global _number
    with _lock:
        if _number is not None:
            return False
        with _machine_lock() as shared:
            _number = _free_number()
            try:
                _build(_number)
            except BaseException:
                _number = None
                _remove(settings.name)
                raise
            host_settings.apply(shared)
        return True


def _free_number() -> int:
    routes = host.run("ip", "-4", "route", "show")
    taken = {int(n) for n in re.findall(r"^198\.18\.(\d+)\.", routes, re.MULTILINE)}
    first = zlib.crc32(settings.name.encode()) % 256
    for step in range(256):
        if (first + step) % 256 not in taken:
            return (first + step) % 256
    raise host.HostError("all of 198.18.0.0/16 is routed elsewhere on this machine")


def _build(number: int) -> None:
    router, uplink, net = names.router(), names.uplink(), f"198.18.{number}"
    host.batch([f"netns add {router}", f"link add {uplink} mtu {MTU} type veth peer name uplink netns {router}"])
    namespaces.set_sysctls(router, {
        "ipv4/ip_forward": "1",
        # A machine may only send from its own address.
        "ipv4/conf/all/rp_filter": "1", "ipv4/conf/default/rp_filter": "1",
        # The router answers for all neighbours of a subnet, at once.
        "ipv4/conf/default/proxy_arp": "1", "ipv4/neigh/default/proxy_delay": "0",
        "ipv6/conf/all/disable_ipv6": "1", "ipv6/conf/default/disable_ipv6": "1",
    })  # fmt: skip
    local = [f"address add {a}/32 dev lo" for a in (f"{net}.1", METADATA, CONTAINER_CREDENTIALS, RESOLVER)]
    host.batch(
        [
            "link set lo up", f"link set uplink mtu {MTU} up", *local,
            f"route add {net}.254 dev uplink scope link src {net}.1", f"route add default via {net}.254 src {net}.1",
            f"route add blackhole {net}.0/24",
        ], "-n", router,
    )  # fmt: skip
    host.batch([
        f"address add {net}.254/32 dev {uplink}", f"link set {uplink} up",
        f"route add {net}.1 dev {uplink} scope link", f"route add {net}.0/24 via {net}.1 dev {uplink} src {net}.254",
    ])  # fmt: skip
    host_filter.let_through(uplink)
    table = names.host_table()
    host.run("nft", "-f", "-", stdin=f"""
        add table ip {table}
        delete table ip {table}
        table ip {table} {{
            # Machines reach the world through this host, but not this host's own services.
            chain input {{
                type filter hook input priority filter; policy accept;
                iifname "{uplink}" ct state established,related accept
                iifname "{uplink}" drop
            }}
            chain postrouting {{
                type nat hook postrouting priority srcnat; policy accept;
                ip saddr {net}.0/24 oifname != "{uplink}" masquerade
            }}
        }}""")


def down(name: str | None = None) -> None:
    """Removes the router of a rehearsal, whoever made it, with all cables. Does nothing if there is none."""
    global _number
    with _lock:
        if name in (None, settings.name):
            _number = None
        if not host.available()[0]:
            return
        with _machine_lock() as shared:
            _remove(name or settings.name)
            if not list(names.NETNS.glob("rehearsal.*.router")):
                host_settings.restore(shared)


def _remove(name: str) -> None:
    host_filter.forget(names.uplink(name))
    for command in (
        ("ip", "link", "delete", names.uplink(name)),
        ("ip", "netns", "delete", names.router(name)),
        ("nft", "delete", "table", "ip", names.host_table(name)),
    ):
        try:
            host.run(*command)
        except host.HostError:
            continue  # it was not there
