"""One client's connection to a listener: request after request, each given to the action that the rules choose."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Any
from urllib.parse import urlsplit

from rehearsal.kernel import bugs
from rehearsal.services.elb import http1, metrics, rules, targets
from rehearsal.services.elb.exchange import Exchange
from rehearsal.services.elb.rules import Request


class Client:
    """`listener` is a balancer.Listener; the balancer's attributes are read anew for each request."""

    def __init__(self, listener: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.listener = listener
        self.balancer = listener.balancer
        self.reader = reader
        self.writer = writer
        peer = writer.get_extra_info("peername") or ("127.0.0.1", 0)
        self.address: tuple[str, int] = (peer[0], peer[1])
        self.source = listener.node_of((writer.get_extra_info("sockname") or ("", 0))[0])

    async def serve(self) -> None:
        """Until either side ends the connection. Whatever breaks it is the client's loss only."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError, OSError):
            try:
                while await self._one():
                    pass
            except http1.Malformed:
                metrics.answered_by_balancer(self.balancer.meter, 400)
                await self.answer(400, *http1.error_page(400), keep=False)
            except (ConnectionError, asyncio.IncompleteReadError, TimeoutError, OSError):
                raise
            except Exception:
                # The last resort: a fault of ours must be seen, and end this one connection only.
                bugs.report(f"load balancer {self.balancer.arn}")
        self.writer.close()

    async def _one(self) -> bool:
        """Serves one request; tells whether the connection can be used again."""
        async with asyncio.timeout(self.balancer.idle_timeout):
            head = await http1.read_head(self.reader)
        if head is None:
            return False
        method, target, version = head.first
        if version not in ("HTTP/1.1", "HTTP/1.0") or (version == "HTTP/1.1" and head.get("host") is None):
            raise http1.Malformed("bad version or no Host")
        framing = http1.request_framing(head)
        keep = "close" not in head.tokens("connection")
        if version == "HTTP/1.0":
            keep = "keep-alive" in head.tokens("connection")
        parts = urlsplit(target) if target.startswith("http") else None
        path, _, query = (parts.path + "?" + parts.query if parts else target).partition("?")
        headers = [(k.lower(), v) for k, v in head.headers]
        request = Request(method, head.get("host") or "", path or "/", query, headers, self.address[0])
        action = _final(rules.choose(self.listener.rules, request).actions)
        if action["Type"] == "forward":
            group = targets.group(_group_of(action))
            return await Exchange(self, group, head, framing, keep).run()
        return await self._act(action, request, await self._discard(head, framing) and keep)

    async def _act(self, action: dict[str, Any], request: Request, keep: bool) -> bool:
        meter = self.balancer.meter
        if action["Type"] == "redirect":
            config = action["RedirectConfig"]
            status = int(str(config["StatusCode"]).removeprefix("HTTP_"))
            location = rules.redirect_location(config, request, self.listener.scheme, self.listener.port)
            meter.count("HTTP_Redirect_Count")
            headers, page = http1.error_page(status)
            return await self.answer(status, [*headers, ("Location", location)], page, keep, request.method)
        config = action["FixedResponseConfig"]
        meter.count("HTTP_Fixed_Response_Count")
        body = (config.get("MessageBody") or "").encode()
        kind = [("Content-Type", config.get("ContentType") or "text/plain")] if body else []
        return await self.answer(int(config["StatusCode"]), kind, body, keep, request.method)

    async def _discard(self, head: http1.Head, framing: http1.Framing) -> bool:
        """Reads a body that nobody wants; False where it is left unsent and the connection cannot go on."""
        if "100-continue" in head.tokens("expect"):
            return framing.kind == "none"
        async with asyncio.timeout(self.balancer.idle_timeout):
            async for _ in http1.read_body(self.reader, framing):
                pass
        return True

    async def answer(
        self, status: int, headers: http1.Headers, body: bytes, keep: bool, method: str = "GET"
    ) -> bool:
        """An answer of the load balancer's own."""
        ending = [("Content-Length", str(len(body))), ("Connection", "keep-alive" if keep else "close")]
        first = f"HTTP/1.1 {status} {http1.reason(status)}"
        page = http1.render(first, [("Server", "awselb/2.0"), ("Date", http1.now()), *headers, *ending])
        self.writer.write(page + (b"" if method == "HEAD" else body))
        await self.writer.drain()
        return keep


def _final(actions: list[dict[str, Any]]) -> dict[str, Any]:
    """The last action routes; what may stand before it (authentication) is refused when a rule is made."""
    return max(actions, key=lambda a: a.get("Order", 0))


def _group_of(action: dict[str, Any]) -> str:
    """A weighted choice; a weight of 0 gets nothing unless all are 0."""
    wanted = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
    if len(wanted) < 2:
        return str(wanted[0]["TargetGroupArn"] if wanted else action["TargetGroupArn"])
    weights = [int(g.get("Weight", 1)) for g in wanted]
    chosen = random.choices(wanted, weights if any(weights) else [1] * len(wanted))[0]
    return str(chosen["TargetGroupArn"])
