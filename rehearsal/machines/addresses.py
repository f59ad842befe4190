"""Public addresses of this rehearsal, 198.18.N.2 to .253, given in a round: a freed one is not soon another's."""

from __future__ import annotations

import threading

from rehearsal.machines import router

_lock = threading.Lock()
_taken: set[int] = set()
_last = 1


class NoAddressLeft(RuntimeError):
    """All 252 public addresses are in use."""


def network() -> str:
    """`198.18.N`; without a router (no root) a network that nobody can reach."""
    return f"198.18.{router.number() if router.is_up() else 0}"


def allocate() -> str:
    """@raises NoAddressLeft."""
    global _last
    prefix = network()
    with _lock:
        for step in range(252):
            candidate = (_last - 1 + step) % 252 + 2
            if candidate not in _taken:
                _taken.add(candidate)
                _last = candidate
                return f"{prefix}.{candidate}"
    raise NoAddressLeft("all public addresses of the rehearsal are in use")


def release(ip: str) -> None:
    with _lock:
        _taken.discard(int(ip.rsplit(".", 1)[1]))


def forget() -> None:
    with _lock:
        _taken.clear()
