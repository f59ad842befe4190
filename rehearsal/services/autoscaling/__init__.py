"""Auto Scaling groups that launch, watch and replace instances; nothing of this service is left to moto."""

from __future__ import annotations


def register() -> None:
    """Imports the operations, which register themselves."""
    from rehearsal.kernel.operations import whole_service
    from rehearsal.services.autoscaling import (  # noqa: F401
        api_groups,
        api_hooks,
        api_instances,
        api_policies,
        api_refresh,
        api_settings,
        api_traffic,
    )

    whole_service("autoscaling")


def status() -> dict[str, int]:
    from rehearsal.services.autoscaling import store

    return {"auto_scaling_groups": store.count()}
