"""An Application Load Balancer that carries traffic: its nodes, addresses, listeners."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from dataclasses import dataclass, field
from typing import Any

from moto.backends import get_backend

from rehearsal.services.elb import loop, rules, tls
from rehearsal.services.elb.metrics import Meter
from rehearsal.services.elb.proxy import Client
from rehearsal.services.elb.wire import BACKLOG, Wire


@dataclass(frozen=True)
class Node:
    """One zone's part of a load balancer: a network interface in the subnet."""

    interface: str
    address: str
    subnet: str
    zone: str


@dataclass(eq=False)
class Listener:
    arn: str
    balancer: Balancer
    port: int
    scheme: str
    certificate: str | None
    rules: list[rules.Rule] = field(default_factory=list)
    servers: list[asyncio.Server] = field(default_factory=list)
    context: ssl.SSLContext | None = None
    clients: set[asyncio.Task[Any]] = field(default_factory=set)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.clients.add(task)
        self.balancer.meter.count("NewConnectionCount")
        try:
            await Client(self, reader, writer).serve()
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self.clients.discard(task)

    async def open(self) -> None:
        for node in self.balancer.nodes:
            made = self.balancer.wire.listen(node.address, self.port)
            self.servers.append(
                await asyncio.start_server(self._serve, sock=made, ssl=self.context, limit=64 * 1024, backlog=BACKLOG)
            )

    async def close(self) -> None:
        for server in self.servers:
            server.close()
        self.servers.clear()
        for task in list(self.clients):
            task.cancel()

    def node_of(self, address: str) -> str | None:
        """Where a connection to a target comes from: the node that the client reached, else any."""
        nodes = self.balancer.nodes
        return next((n.address for n in nodes if n.address == address), nodes[0].address if nodes else None)


@dataclass(eq=False)
class Balancer:
    arn: str
    account: str
    region: str
    wire: Wire
    nodes: list[Node] = field(default_factory=list)
    public: str | None = None
    listeners: dict[str, Listener] = field(default_factory=dict)
    meter: Meter = field(default_factory=Meter)

    @property
    def model(self) -> Any:
        return get_backend("elbv2")[self.account][self.region].load_balancers[self.arn]

    @property
    def full_name(self) -> str:
        """As in the LoadBalancer dimension: app/name/id."""
        return self.arn.split(":loadbalancer/", 1)[1]

    def attribute(self, name: str, default: str) -> str:
        return str(self.model.attrs.get(name, default))

    @property
    def idle_timeout(self) -> float:
        """Real seconds: it bounds what clients and machines really do, not what AWS waits for."""
        return float(self.attribute("idle_timeout.timeout_seconds", "60"))

    def follow(self) -> None:
        """Opens, closes and changes listeners until they are as the API has them. @raises AwsError, OSError."""
        wanted = {listener.arn: listener for listener in self.model.listeners.values()}
        for arn in [a for a in self.listeners if a not in wanted]:
            loop.run(self.listeners.pop(arn).close())
        for arn, model in wanted.items():
            self._follow_one(arn, model)

    def _follow_one(self, arn: str, model: Any) -> None:
        known = self.listeners.get(arn)
        port, scheme = int(model.port), str(model.protocol).lower()
        certificate = model.certificate if scheme == "https" else None
        if known and (known.port, known.scheme, known.certificate) != (port, scheme, certificate):
            loop.run(self.listeners.pop(arn).close())
            known = None
        fresh = known or Listener(arn, self, port, scheme, certificate)
        fresh.rules = rules.in_order(
            [
                rules.Rule(r.priority, list(r.conditions), [dict(a.data) for a in r.actions])
                for r in model.rules.values()
            ]
        )
        if known is None:
            if certificate:
                fresh.context = tls.context(self.account, self.region, certificate)
            self.listeners[arn] = fresh
            loop.run(fresh.open())

    def close(self) -> None:
        for listener in self.listeners.values():
            with contextlib.suppress(Exception):
                loop.run(listener.close())
        self.listeners.clear()
