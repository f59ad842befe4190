"""The operations that the rehearsal does itself, by service and name; all others are moto's, or nobody's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.kernel.call import Call

Operation = Callable[[Call], "dict[str, Any] | None"]

_operations: dict[tuple[str, str], Operation] = {}
_whole: set[str] = set()


def operation(service: str, *names: str) -> Callable[[Operation], Operation]:
    """Registers a function for operations of a service (botocore's service name), in place of moto's if it has one."""

    def register(function: Operation) -> Operation:
        for name in names:
            if (service, name) in _operations:
                raise ValueError(f"{service}:{name} is registered twice")
            _operations[(service, name)] = function
        return function

    return register


def whole_service(service: str) -> None:
    """Declares that nothing of this service is left to moto: an operation that is not registered is NotImplemented."""
    _whole.add(service)


def find(service: str, name: str) -> Operation | None:
    return _operations.get((service, name))


def is_whole(service: str) -> bool:
    return service in _whole
