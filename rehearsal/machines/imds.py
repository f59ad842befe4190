"""The instance metadata service on 169.254.169.254: an instance is known by the address it asks from.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
"""

from __future__ import annotations

import re
import secrets
import socket
import threading
import time
from collections.abc import Callable

from rehearsal.machines import metadata, network, router, servers
from rehearsal.machines.metadata import Metadata

Provider = Callable[[], Metadata]
LONGEST_TOKEN = 21600
_VERSION = re.compile(r"^/(latest|\d{4}-\d{2}-\d{2}|1\.0)(/.*)?$")
_VERSIONS = "1.0\n2009-04-04\n2016-09-02\n2018-09-24\n2019-10-01\n2020-10-27\n2021-01-03\n2021-03-23\nlatest"

_lock = threading.Lock()
_instances: dict[str, Provider] = {}
_tokens: dict[str, tuple[str, float]] = {}


def register(ip: str, provider: Provider) -> None:
    """Answers the instance at a private address with what `provider` says, asked anew each time."""
    with _lock:
        _instances[ip] = provider
    network.ensure()


def unregister(ip: str) -> None:
    with _lock:
        _instances.pop(ip, None)
        for token in [t for t, (owner, _) in _tokens.items() if owner == ip]:
            del _tokens[token]


def forget() -> None:
    with _lock:
        _instances.clear()
        _tokens.clear()


def _new_token(ip: str, seconds: int) -> str:
    token = secrets.token_urlsafe(40) + "=="
    with _lock:
        _tokens[token] = (ip, time.monotonic() + seconds)
    return token


def _valid(token: str, ip: str) -> bool:
    with _lock:
        owner, until = _tokens.get(token, ("", 0.0))
    return owner == ip and time.monotonic() < until


class _Handler(servers.Handler):
    def _instance(self) -> Metadata | None:
        """The asking instance's data; the answer is given here if there is none or the service is off."""
        with _lock:
            provider = _instances.get(self.client_address[0])
        try:
            found = provider() if provider else None
        except KeyError:  # it is being terminated
            found = None
        if found is None:
            self.answer(404)
        elif found.http_endpoint == "disabled":
            self.answer(403)
            found = None
        return found

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = self._instance()
        if found is None:
            return
        seconds = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
        if self.path != "/latest/api/token":
            self.answer(405)
        elif "X-Forwarded-For" in self.headers:
            # A request that a proxy passed on: the one thing that version 2 is there to stop.
            self.answer(403)
        elif not seconds.isdecimal() or not 1 <= int(seconds) <= LONGEST_TOKEN:
            self.answer(400)
        else:
            # The reply dies on its way to anyone more hops away, a container on the instance, say. The connection
            # keeps the limit: what TCP sends again must die as well.
            self.connection.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, found.hop_limit)
            token = _new_token(self.client_address[0], int(seconds))
            self.answer(200, token, X_Aws_Ec2_Metadata_Token_Ttl_Seconds=seconds)

    def do_GET(self) -> None:
        found = self._instance()
        if found is None:
            return
        token = self.headers.get("X-aws-ec2-metadata-token")
        if (token is None and found.http_tokens == "required") or (token is not None and not _valid(
            token, self.client_address[0]
        )):
            self.answer(401)
            return
        path = self.path.partition("?")[0]
        if path == "/":
            self.answer(200, _VERSIONS)
            return
        match = _VERSION.match(path)
        key_name = found.key[0] if found.key else ""
        value = metadata.lookup(metadata.paths(found), match[2] or "", key_name) if match else None
        if value is None:
            self.answer(404)
        else:
            kind = "application/octet-stream" if isinstance(value, bytes) else "text/plain"
            self.answer(200, value, kind)

    do_HEAD = do_GET


@network.on_up
def _start() -> None:
    servers.serve(router.METADATA, 80, _Handler)
