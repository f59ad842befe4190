"""The public images: Debian 12, published by Debian's own account for two architectures, in every region, with SSM
public parameters. The one that is not of this machine's architecture is found, described and copied; RunInstances
says that it does not boot here (launch_checks).

https://wiki.debian.org/Cloud/AmazonEC2Image/Bookworm
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
"""

from __future__ import annotations

import hashlib
import os
import threading
from datetime import UTC, datetime
from typing import Any

from moto.core.utils import utcnow
from moto.ssm.models import Parameter, ParameterDict

from rehearsal.machines import base_image, recipe
from rehearsal.services.ec2 import support
from rehearsal.services.ec2.images.image import ROOT_DEVICE, Image, ImageSnapshot, Mapping, SnapshotVolume

OWNER = "136693071363"
PARAMETERS = "/aws/service/debian/release/12/"
# EC2's word for an architecture, and Debian's. That of this machine comes first.
_WORDS = {"x86_64": "amd64", "arm64": "arm64"}
ARCHITECTURES = {recipe.architecture(): _WORDS[recipe.architecture()], **_WORDS}

_lock = threading.Lock()


def install() -> None:
    """moto's own list of public images is of hundreds that could not boot here; it is left out."""
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
    load = ParameterDict._check_loading_status

    # moto loads public parameters when their path is first asked for, in this method.
    def with_debian(self: ParameterDict, key: str) -> None:
        load(self, key)
        if not str(key or "").startswith("/aws/service/debian"):
            return
        for architecture in ARCHITECTURES:
            parameter = _parameter(architecture, self.account_id, self.region_name)
            if not dict.__contains__(self, parameter.name):
                dict.__setitem__(self, parameter.name, [parameter])

    ParameterDict._check_loading_status = with_debian


def image_id(region: str, architecture: str = recipe.architecture()) -> str:
    """The same for as long as the base image is: a reset gives the same id again. Lists are in the order of ids, so
    the one that boots comes first in them."""
    seeds = [f"{base_image.path().name} {region} {one}" for one in ARCHITECTURES]
    digests = sorted(hashlib.sha256(seed.encode()).hexdigest()[:16] for seed in seeds)
    return "ami-0" + digests[list(ARCHITECTURES).index(architecture)]


def image_ids(region: str) -> set[str]:
    return {image_id(region, architecture) for architecture in ARCHITECTURES}


def name(architecture: str) -> str:
    built = base_image.built_at() if base_image.exists() else datetime.now(UTC)
    return f"debian-12-{ARCHITECTURES[architecture]}-{built:%Y%m%d}-{built:%H%M}"


def ensure(region: str) -> None:
    """Registers the images in a region, once."""
    backend = support.backend_of(OWNER, region)
    with _lock:
        for architecture in ARCHITECTURES:
            if image_id(region, architecture) not in backend.amis:
                _register(backend, region, architecture)


def _register(backend: Any, region: str, architecture: str) -> None:
    identifier = image_id(region, architecture)
    created = base_image.built_at() if base_image.exists() else utcnow()
    mapping = Mapping(ROOT_DEVICE, None)
    image = Image(
        backend, name(architecture), image_id=identifier, description="Debian 12 (rehearsal build)",
        architecture=architecture, mappings=[mapping], owner_alias=None, created=created,
    )  # fmt: skip
    volume = SnapshotVolume("vol-ffffffff", mapping.size)
    snapshot = ImageSnapshot(backend, volume, image.description, None, identifier)
    snapshot.create_volume_permission_groups = {"all"}
    native = architecture == recipe.architecture()
    snapshot.layers, snapshot.status = (str(base_image.path() / "root"),) if native else (), "completed"
    mapping.snapshot = snapshot.id
    backend.snapshots[snapshot.id] = snapshot
    image.launch_permissions = [{"Group": "all"}]
    image.state = "available"
    backend.amis[identifier] = image


def _parameter(architecture: str, account: str, region: str) -> Parameter:
    name = f"{PARAMETERS}latest/{ARCHITECTURES[architecture]}"
    return Parameter(
        account_id=account, name=name, value=image_id(region, architecture), parameter_type="String", description=None,
        allowed_pattern=None, keyid=None, last_modified_date=utcnow(), version=1, data_type="aws:ec2:image",
    )  # fmt: skip
