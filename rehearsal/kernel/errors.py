"""Errors as the services answer them: a code, a message, and the protocol's own envelope."""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import ServiceException


class AwsError(ServiceException):
    """An error reply. `extra` members are put beside the message where the service's model has them."""

    def __init__(self, code: str, message: str, status: int = 400, **extra: Any) -> None:
        super().__init__(code, message)
        self.status = status
        for name, value in extra.items():
            setattr(self, name, value)


class NotImplementedByRehearsal(AwsError):
    """What the rehearsal does not do says so, by name, in the service's own protocol; it never guesses."""

    def __init__(self, service: str, operation: str, detail: str = "") -> None:
        tail = f": {detail}" if detail else ""
        super().__init__("NotImplemented", f"The rehearsal does not implement {service}:{operation}{tail}", status=501)


class Cancelled(BaseException):
    """Ends a background task after a reset or at shutdown; not an Exception, so that no handler swallows it."""
