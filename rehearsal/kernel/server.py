"""The gateway's HTTP server: on loopback, and on further sockets for other network namespaces."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
import warnings
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from rehearsal.kernel import gateway, plugins, tasks
from rehearsal.kernel.settings import settings

# Whatever the machine's user has set for AWS must not reach the clients that the services use among themselves.
_FOREIGN = ("AWS_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


class Handler(MotoRequestHandler):
    """Quiet (the journal tells more than a log line), and without the wait of Nagle's algorithm."""

    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:
        # What goes wrong outside of the gateway is told nowhere else.
        if type == "error":
            print(message % args if args else message, file=sys.stderr, flush=True)


def serve_on(listener: socket.socket) -> threading.Thread:
    """Answers on one more listening socket (of another network namespace, say) until the process ends."""
    host, port = listener.getsockname()[:2]
    server = make_server(host, port, gateway.application, threaded=True, request_handler=Handler, fd=listener.fileno())
    thread = threading.Thread(target=server.serve_forever, name=f"gateway-{host}", daemon=True)
    thread.start()
    return thread


def forget_surroundings() -> None:
    """Drops what the machine's user has set for AWS and its like from this process's environment."""
    for name in [n for n in os.environ if n.startswith(_FOREIGN)]:
        del os.environ[name]
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


def spare_the_collector() -> None:
    """What is there by now stays, and requests make many objects that live briefly: both looked at rarely.

    https://docs.python.org/3/library/gc.html
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def serve() -> int:
    """Runs a composed rehearsal in the foreground until SIGTERM or SIGINT; then ends everything it started."""
    # moto warns of error codes that a service's model does not list, such as every service's common ones.
    warnings.filterwarnings("ignore", message=".*does not match an error shape.*")
    # Only now that the areas are there: machines looks at the host's proxies before they are dropped.
    forget_surroundings()
    try:
        server = make_server("127.0.0.1", settings.port, gateway.application, threaded=True, request_handler=Handler)
    except (OSError, SystemExit) as error:
        print(
            f"port {settings.port} of 127.0.0.1 is in use: choose another with --port ({error})",
            file=sys.stderr,
        )
        return 1
    settings.port = server.server_port
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    threading.Thread(target=server.serve_forever, name="gateway", daemon=True).start()
    plugins.seed()
    plugins.start()
    spare_the_collector()
    (settings.state_dir / "port").write_text(str(settings.port))
    (settings.state_dir / "ready").write_text("ready")
    ended.wait()
    tasks.reset()
    plugins.stop()
    return 0
