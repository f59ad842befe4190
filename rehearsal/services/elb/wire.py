"""The seam between the load balancers and the network that the machines live in.

In a rehearsal the sockets are made inside the router's network namespace; tests put plain loopback sockets here.
"""

from __future__ import annotations

import socket
from typing import Protocol

from rehearsal.machines import network

# Clients that may wait to be taken in: a load balancer turns nobody away because this process is busy for a moment.
BACKLOG = 1024


class Wire(Protocol):
    def available(self) -> tuple[bool, str]:
        """Whether traffic can be carried here, and if not, why."""
        ...

    def listen(self, address: str, port: int) -> socket.socket:
        """A listening, non-blocking socket. @raises OSError."""
        ...

    def dial(self, source: str | None, address: str, port: int) -> tuple[socket.socket, tuple[str, int]]:
        """An unconnected, non-blocking socket that will come from `source`, and whom to connect it to."""
        ...

    def claim(self, address: str) -> None:
        """Makes `address` answer."""
        ...

    def drop(self, address: str) -> None: ...

    def public_address(self) -> str: ...

    def publish(self, public: str, private: str) -> None:
        """Leads what comes for a public address to a claimed one."""
        ...

    def release_public(self, address: str) -> None: ...

    def refresh(self) -> None:
        """Lets security groups follow the present network interfaces."""
        ...


class Router:
    """Sockets inside the router namespace of this rehearsal."""

    def available(self) -> tuple[bool, str]:
        return network.available()

    def listen(self, address: str, port: int) -> socket.socket:
        made = network.router_socket()
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Accepted sockets inherit it; asyncio sets it only where a socket names its protocol.
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made.bind((address, port))
            made.listen(BACKLOG)
            made.setblocking(False)
        except OSError:
            made.close()
            raise
        return made

    def dial(self, source: str | None, address: str, port: int) -> tuple[socket.socket, tuple[str, int]]:
        made = network.router_socket()
        try:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if source:
                made.bind((source, 0))
            made.setblocking(False)
        except OSError:
            made.close()
            raise
        return made, (address, port)

    def claim(self, address: str) -> None:
        network.add_local_address(address)

    def drop(self, address: str) -> None:
        network.remove_local_address(address)

    def public_address(self) -> str:
        return network.allocate_public_ip()

    def publish(self, public: str, private: str) -> None:
        network.publish(public, private)

    def release_public(self, address: str) -> None:
        network.release_public_ip(address)

    def refresh(self) -> None:
        network.refresh_firewall()


wire: Wire = Router()


def use(other: Wire) -> None:
    """Puts another wire in place; for tests."""
    global wire
    wire = other
