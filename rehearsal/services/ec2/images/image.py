"""An AMI: moto's, so that all of moto finds it, with what moto has not, and with the layers it boots from."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models.amis import Ami
from moto.ec2.models.elastic_block_store import Snapshot

from rehearsal.kernel import tasks
from rehearsal.services.ec2 import support
from rehearsal.services.ec2.images import launch_permissions

ROOT_DEVICE = "/dev/xvda"


@dataclass
class Mapping:
    """One block device of an image. Only the root device has content: guests share the host's kernel and its disks."""

    device: str
    snapshot: str | None
    size: int = 8
    type: str = "gp3"
    delete: bool = True
    encrypted: bool = False

    def described(self) -> dict[str, Any]:
        ebs = {"DeleteOnTermination": self.delete, "VolumeSize": self.size, "VolumeType": self.type,
               "Encrypted": self.encrypted}  # fmt: skip
        return {"DeviceName": self.device, "Ebs": {**ebs, "SnapshotId": self.snapshot} if self.snapshot else ebs}


@dataclass
class SnapshotVolume:
    """What moto's Snapshot wants to know of the volume it was taken of."""

    id: str
    size: int


class ImageSnapshot(Snapshot):
    """An EBS snapshot with the layers that a root device boots from."""

    def __init__(self, backend: Any, volume: SnapshotVolume, description: str, key: str | None, image: str) -> None:
        identifier, encrypted = support.new_id("snap"), key is not None
        super().__init__(backend, identifier, volume, description, encrypted=encrypted, kms_key_id=key, from_ami=image)
        self.status = "pending"
        self.layers: tuple[str, ...] = ()
        self.began = time.monotonic()
        # How long it takes by AWS's clock, where that is known.
        self.seconds = 0.0

    @property
    def progress(self) -> str:
        if self.status == "completed":
            return "100%"
        passed = (time.monotonic() - self.began) * tasks.speed()
        return f"{min(99, int(100 * passed / self.seconds)) if self.seconds and self.status == 'pending' else 0}%"


@dataclass
class Origin:
    """Where an image came from."""

    instance: str | None = None
    image: str | None = None
    region: str | None = None


class Image(Ami):
    """moto's constructor would make a snapshot of its own for each image; ours are made by what makes the image."""

    def __init__(
        self,
        backend: Any,
        name: str,
        *,
        image_id: str | None = None,
        description: str = "",
        architecture: str = "x86_64",
        mappings: list[Mapping],
        origin: Origin | None = None,
        state: str = "pending",
        owner_alias: str | None = None,
        imds_support: str | None = None,
        created: datetime | None = None,
    ) -> None:
        self.ec2_backend = backend
        self.id = image_id or support.new_id("ami")
        self.name = name
        self.description = description
        self.owner_id = backend.account_id
        self.owner_alias = owner_alias
        self.state = state
        self.state_reason = ""
        self.architecture = architecture
        self.virtualization_type = "hvm"
        self.hypervisor = "xen"
        self.image_type = "machine"
        self.image_location = f"{self.owner_id}/{name}"
        self.platform = None
        self.kernel_id = None
        self.root_device_name = ROOT_DEVICE
        self.root_device_type = "ebs"
        self.sriov = "simple"
        self.boot_mode = "uefi-preferred"
        self.product_codes = set()
        self.creation_date = created or utcnow()
        self.origin = origin or Origin()
        self.instance_id = self.origin.instance
        self.imds_support = imds_support
        self.mappings = mappings
        self.launch_permissions = []
        self.deprecation: datetime | None = None
        self.last_launched: datetime | None = None
        self.deregistration_protection = "disabled"
        self.protected_until: datetime | None = None

    @property
    def block_device_mappings(self) -> list[dict[str, Any]]:
        return [mapping.described() for mapping in self.mappings]

    @property
    def root(self) -> Mapping | None:
        return next((m for m in self.mappings if m.device == self.root_device_name), None)

    @property
    def snapshots(self) -> list[str]:
        return [m.snapshot for m in self.mappings if m.snapshot]

    @property
    def layers(self) -> tuple[str, ...]:
        """What it boots from, newest first; empty while it is pending."""
        snapshot = self.ec2_backend.snapshots.get(self.root.snapshot) if self.root else None
        return getattr(snapshot, "layers", ())

    @property
    def encrypted(self) -> bool:
        return any(m.encrypted for m in self.mappings)

    def visible_to(self, account: str) -> bool:
        return self.owner_id == account or launch_permissions.let_in(self.launch_permissions, account)


@dataclass
class Draft:
    """What the makers of images agree on before there is one."""

    name: str
    description: str = ""
    image_tags: dict[str, str] = field(default_factory=dict)
    snapshot_tags: dict[str, str] = field(default_factory=dict)
