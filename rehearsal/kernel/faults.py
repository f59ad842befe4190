"""Faults on demand, to see how a client bears them.

kind      throttle (an error, no effect), error (another one: `code`, `message`, `status`), latency (`seconds`),
          lost-reply (the effect happens, the connection closes without an answer), crash (the rehearsal is killed),
          failure (the call is answered, and what it began fails later, with `message`: CopyImage)
service, operation, principal, region   narrow it ("" = any; principal is a part of the ARN). Calls that AWS's own
          services make by themselves are left alone unless a principal is named.
every     1 = each matching call, 5 = every fifth
skip      let that many matching calls pass first
times     stop after that many (0 = never)
"""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.identity import Principal

KINDS = ("throttle", "error", "latency", "lost-reply", "crash", "failure")
# The operations that begin what can fail later.
_BEGINNINGS = (("ec2", "CopyImage"),)

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
_THROTTLE = {
    "ec2": ("RequestLimitExceeded", "Request limit exceeded.", 503),
    "s3": ("SlowDown", "Please reduce your request rate.", 503),
    "ssm": ("ThrottlingException", "Rate exceeded", 400),
    "codebuild": ("ThrottlingException", "Rate exceeded", 400),
    "codepipeline": ("ThrottlingException", "Rate exceeded", 400),
}


@dataclass
class Fault:
    kind: str
    service: str = ""
    operation: str = ""
    principal: str = ""
    region: str = ""
    every: int = 1
    skip: int = 0
    times: int = 0
    seconds: float = 0.0
    code: str = ""
    message: str = ""
    status: int = 400
    seen: int = 0
    done: int = 0

    def matches(self, service: str, operation: str, principal: Principal, region: str) -> bool:
        if self.service not in ("", service) or self.operation not in ("", operation):
            return False
        if self.region not in ("", region):
            return False
        return self.principal in principal.arn if self.principal else principal.type != "service"

    def due(self) -> bool:
        """Counts a matching call and tells whether the fault strikes it."""
        self.seen += 1
        if self.seen <= self.skip or (self.times and self.done >= self.times):
            return False
        if (self.seen - self.skip) % self.every:
            return False
        self.done += 1
        return True

    def error(self, service: str) -> AwsError:
        if self.kind == "error":
            return AwsError(self.code or "InternalFailure", self.message or "Injected by the rehearsal", self.status)
        code, message, status = _THROTTLE.get(service, ("Throttling", "Rate exceeded", 400))
        return AwsError(code, message, status)


_lock = threading.Lock()
_faults: list[Fault] = []


def add(fields: dict[str, Any]) -> dict[str, Any]:
    """@raises ValueError for an unknown kind or member, with what is allowed."""
    if fields.get("kind") not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    unknown = set(fields) - set(Fault.__dataclass_fields__) | set(fields) & {"seen", "done"}
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    fault = Fault(**fields)
    if fault.every < 1 or fault.skip < 0 or fault.times < 0 or fault.seconds < 0:
        raise ValueError("every must be at least 1; skip, times and seconds at least 0")
    if fault.kind == "failure" and (fault.service, fault.operation) not in _BEGINNINGS:
        named = ", ".join(f"{service} {operation}" for service, operation in _BEGINNINGS)
        raise ValueError(f"a failure needs the service and the operation that begins it: {named}")
    with _lock:
        _faults.append(fault)
    return asdict(fault)


def strike(service: str, operation: str, principal: Principal, region: str) -> Fault | None:
    """The fault, if any, that this call meets."""
    return _first(service, operation, principal, region, later=False)


def later(call: Call) -> Fault | None:
    """The fault, if any, that what this call begins is to meet. Asked once, by the operation."""
    return _first(call.service, call.operation, call.principal, call.region, later=True)


def _first(service: str, operation: str, principal: Principal, region: str, *, later: bool) -> Fault | None:
    with _lock:
        for fault in _faults:
            fits = (fault.kind == "failure") == later and fault.matches(service, operation, principal, region)
            if fits and fault.due():
                return fault
    return None


def listed() -> list[dict[str, Any]]:
    with _lock:
        return [asdict(fault) for fault in _faults]


def clear() -> None:
    with _lock:
        _faults.clear()
