"""The headers that tell a target about the client.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from rehearsal.services.elb import http1

_OURS = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-port", "expect")


def request_headers(
    head: http1.Head, client: tuple[str, int], scheme: str, port: int, attribute: Callable[[str, str], str]
) -> http1.Headers:
    """A request's headers as the target gets them; `attribute` reads the load balancer's attributes."""
    mode = attribute("routing.http.xff_header_processing.mode", "append")
    with_port = attribute("routing.http.xff_client_port.enabled", "false") == "true"
    headers = http1.end_to_end(head)
    before = ", ".join(v for k, v in headers if k.lower() == "x-forwarded-for")
    headers = [(k, v) for k, v in headers if k.lower() not in _OURS]
    address = f"{client[0]}:{client[1]}" if with_port else client[0]
    if mode == "append":
        headers.append(("X-Forwarded-For", f"{before}, {address}" if before else address))
    elif mode == "preserve" and before:
        headers.append(("X-Forwarded-For", before))
    headers.append(("X-Forwarded-Proto", scheme))
    headers.append(("X-Forwarded-Port", str(port)))
    return _traced(headers)


def _traced(headers: http1.Headers) -> http1.Headers:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html"""
    stamp = f"{int(time.time()):08x}-{secrets.token_hex(12)}"
    trace = next((v for k, v in headers if k.lower() == "x-amzn-trace-id"), None)
    headers = [(k, v) for k, v in headers if k.lower() != "x-amzn-trace-id"]
    if trace is None:
        value = f"Root=1-{stamp}"
    else:
        kept = ";".join(p for p in trace.split(";") if not p.startswith("Self="))
        value = f"Self=1-{stamp};{kept}"
    headers.append(("X-Amzn-Trace-Id", value))
    return headers
