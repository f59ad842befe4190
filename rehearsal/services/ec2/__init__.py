"""EC2's instances and images, on machines that boot."""

from __future__ import annotations


def register() -> None:
    """Imports the operations, which register themselves, and gives moto addresses and networks that exist."""
    from rehearsal.kernel import tasks
    from rehearsal.services.ec2 import (  # noqa: F401
        console,
        default_vpc,
        dependencies,
        group_descriptions,
        group_words,
        images,
        instance_operations,
        moto_addresses,
        nat_gateways,
        network_operations,
        run_instances,
        snapshot_sharing,
        template_versions,
    )

    images.register()
    default_vpc.install()
    moto_addresses.install()
    template_versions.install()
    tasks.on_reset(moto_addresses.forget)


def status() -> dict[str, int]:
    from rehearsal.services.ec2 import lifecycle

    return {"instances": lifecycle.booted()}
