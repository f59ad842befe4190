"""Who decides what a caller may do: handed in once by whoever puts the rehearsal together, asked by the gateway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rehearsal.kernel.call import Call


@dataclass(frozen=True)
class Decision:
    """What was asked for, for the journal."""

    actions: list[str]
    resources: list[str]


@dataclass(frozen=True)
class Authority:
    check: Callable[[Call], Decision]
    """@raises AwsError in the service's words for a denial."""
    check_documents: Callable[[Call], None]
    """@raises AwsError if the request holds a document that is no policy."""
    has_role: Callable[[str], bool]
    """Whether a role of this ARN exists."""


_appointed: list[Authority] = []


def appoint(authority: Authority) -> None:
    _appointed[:] = [authority]


def appointed() -> Authority:
    """Without one, nothing is allowed: @raises RuntimeError."""
    if not _appointed:
        raise RuntimeError("nobody was appointed to decide what callers may do: see rehearsal/composition.py")
    return _appointed[0]
