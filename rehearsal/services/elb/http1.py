"""HTTP/1.1 on the wire: heads, bodies and their framing. RFC 9112; the limits are the load balancer's own:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html (HTTP headers)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Literal

LINE_LIMIT = 16 * 1024
HEAD_LIMIT = 64 * 1024
CHUNK = 64 * 1024

Headers = list[tuple[str, str]]
_HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "upgrade", "te", "trailer", "transfer-encoding"}
_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Malformed(Exception):
    """What came is not HTTP."""


@dataclass(frozen=True)
class Framing:
    """How the end of a body is known."""

    kind: Literal["none", "length", "chunked", "close"]
    length: int = 0


@dataclass
class Head:
    """A request's (method, target, version) or a response's (version, status, reason), and the headers as sent."""

    first: tuple[str, str, str]
    headers: Headers

    def get(self, name: str) -> str | None:
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def tokens(self, name: str) -> set[str]:
        wanted = name.lower()
        found = ",".join(value for key, value in self.headers if key.lower() == wanted)
        return {part.strip().lower() for part in found.split(",") if part.strip()}


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """The next head, or None where the other side closed before a byte. @raises Malformed, ConnectionError."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial.strip():
            raise Malformed("closed in the middle of a head") from error
        return None
    except asyncio.LimitOverrunError as error:
        raise Malformed("the head is too long") from error
    return parse_head(raw.lstrip(b"\r\n"))


def parse_head(raw: bytes) -> Head:
    """@raises Malformed."""
    lines = raw.decode("latin-1").split("\r\n")
    first = lines[0].split(" ", 2)
    if len(first) == 2 and first[0].startswith("HTTP/"):
        first.append("")
    if len(first) != 3 or not all(first[:2]) or len(lines[0]) > LINE_LIMIT:
        raise Malformed("bad first line")
    headers: Headers = []
    for line in lines[1:]:
        if not line:
            continue
        name, colon, value = line.partition(":")
        if not colon or not name or not _TOKEN.issuperset(name) or len(line) > LINE_LIMIT:
            raise Malformed("bad header line")
        headers.append((name, value.strip(" \t")))
    return Head((first[0], first[1], first[2]), headers)


def request_framing(head: Head) -> Framing:
    """@raises Malformed where two framings contradict each other (request smuggling)."""
    coding = head.tokens("transfer-encoding")
    lengths = {value for name, value in head.headers if name.lower() == "content-length"}
    if coding and lengths:
        raise Malformed("both Content-Length and Transfer-Encoding")
    if coding:
        if coding != {"chunked"}:
            raise Malformed("unknown transfer coding")
        return Framing("chunked")
    return _length(lengths) if lengths else Framing("none")


def response_framing(head: Head, method: str) -> Framing:
    status = int(head.first[1])
    if method == "HEAD" or status in (204, 304) or 100 <= status < 200:
        return Framing("none")
    if "chunked" in head.tokens("transfer-encoding"):
        return Framing("chunked")
    lengths = {value for name, value in head.headers if name.lower() == "content-length"}
    return _length(lengths) if lengths else Framing("close")


def _length(values: set[str]) -> Framing:
    if len(values) != 1 or not (text := next(iter(values))).isdigit():
        raise Malformed("bad Content-Length")
    return Framing("length", int(text)) if int(text) else Framing("none")


async def read_body(reader: asyncio.StreamReader, framing: Framing) -> AsyncIterator[bytes]:
    """The body's bytes without their framing. @raises Malformed, IncompleteReadError, ConnectionError."""
    if framing.kind == "length":
        left = framing.length
        while left:
            part = await reader.read(min(left, CHUNK))
            if not part:
                raise asyncio.IncompleteReadError(b"", left)
            left -= len(part)
            yield part
    elif framing.kind == "chunked":
        async for part in _chunks(reader):
            yield part
    elif framing.kind == "close":
        while part := await reader.read(CHUNK):
            yield part


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while True:
        line = await reader.readuntil(b"\r\n")
        try:
            left = int(line.split(b";", 1)[0].strip(), 16)
        except ValueError as error:
            raise Malformed("bad chunk size") from error
        if left == 0:
            while (await reader.readuntil(b"\r\n")) != b"\r\n":
                pass  # trailers are not passed on
            return
        while left:
            part = await reader.read(min(left, CHUNK))
            if not part:
                raise asyncio.IncompleteReadError(b"", left)
            left -= len(part)
            yield part
        if await reader.readexactly(2) != b"\r\n":
            raise Malformed("bad chunk end")


def end_to_end(head: Head) -> Headers:
    """The headers that are meant for the other end, without those of this one connection."""
    named = head.tokens("connection")
    return [(k, v) for k, v in head.headers if k.lower() not in _HOP_BY_HOP and k.lower() not in named]


def render(first: str, headers: Headers) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def now() -> str:
    return formatdate(usegmt=True)


def reason(status: int) -> str:
    return {408: "Request Time-out", 504: "Gateway Time-out", 503: "Service Temporarily Unavailable"}.get(
        status, HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
    )


def error_page(status: int) -> tuple[Headers, bytes]:
    """The page that the load balancer itself answers with."""
    title = f"{status} {reason(status)}"
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "</body>\r\n</html>\r\n"
    )
    return [("Content-Type", "text/html")], page.encode()
