"""The one door: every request is identified, may meet a fault, is authorised, answered and written into the journal."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from moto.core.model import OperationModel
from moto.core.utils import get_service_model

from rehearsal.kernel import (
    authority,
    bugs,
    control,
    faults,
    identity,
    journal,
    moto_app,
    operations,
    protocol,
    regions,
    request_time,
    tasks,
    underway,
)
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.kernel.identity import Principal
from rehearsal.kernel.settings import ACCOUNT, REGION

StartResponse = Callable[..., Any]


class LostReply(Exception):
    """The connection closes without an answer, after the effect."""


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    path = environ.get("PATH_INFO", "")
    if path.startswith("/_rehearsal/") or path.startswith("/moto-api/"):
        return control.answer(environ, start_response)
    try:
        status, headers, body = _Exchange(environ).run()
    except LostReply:
        _hang_up(environ)
        # The server wants headers before it finds the connection gone.
        start_response("200 OK", [])
        return [b""]
    reason = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
    start_response(f"{status} {reason}", headers)
    return [body]


class _Exchange:
    """One request on its way through."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self.environ = environ
        self.request = protocol.BackendRequest(environ)
        self.request.get_data(cache=True, parse_form_data=False)
        self.body = self.request.data
        # A request that cannot even be told apart is answered as one of S3's.
        self.target = protocol.Target("s3", REGION)
        self.operation: OperationModel | None = None
        self.principal: Principal = identity.ANONYMOUS
        self.params: dict[str, Any] = {}
        self.request_id = str(uuid.uuid4())
        self.fault: faults.Fault | None = None
        self.decision = authority.Decision([], [])

    @property
    def name(self) -> str:
        return str(self.operation.name) if self.operation is not None else "Unknown"

    def run(self) -> tuple[int, list[tuple[str, str]], bytes]:
        started, clock = time.time(), time.perf_counter()
        error: AwsError | None = None
        number = underway.begin(self.request_id, self.target.service)
        try:
            self.target = protocol.target_of(self.request)
            reply = self._answer(number)
        except AwsError as raised:
            error = raised
            reply = self._reply(raised)
        except Exception as bug:
            bugs.report(f"{self.target.service}:{self.name}", self._told())
            error = AwsError("InternalFailure", f"The rehearsal failed: {type(bug).__name__}: {bug}", 500)
            reply = self._reply(error)
        finally:
            underway.end(number)
        status, headers, body = reply
        journal.record(
            time=started,
            principal=self.principal.arn,
            service=self.target.service,
            operation=self.name,
            region=self.target.region,
            status=status,
            error=error.code if error else _moto_error(status, headers),
            message=error.message if error else "",
            ms=round((time.perf_counter() - clock) * 1000, 2),
            request_id=self.request_id,
            fault=self.fault.kind if self.fault else "",
            actions=self.decision.actions,
            resources=self.decision.resources,
        )
        if self.fault is not None and self.fault.kind == "lost-reply":
            raise LostReply
        return status, headers, body

    def _answer(self, number: int) -> tuple[int, list[tuple[str, str]], bytes]:
        try:
            get_service_model(self.target.service)
        except Exception as error:
            raise NotImplementedByRehearsal(self.target.service, "*", "no such service") from error
        if self.target.region not in regions.known():
            raise AwsError("SignatureDoesNotMatch", "Credential should be scoped to a valid region.", 403)
        key = identity.access_key_of(
            self.request.headers.get("Authorization", ""), self.environ.get("QUERY_STRING", "")
        )
        if key is not None:
            signed = self.request.headers.get("X-Amz-Date") or self.request.args.get("X-Amz-Date")
            now = datetime.now(UTC)
            request_time.check(self.target.service, signed, self.request.args.get("X-Amz-Expires"), now)
            token = self.request.headers.get("X-Amz-Security-Token") or self.request.args.get("X-Amz-Security-Token")
            self.principal = identity.of_access_key(key, token)
        self.operation, uri = protocol.operation_of(self.request, self.target.service)
        underway.tell(number, self.target.service, self.name, self.principal.arn)
        self.params = protocol.params_of(self.request, self.operation, uri)
        self._meet_faults()
        account = self.principal.account or ACCOUNT
        call = Call(
            self.target.service, self.name, self.params, account, self.target.region, self.principal,
            self.request_id, self._forward,
        )  # fmt: skip
        judge = authority.appointed()
        self.decision = judge.check(call)
        judge.check_documents(call)
        own = operations.find(call.service, call.operation)
        if own is not None:
            return self._reply(own(call) or {})
        if operations.is_whole(call.service):
            raise NotImplementedByRehearsal(call.service, call.operation)
        reply = moto_app.ask(self.environ, account, call.service, call.operation, self.body)
        return reply.status, reply.headers, reply.body

    def _told(self) -> str:
        """The request, for the log."""
        who = f"request {self.request_id} of {self.principal.arn}"
        return f"{who}: {bugs.shown(self.params)}" if self.params else f"{who}: {len(self.body)} bytes"

    def _meet_faults(self) -> None:
        self.fault = faults.strike(self.target.service, self.name, self.principal, self.target.region)
        if self.fault is None:
            return
        if self.fault.kind == "latency":
            tasks.real_sleep(self.fault.seconds)
        elif self.fault.kind == "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.fault.kind in ("throttle", "error"):
            raise self.fault.error(self.target.service)

    def _forward(self, params: dict[str, Any] | None, account: str | None) -> dict[str, Any]:
        assert self.operation is not None
        where = account or self.principal.account or ACCOUNT
        if params is None:
            reply = moto_app.ask(self.environ, where, self.target.service, self.name, self.body)
        else:
            reply = moto_app.ask_with(self.environ, where, self.operation, params)
        return reply.result(self.operation)

    def _reply(self, result: Any) -> tuple[int, list[tuple[str, str]], bytes]:
        try:
            operation = self.operation or protocol.placeholder(self.target.service)
        except Exception:  # no such service: S3's plain XML is what any client can show
            operation = protocol.placeholder("s3")
        status, headers, body = protocol.serialize(self.request, operation, result)
        headers = {k: v for k, v in headers.items() if k.lower() != "x-amzn-requestid"}
        headers["x-amzn-RequestId"] = self.request_id
        headers["x-amz-request-id"] = self.request_id
        return status, list(headers.items()), b"" if self.request.method == "HEAD" else body


def _moto_error(status: int, headers: list[tuple[str, str]]) -> str:
    if status < 400:
        return ""
    return next((v for n, v in headers if n.lower() == "x-amzn-errortype"), str(status))


def _hang_up(environ: dict[str, Any]) -> None:
    """Closes the caller's connection without a reply."""
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        with contextlib.suppress(OSError):  # the caller is gone already, which is what was wanted
            connection.shutdown(socket.SHUT_RDWR)
