"""A wire of plain loopback sockets, and web servers behind it that do as they are told."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# Among the statuses that customers count: a request without an answer.
LOST = 0


class Loopback:
    """Every address is 127.0.0.1; `places` tells on which port an (address, port) really answers."""

    def __init__(self) -> None:
        self.places: dict[tuple[str, int], int] = {}
        self.claimed: set[str] = set()
        self.publics: set[str] = set()

    def available(self) -> tuple[bool, str]:
        return True, ""

    def listen(self, address: str, port: int) -> socket.socket:
        made = socket.create_server(("127.0.0.1", 0), backlog=512)
        made.setblocking(False)
        self.places[(address, port)] = made.getsockname()[1]
        return made

    def dial(self, source: str | None, address: str, port: int) -> tuple[socket.socket, tuple[str, int]]:
        made = socket.socket()
        made.setblocking(False)
        # Port 1 of loopback refuses, as a machine on which nothing listens.
        return made, ("127.0.0.1", self.places.get((address, port), 1))

    def claim(self, address: str) -> None:
        self.claimed.add(address)

    def drop(self, address: str) -> None:
        self.claimed.discard(address)

    def public_address(self) -> str:
        self.publics.add("198.18.99.9")
        return "198.18.99.9"

    def publish(self, public: str, private: str) -> None:
        pass

    def release_public(self, address: str) -> None:
        self.publics.discard(address)

    def refresh(self) -> None:
        pass


class Site:
    """A web server that tells its name; what it does for a path can be set."""

    def __init__(self, wire: Loopback, address: str, port: int = 80) -> None:
        self.wire, self.address, self.port = wire, address, port
        self.healthy = True
        self.delay = 0.0
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                if self.path == "/health":
                    return self.answer(200 if site.healthy else 500, b"")
                site.requests.append((self.command, self.path, dict(self.headers.items()), body))
                time.sleep(site.delay)
                if self.path.startswith("/status/"):
                    return self.answer(int(self.path.rsplit("/", 1)[1]), b"")
                if self.path == "/drop":
                    return self.connection.shutdown(socket.SHUT_RDWR)
                if self.path == "/stream":
                    return self.stream()
                return self.answer(200, site.address.encode() + body)

            do_POST = do_HEAD = do_GET

            def answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def stream(self) -> None:
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for _ in range(50):
                    self.wfile.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
                self.wfile.write(b"0\r\n\r\n")

        class Server(ThreadingHTTPServer):
            request_queue_size = 512
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        wire.places[(address, port)] = self.server.server_port

    def close(self) -> None:
        self.wire.places.pop((self.address, self.port), None)
        self.server.shutdown()
        self.server.server_close()


def fetch(
    port: int, path: str = "/", headers: dict[str, str] | None = None, method: str = "GET", body: Any = None
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body=body, headers=headers or {})
    answer = connection.getresponse()
    result = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return result


def until(holds: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Waits for something to become true, and returns it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = holds()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")
