"""Alarms that are evaluated and act; metric data is moto's."""

from __future__ import annotations


def register() -> None:
    """Imports the operations, which register themselves."""
    from rehearsal.services.cloudwatch import api, api_metrics, api_states  # noqa: F401
