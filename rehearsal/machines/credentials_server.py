"""The container credentials endpoint, 169.254.170.2: a build's tools fetch its role's credentials there.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
The container is told a relative path in AWS_CONTAINER_CREDENTIALS_RELATIVE_URI; who knows it gets the credentials.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from rehearsal.machines import network, router, servers

# Returns AccessKeyId, SecretAccessKey, SessionToken, Expiration (as STS does) and, if wanted, RoleArn.
Provider = Callable[[], dict[str, Any]]

_lock = threading.Lock()
_providers: dict[str, Provider] = {}


def register(path: str, provider: Provider) -> None:
    """Serves what `provider` returns, asked anew each time, at `path`, e.g. "/v2/credentials/<uuid>"."""
    with _lock:
        _providers[path] = provider
    network.ensure()


def unregister(path: str) -> None:
    with _lock:
        _providers.pop(path, None)


def forget() -> None:
    with _lock:
        _providers.clear()


class _Handler(servers.Handler):
    def do_GET(self) -> None:
        with _lock:
            provider = _providers.get(self.path)
        if provider is None:
            self.answer(404, json.dumps({"code": "InvalidIdInRequest", "message": "no credentials here"}))
            return
        try:
            found = provider()
        except Exception as error:
            # The role may be gone: the tool shows this text.
            self.answer(500, json.dumps({"code": "InternalServerError", "message": str(error)}), "application/json")
            return
        self.answer(200, json.dumps(document(found)), "application/json")


def document(found: dict[str, Any]) -> dict[str, Any]:
    """The endpoint's own member names: STS's SessionToken is called Token here."""
    expiration = found["Expiration"]
    if isinstance(expiration, datetime):
        expiration = expiration.strftime("%Y-%m-%dT%H:%M:%SZ")
    members = {
        "AccessKeyId": found["AccessKeyId"],
        "SecretAccessKey": found["SecretAccessKey"],
        "Token": found["SessionToken"],
        "Expiration": expiration,
    }
    return {**members, "RoleArn": found["RoleArn"]} if "RoleArn" in found else members


@network.on_up
def _start() -> None:
    servers.serve(router.CONTAINER_CREDENTIALS, 80, _Handler)
