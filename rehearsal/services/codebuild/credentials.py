"""How a build's tools get the service role's credentials: the container credentials endpoint, as in CodeBuild.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rehearsal.kernel import clients
from rehearsal.machines import credentials_server

SERVICE = "codebuild.amazonaws.com"
Provider = Callable[[], dict[str, Any]]

_lock = threading.Lock()
_providers: dict[str, Provider] = {}
_server: ThreadingHTTPServer | None = None


def serve(role: str, session: str, inside: bool, path: str) -> tuple[dict[str, str], Callable[[], None]]:
    """Serves the role's credentials at `path`: in the network of the namespaces, or else on this machine's loopback.

    Returns the variables that tell a tool where, and what ends it.
    """

    def provider() -> dict[str, Any]:
        return {**clients.role_credentials(role, session, SERVICE), "RoleArn": role}

    if inside:
        credentials_server.register(path, provider)
        return {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": path}, lambda: credentials_server.unregister(path)
    with _lock:
        _providers[path] = provider
    uri = f"http://127.0.0.1:{_port()}{path}"
    return {"AWS_CONTAINER_CREDENTIALS_FULL_URI": uri}, lambda: _remove(path)


def _remove(path: str) -> None:
    with _lock:
        _providers.pop(path, None)


def _port() -> int:
    global _server
    with _lock:
        if _server is None:
            _server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
            threading.Thread(target=_server.serve_forever, name="build-credentials", daemon=True).start()
        return int(_server.server_port)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        with _lock:
            provider = _providers.get(self.path)
        try:
            status, body = (200, credentials_server.document(provider())) if provider else (404, {"message": "unknown"})
        except Exception as error:  # the role may be gone: the tool shows this text
            status, body = 500, {"message": str(error)}
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        pass
