"""Small HTTP servers on addresses of the router."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from rehearsal.machines import network


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with kept connections, and silent: what instances ask for is nobody's log."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def log_message(self, format: str, *args: object) -> None:
        pass

    def answer(self, status: int, body: str | bytes = "", kind: str = "text/plain", **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # an instance that ends in mid-request is no event


def listen(ip: str, port: int) -> socket.socket:
    """A listening TCP socket on one of the router's addresses."""
    listener = network.router_socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((ip, port))
    listener.listen(128)
    return listener


def serve(ip: str, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
    """Answers on ip:port of the router until the process ends."""
    server = _Server((ip, port), handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listen(ip, port)
    threading.Thread(target=server.serve_forever, name=f"http-{ip}", daemon=True).start()
