"""Organizations: further accounts, administered from the one that made them, and who belongs together."""

from __future__ import annotations


def register() -> None:
    from rehearsal.services.organizations import access, account_creation, management  # noqa: F401  (register themselves)

    access.install()
