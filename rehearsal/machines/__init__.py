"""Linux below the rehearsal: machines that boot, the network between them, and what they ask AWS for from inside."""

from __future__ import annotations

from typing import Any

from rehearsal.machines.remains import cleanup

__all__ = ["cleanup", "register", "status", "stop"]


def register() -> None:
    from rehearsal.kernel import tasks
    from rehearsal.machines import (  # noqa: F401  (importing registers them)
        credentials_server,
        endpoint,
        host_apt,
        imds,
        network,
        private_zones,
        resolver,
    )

    host_apt.read()
    tasks.on_reset(credentials_server.forget)
    tasks.on_reset(imds.forget)
    tasks.on_reset(network.forget)


def stop() -> None:
    from rehearsal.kernel.settings import settings
    from rehearsal.machines import network

    network.down()
    cleanup(settings.name)


def status() -> dict[str, Any]:
    """For the status page: whether instances boot here, and why not."""
    from rehearsal.machines import host

    ok, reason = host.available()
    return {"instances_boot": ok, "instances_reason": reason}
