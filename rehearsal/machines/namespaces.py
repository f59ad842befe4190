"""Work inside a network namespace from a thread of this process: Linux's namespaces belong to threads.

https://man7.org/linux/man-pages/man2/setns.2.html
"""

from __future__ import annotations

import ctypes
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rehearsal.machines import names

T = TypeVar("T")
_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def inside(namespace: str, function: Callable[[], T]) -> T:
    """Calls `function` in a thread of its own that stands in `namespace`; the thread ends, so nothing moves back."""
    results: list[T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            handle = os.open(names.NETNS / namespace, os.O_RDONLY | os.O_CLOEXEC)
            try:
                if _libc.setns(handle, _CLONE_NEWNET):
                    number = ctypes.get_errno()
                    raise OSError(number, f"setns {namespace}: {os.strerror(number)}")
            finally:
                os.close(handle)
            results.append(function())
        except BaseException as error:  # handed to the caller
            errors.append(error)

    thread = threading.Thread(target=work, name=f"setns-{namespace}")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def new_socket(
    namespace: str, family: int = socket.AF_INET, type: int = socket.SOCK_STREAM
) -> socket.socket:
    """A socket that lives in `namespace` for good, whichever thread uses it."""
    return inside(namespace, lambda: socket.socket(family, type))


def set_sysctls(namespace: str, settings: dict[str, str]) -> None:
    """Kernel settings below /proc/sys/net, e.g. {"ipv4/ip_forward": "1"}; one that the kernel lacks is left."""

    def write() -> None:
        for key, value in settings.items():
            path = Path("/proc/sys/net") / key
            if path.exists():
                path.write_text(value)

    inside(namespace, write)
