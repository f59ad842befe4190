"""Requests straight into the gateway, without a socket, and what went wrong inside meanwhile."""

from __future__ import annotations

import io
import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from botocore.serialize import create_serializer
from moto.core.utils import get_service_model

from rehearsal.kernel import bugs, gateway
from rehearsal.kernel.settings import ADMIN_ACCESS_KEY, REGION

_SIGNING = {"cloudwatch": "monitoring", "elbv2": "elasticloadbalancing", "stepfunctions": "states"}


@dataclass
class Watch:
    """Bugs that were told since the last look: where, and a name by which equal ones are known."""

    seen: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, where: str, error: BaseException) -> None:
        self.seen.append((where, name_of(error)))

    def taken(self) -> list[tuple[str, str]]:
        found, self.seen = self.seen, []
        return found


def name_of(error: BaseException) -> str:
    """The kind of an exception and where it was raised: in our own code, as far as that was on the way."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "/rehearsal/" in f.filename and "/fuzz/" not in f.filename]
    last = [*ours[-1:], *frames[-1:]]
    where = " < ".join(
        f"{f.filename.rsplit('/site-packages/', 1)[-1].rsplit('/rehearsal/', 1)[-1]}:{f.name}" for f in last
    )
    return f"{type(error).__name__} at {where}"


watch = Watch()
bugs.listen(watch)


class Unwritable(Exception):
    """No client could send this."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace").replace("&#39;", "'").replace("&#x27;", "'").replace("&apos;", "'")

    @property
    def broken(self) -> bool:
        return self.status >= 500 and self.status != 501


def ask(service: str, operation: str, params: Any, key: str = ADMIN_ACCESS_KEY, token: str = "") -> Reply:
    """Sends parameters as they are: wrong types, too, as far as the protocol can carry them.

    @raises Unwritable where no client could write such a request.
    """
    model = get_service_model(service)
    shape = model.operation_model(operation)
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260101/{REGION}/"
        f"{_SIGNING.get(service, model.signing_name)}/aws4_request, SignedHeaders=host, Signature=0",
        **({"X-Amz-Security-Token": token} if token else {}),
    }
    spoken = [p for p in model.metadata["protocols"] if p != "smithy-rpc-v2-cbor"]
    match spoken[0]:
        case "json":
            headers["Content-Type"] = f"application/x-amz-json-{model.metadata['jsonVersion']}"
            headers["X-Amz-Target"] = f"{model.metadata['targetPrefix']}.{operation}"
            return send("POST", "/", "", headers, _written(lambda: json.dumps(params)))
        case "query" | "ec2" as protocol:
            first = {"Action": operation, "Version": model.api_version}
            mark = "" if protocol == "ec2" else ".member"
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
            return send("POST", "/", "", headers, _written(lambda: urlencode({**first, **_flat(params, mark)})))
    try:
        made = create_serializer(spoken[0], include_validation=False).serialize_to_request(params, shape)
    except Exception as error:
        raise Unwritable from error
    body = made["body"]
    data = body.encode() if isinstance(body, str) else bytes(body or b"")
    headers |= {str(k): str(v) for k, v in made["headers"].items()}
    return send(made["method"], made["url_path"], made["query_string"], headers, data)


def _written(write: Callable[[], str]) -> bytes:
    try:
        return write().encode()
    except (RecursionError, UnicodeError) as error:
        raise Unwritable from error


def _flat(value: Any, mark: str, name: str = "") -> dict[str, str]:
    """As the query protocols name what is inside: Tags.member.1.Key, or Tag.1.Key in EC2's."""
    dot = f"{name}." if name else ""
    if isinstance(value, dict):
        return {k: v for key, item in value.items() for k, v in _flat(item, mark, f"{dot}{key}").items()}
    if isinstance(value, list):
        listed = enumerate(value, 1)
        return {k: v for number, item in listed for k, v in _flat(item, mark, f"{name}{mark}.{number}").items()}
    if value is None:
        return {}
    return {name: str(value).lower() if isinstance(value, bool) else str(value)}


def send(method: str, path: str, query: Any, headers: dict[str, str], data: bytes) -> Reply:
    path, _, more = path.partition("?")
    text = urlencode(query, doseq=True) if isinstance(query, dict) else str(query or "")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "RAW_URI": path,
        "REQUEST_URI": path,
        "QUERY_STRING": "&".join(part for part in (more, text) if part),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(data),
        "wsgi.errors": io.StringIO(),
        "CONTENT_LENGTH": str(len(data)),
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    started: list[str] = []
    chunks = gateway.application(environ, lambda status, headers, exc_info=None: started.append(status))
    return Reply(int(started[0].split()[0]), b"".join(chunks))
