"""Service Quotas: the limits that the rehearsal itself holds; those of VPCs are moto's list."""

from __future__ import annotations


def register() -> None:
    from rehearsal.services.quotas import api  # noqa: F401  (registers its operations)
