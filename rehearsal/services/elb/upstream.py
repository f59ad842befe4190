"""Connections to targets: opened, kept for the next request, closed."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import defaultdict
from dataclasses import dataclass

from rehearsal.services.elb import http1
from rehearsal.services.elb.targets import Target
from rehearsal.services.elb.wire import Wire

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-504-issues
CONNECT_TIMEOUT = 10.0

Key = tuple[str, int]


@dataclass(eq=False)
class Connection:
    key: Key
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    raw: socket.socket
    used: float = 0.0

    def alive(self) -> bool:
        """False once the target has closed it, also where the loop has not yet noticed."""
        if self.writer.is_closing() or self.reader.at_eof():
            return False
        try:
            # A plain connection without a request under way has nothing to read but its end.
            return self.writer.get_extra_info("ssl_object") is not None or bool(self._peek())
        except OSError:
            return False

    def _peek(self) -> bool:
        try:
            self.raw.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        return False

    def close(self) -> None:
        self.writer.close()


class Pool:
    """Idle connections by address. Used on the loop's thread only."""

    def __init__(self) -> None:
        self._idle: dict[Key, list[Connection]] = defaultdict(list)

    def take(self, key: Key, idle_timeout: float) -> Connection | None:
        waiting = self._idle.get(key)
        now = asyncio.get_running_loop().time()
        while waiting:
            found = waiting.pop()
            if now - found.used < idle_timeout and found.alive():
                return found
            found.close()
        return None

    def give(self, connection: Connection) -> None:
        connection.used = asyncio.get_running_loop().time()
        self._idle[connection.key].append(connection)

    def close_idle(self, address: str, port: int) -> None:
        for connection in self._idle.pop((address, port), []):
            connection.close()

    def clear(self) -> None:
        for waiting in self._idle.values():
            for connection in waiting:
                connection.close()
        self._idle.clear()

    def forget(self) -> None:
        """Drops what belonged to a loop that has ended."""
        self._idle.clear()
        _under_way.clear()


pool = Pool()
_under_way: dict[Target, set[asyncio.Task[object]]] = defaultdict(set)


def under_way(target: Target) -> set[asyncio.Task[object]]:
    """The tasks that carry a request to this target now."""
    return _under_way.get(target, set())


def enter(target: Target) -> None:
    target.inflight += 1
    task = asyncio.current_task()
    if task:
        _under_way[target].add(task)


def leave(target: Target) -> None:
    target.inflight -= 1
    task = asyncio.current_task()
    waiting = _under_way.get(target)
    if waiting is not None and task:
        waiting.discard(task)
        if not waiting:
            del _under_way[target]


async def dial(wire: Wire, source: str | None, address: str, port: int) -> tuple[socket.socket, tuple[str, int]]:
    """Wire.dial, off the loop: whatever that waits for must not hold up all traffic. @raises OSError."""
    return await asyncio.to_thread(wire.dial, source, address, port)


async def connect(wire: Wire, source: str | None, key: Key, tls: bool) -> Connection:
    """A new connection. @raises TimeoutError, OSError."""
    made, peer = await dial(wire, source, *key)
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT):
            await asyncio.get_running_loop().sock_connect(made, peer)
            context = ssl._create_unverified_context() if tls else None
            reader, writer = await asyncio.open_connection(
                sock=made, ssl=context, server_hostname="" if context else None, limit=http1.HEAD_LIMIT
            )
    except BaseException:
        made.close()
        raise
    return Connection(key, reader, writer, made)
