"""One server in this process for the tests that talk to it; forgotten between tests that ask for it fresh."""

from __future__ import annotations

import json
import os
import threading
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from werkzeug.serving import make_server

from rehearsal.kernel.settings import ADMIN_ACCESS_KEY, ADMIN_SECRET_KEY, REGION, settings

Client = Callable[..., Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what talks to a server: `-m "not server"` leaves the tests of functions, which take no time."""
    for item in items:
        if "endpoint" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.server)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """The address of a rehearsal without booting instances: its state is shared by the session's tests."""
    from rehearsal import composition
    from rehearsal.kernel import gateway, plugins, tasks
    from rehearsal.kernel.server import Handler

    settings.name = f"pytest-{os.getpid()}"
    composition.compose()
    server = make_server("127.0.0.1", 0, gateway.application, threaded=True, request_handler=Handler)
    settings.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    plugins.seed()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    # What the tests put on the machine goes with them.
    tasks.reset()
    plugins.stop()


@pytest.fixture
def fresh(endpoint: str) -> Iterator[str]:
    """The same, forgotten before the test."""
    post(endpoint, "/moto-api/reset")
    yield endpoint


def post(endpoint: str, path: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
    request = urllib.request.Request(endpoint + path, json.dumps(body or {}).encode(), method=method)
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


def client_of(endpoint: str, service: str, key: str = "", secret: str = "", token: str | None = None) -> Any:
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id=key or ADMIN_ACCESS_KEY,
        aws_secret_access_key=secret or ADMIN_SECRET_KEY,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


@pytest.fixture
def aws(fresh: str) -> Client:
    """`aws("ec2")`: the administrator's client; with `role=` that role's (session `test`)."""

    def make(service: str, role: str = "", **credentials: Any) -> Any:
        if role:
            given = client_of(fresh, "sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
            return client_of(fresh, service, given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        return client_of(fresh, service, **credentials)

    return make
