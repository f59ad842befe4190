"""One request carried to a target and its answer carried back.

What the load balancer answers by itself, and when:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
A refused or reset connection is a 502 and is not tried on another target: AWS documents no such retry.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

from rehearsal.services.elb import forwarded, http1, metrics, upstream
from rehearsal.services.elb.targets import Group, Target
from rehearsal.services.elb.upstream import Connection


class Failed(Exception):
    """The load balancer answers with this status itself."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Exchange:
    """`client` is the proxy.Client whose turn it is."""

    def __init__(self, client: Any, group: Group, head: http1.Head, framing: http1.Framing, keep: bool) -> None:
        self.client = client
        self.balancer = client.balancer
        self.group = group
        self.head = head
        self.framing = framing
        self.keep = keep
        self.answering = False
        self.upload: asyncio.Task[None] | None = None

    async def run(self) -> bool:
        """Tells whether the client's connection can be used again."""
        target = self.group.pick()
        meter, zone = self.balancer.meter, (target.zone or "") if target else ""
        if target is None:
            return await self._fail(503)
        meter.count("RequestCount", self.group.full_name, zone)
        upstream.enter(target)
        try:
            return await self._carry(target)
        except Failed as failure:
            if self.answering:
                return False
            return await self._fail(failure.status, zone)
        finally:
            upstream.leave(target)

    async def _fail(self, status: int, zone: str = "") -> bool:
        metrics.answered_by_balancer(self.balancer.meter, status, zone)
        # The rest of an unread body would be taken for the next request.
        keep = self.keep and self.framing.kind == "none"
        return bool(await self.client.answer(status, *http1.error_page(status), keep, self.head.first[0]))

    async def _carry(self, target: Target) -> bool:
        connection = await self._connect(target)
        reusable = False
        try:
            started = time.monotonic()
            answer = await self._ask(connection)
            self._measure(target, int(answer.first[1]), time.monotonic() - started)
            reusable = await self._reply(connection, answer, target)
            if self.upload is not None:
                reusable = reusable and self.upload.done() and self.upload.exception() is None
            self.keep = self.keep and (self.upload is None or self.upload.done())
            return self.keep
        finally:
            if self.upload is not None and not self.upload.done():
                self.upload.cancel()
            if reusable and not target.draining:
                upstream.pool.give(connection)
            else:
                connection.close()

    async def _connect(self, target: Target) -> Connection:
        address = self.group.address(target)
        meter = self.balancer.meter
        if address is None:
            raise Failed(502)
        found = upstream.pool.take((address, target.port), self.balancer.idle_timeout)
        if found:
            return found
        try:
            tls = self.group.model.protocol == "HTTPS"
            return await upstream.connect(self.balancer.wire, self.client.source, (address, target.port), tls)
        except TimeoutError as error:
            meter.count("TargetConnectionErrorCount", self.group.full_name, target.zone or "")
            raise Failed(504) from error
        except OSError as error:
            meter.count("TargetConnectionErrorCount", self.group.full_name, target.zone or "")
            raise Failed(502) from error

    async def _ask(self, connection: Connection) -> http1.Head:
        """Sends the request and waits for the head of the final answer."""
        listener = self.client.listener
        method, path, _ = self.head.first
        if "100-continue" in self.head.tokens("expect"):
            self.client.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        headers = forwarded.request_headers(
            self.head, self.client.address, listener.scheme, listener.port, self.balancer.attribute
        )
        if self.framing.kind == "chunked":
            headers.append(("Transfer-Encoding", "chunked"))
        headers.append(("Connection", "keep-alive"))
        try:
            connection.writer.write(http1.render(f"{method} {path} HTTP/1.1", headers))
            if self.framing.kind != "none":
                self.upload = asyncio.create_task(self._send_body(connection))
            async with asyncio.timeout(self.balancer.idle_timeout):
                return await self._first_of(self._final_head(connection))
        except TimeoutError as error:
            raise Failed(408 if self.upload and not self.upload.done() else 504) from error
        except (http1.Malformed, OSError, ValueError) as error:
            raise Failed(502) from error

    async def _first_of(self, answer: Coroutine[Any, Any, http1.Head]) -> http1.Head:
        """Waits for the answer, unless the client's body breaks off before."""
        if self.upload is None:
            return await answer
        waiting = asyncio.ensure_future(answer)
        try:
            await asyncio.wait({waiting, self.upload}, return_when=asyncio.FIRST_COMPLETED)
            if self.upload.done() and self.upload.exception() and not waiting.done():
                # A target that closed while the body was sent may have answered first.
                await asyncio.wait({waiting}, timeout=0.2)
                if not waiting.done():
                    raise Failed(400) from self.upload.exception()
            return await waiting
        finally:
            waiting.cancel()

    async def _final_head(self, connection: Connection) -> http1.Head:
        while True:
            head = await http1.read_head(connection.reader)
            if head is None or not head.first[0].startswith("HTTP/1."):
                raise http1.Malformed("the target closed the connection, or speaks another protocol")
            if int(head.first[1]) >= 200:
                return head

    async def _send_body(self, connection: Connection) -> None:
        chunked = self.framing.kind == "chunked"
        async for part in http1.read_body(self.client.reader, self.framing):
            connection.writer.write(f"{len(part):x}\r\n".encode() + part + b"\r\n" if chunked else part)
            await connection.writer.drain()
        if chunked:
            connection.writer.write(b"0\r\n\r\n")
            await connection.writer.drain()

    def _measure(self, target: Target, status: int, seconds: float) -> None:
        meter, zone = self.balancer.meter, target.zone or ""
        meter.count(f"HTTPCode_Target_{status // 100}XX_Count", self.group.full_name, zone)
        meter.value("TargetResponseTime", seconds, self.group.full_name, zone)

    async def _reply(self, connection: Connection, answer: http1.Head, target: Target) -> bool:
        """Streams the answer; tells whether the target's connection can be used again."""
        try:
            framing = http1.response_framing(answer, self.head.first[0])
        except (http1.Malformed, ValueError) as error:
            raise Failed(502) from error
        headers = http1.end_to_end(answer)
        # A length that only the end of the connection tells becomes chunks where the client knows them.
        chunked = framing.kind == "chunked" or (framing.kind == "close" and self.keep)
        if self.head.first[2] == "HTTP/1.0" and framing.kind in ("chunked", "close"):
            chunked, self.keep = False, False
        if chunked:
            headers.append(("Transfer-Encoding", "chunked"))
        headers.append(("Connection", "keep-alive" if self.keep else "close"))
        writer = self.client.writer
        writer.write(http1.render(f"HTTP/1.1 {answer.first[1]} {answer.first[2]}", headers))
        self.answering = True
        try:
            async for part in self._parts(connection, framing):
                writer.write(f"{len(part):x}\r\n".encode() + part + b"\r\n" if chunked else part)
                await writer.drain()
        except (http1.Malformed, asyncio.IncompleteReadError, OSError, TimeoutError) as error:
            # A cut answer must not look complete: the client's connection ends here.
            raise Failed(502) from error
        if chunked:
            writer.write(b"0\r\n\r\n")
        await writer.drain()
        return (
            framing.kind != "close"
            and answer.first[0] == "HTTP/1.1"
            and "close" not in answer.tokens("connection")
        )

    async def _parts(self, connection: Connection, framing: http1.Framing) -> Any:
        body = http1.read_body(connection.reader, framing)
        while True:
            try:
                async with asyncio.timeout(self.balancer.idle_timeout):
                    part = await anext(body)
            except StopAsyncIteration:
                return
            yield part
