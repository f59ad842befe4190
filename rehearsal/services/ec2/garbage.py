"""Layers that no snapshot and no instance refers to any more leave the disk."""

from __future__ import annotations

from rehearsal.machines import layers, names, vpcs
from rehearsal.services.ec2 import lifecycle
from rehearsal.services.ec2.images.image import ImageSnapshot


def collect() -> None:
    used = lifecycle.layers_in_use()
    for backend in vpcs.backends():
        for snapshot in list(backend.snapshots.values()):
            if isinstance(snapshot, ImageSnapshot):
                if snapshot.status == "pending":
                    return  # its layer may be on the disk before the snapshot knows
                used |= set(snapshot.layers)
    for path in (names.disks() / "layers").glob("ami-*"):
        if str(path) not in used:
            layers.remove_layer(str(path))
