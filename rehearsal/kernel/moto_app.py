"""moto's own application behind the gateway, and its replies read back as results."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from botocore.awsrequest import HeadersDict
from botocore.parsers import ResponseParserError, create_parser
from botocore.serialize import create_serializer
from moto.backends import list_of_moto_modules
from moto.core.model import OperationModel
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.datastructures import Headers

from rehearsal.kernel import bugs
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal

# moto's packages are named like botocore's services, without hyphens and with a few names of their own.
_SERVICES = set(list_of_moto_modules()) | {"lambda", "logs", "events"}
_app = DomainDispatcherApplication(create_backend_app)


@dataclass
class Reply:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def result(self, operation: OperationModel) -> dict[str, Any]:
        """As boto3 would return it. @raises AwsError for an error reply."""
        model = operation.service_model
        protocol = model.metadata.get("protocol")
        response = {"headers": HeadersDict(self.headers), "status_code": self.status, "body": self.body}
        try:
            parsed = create_parser(protocol).parse(response, operation.output_shape)
        except ResponseParserError as error:
            raise NotImplementedByRehearsal(
                str(model.service_name), str(operation.name), "moto's reply cannot be read"
            ) from error
        if self.status >= 300:
            error = parsed.get("Error", {})
            raise AwsError(error.get("Code") or "InternalFailure", error.get("Message") or "", self.status)
        parsed.pop("ResponseMetadata", None)
        return parsed


def ask(environ: dict[str, Any], account: str, service: str, operation: str, body: bytes) -> Reply:
    """Hands a request to moto, for an account. What moto cannot do becomes NotImplemented, never its HTML."""
    if service.replace("-", "") not in _SERVICES:
        raise NotImplementedByRehearsal(service, operation)
    # moto would tell the account by the access key, and takes keys that it does not know for its default account's.
    forwarded = {**environ, "HTTP_X_MOTO_ACCOUNT_ID": account}
    forwarded["wsgi.input"] = io.BytesIO(body)
    forwarded["CONTENT_LENGTH"] = str(len(body))
    forwarded.pop("HTTP_TRANSFER_ENCODING", None)
    forwarded.pop("werkzeug.request", None)
    started: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        started.update(status=int(status.split()[0]), headers=headers)
        return lambda _: None

    try:
        chunks: Iterable[bytes] = _app(forwarded, start_response)
        reply = Reply(started["status"], started["headers"], b"".join(chunks))
    except NotImplementedError as error:
        raise NotImplementedByRehearsal(service, operation) from error
    except Exception as error:
        # moto fails over input that it was not made for: what AWS would say to it is not known here.
        bugs.report(f"moto's {service}:{operation}", ours=False)
        raise NotImplementedByRehearsal(service, operation, f"moto fails over this input ({error!r})") from error
    html = any(n.lower() == "content-type" and "html" in v for n, v in reply.headers) and b"<!doctype html" in (
        reply.body[:200].lower()
    )
    # moto's router answers its own 404 page where no path of a service matches.
    if html and reply.status in (404, 405):
        raise NotImplementedByRehearsal(service, operation)
    return reply


def ask_with(environ: dict[str, Any], account: str, operation: OperationModel, params: dict[str, Any]) -> Reply:
    """The same operation with other parameters: the request is written anew, under the same credentials."""
    model = operation.service_model
    protocol = model.metadata.get("protocol")
    request = create_serializer(protocol, include_validation=False).serialize_to_request(params, operation)
    body = request["body"]
    if isinstance(body, dict):
        body = urlencode(body, doseq=True)
    data = body.encode() if isinstance(body, str) else bytes(body or b"")
    query = request["query_string"]
    written = {k: v for k, v in environ.items() if not k.startswith("HTTP_X_AMZ_") or k == "HTTP_X_AMZ_SECURITY_TOKEN"}
    written.update(
        REQUEST_METHOD=request["method"],
        PATH_INFO=request["url_path"].split("?")[0],
        RAW_URI=request["url_path"],
        REQUEST_URI=request["url_path"],
        QUERY_STRING=urlencode(query, doseq=True) if isinstance(query, dict) else query,
    )
    for name, value in Headers(request["headers"]).items():
        key = name.upper().replace("-", "_")
        written[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return ask(written, account, str(model.service_name), str(operation.name), data)


def reset() -> None:
    """Makes moto forget everything (its own POST /moto-api/reset)."""
    from moto.moto_api._internal.models import moto_api_backend

    moto_api_backend.reset()
