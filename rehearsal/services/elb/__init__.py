"""Application Load Balancers that listen, check health and carry requests; the API's records are moto's."""

from __future__ import annotations


def register() -> None:
    """Imports the operations, which register themselves."""
    from rehearsal.services.elb import api_balancers, api_targets  # noqa: F401


def status() -> dict[str, int]:
    from rehearsal.services.elb import fleet

    return {"load_balancers": fleet.count()}
