"""The one public image: Debian 12, published by Debian's own account, in every region, with its SSM public parameter.

https://wiki.debian.org/Cloud/AmazonEC2Image/Bookworm
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
"""

from __future__ import annotations

import hashlib
import os
import threading
from datetime import UTC, datetime

from moto.core.utils import utcnow
from moto.ssm.models import Parameter, ParameterDict

from rehearsal.machines import base_image, recipe
from rehearsal.services.ec2 import support
from rehearsal.services.ec2.images.image import ROOT_DEVICE, Image, ImageSnapshot, Mapping, SnapshotVolume

OWNER = "136693071363"
PARAMETERS = "/aws/service/debian/release/12/"
# Debian's word for the architecture.
ARCHITECTURE = {"x86_64": "amd64", "arm64": "arm64"}[recipe.architecture()]

_lock = threading.Lock()


def install() -> None:
    """moto's own list of public images is of hundreds that could not boot here; it is left out."""
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
    load = ParameterDict._check_loading_status

    # moto loads public parameters when their path is first asked for, in this method.
    def with_debian(self: ParameterDict, key: str) -> None:
        load(self, key)
        if str(key or "").startswith("/aws/service/debian") and not dict.__contains__(self, _parameter().name):
            dict.__setitem__(self, _parameter().name, [_parameter(self.account_id, self.region_name)])

    ParameterDict._check_loading_status = with_debian


def image_id(region: str) -> str:
    """The same for as long as the base image is: a reset gives the same id again."""
    return "ami-0" + hashlib.sha256(f"{base_image.path().name} {region}".encode()).hexdigest()[:16]


def name() -> str:
    built = base_image.built_at() if base_image.exists() else datetime.now(UTC)
    return f"debian-12-{ARCHITECTURE}-{built:%Y%m%d}-{built:%H%M}"


def ensure(region: str) -> None:
    """Registers the image in a region, once."""
    identifier = image_id(region)
    backend = support.backend_of(OWNER, region)
    with _lock:
        if identifier in backend.amis:
            return
        created = base_image.built_at() if base_image.exists() else utcnow()
        mapping = Mapping(ROOT_DEVICE, None)
        image = Image(
            backend, name(), image_id=identifier, description="Debian 12 (rehearsal build)",
            architecture=recipe.architecture(), mappings=[mapping], owner_alias=None, created=created,
        )  # fmt: skip
        volume = SnapshotVolume("vol-ffffffff", mapping.size)
        snapshot = ImageSnapshot(backend, volume, image.description, None, identifier)
        snapshot.create_volume_permission_groups = {"all"}
        snapshot.layers, snapshot.status = (str(base_image.path() / "root"),), "completed"
        mapping.snapshot = snapshot.id
        backend.snapshots[snapshot.id] = snapshot
        image.launch_permissions = [{"Group": "all"}]
        image.state = "available"
        backend.amis[identifier] = image


def _parameter(account: str = OWNER, region: str = "us-east-1") -> Parameter:
    return Parameter(
        account_id=account, name=f"{PARAMETERS}latest/{ARCHITECTURE}", value=image_id(region),
        parameter_type="String", description=None, allowed_pattern=None, keyid=None,
        last_modified_date=utcnow(), version=1, data_type="aws:ec2:image",
    )  # fmt: skip
