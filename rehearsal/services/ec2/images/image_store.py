"""Finding images and adding them: by id and viewer, with AWS's refusals."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rehearsal.kernel import regions
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.services.ec2 import support
from rehearsal.services.ec2.images import base_images, notices
from rehearsal.services.ec2.images.image import Draft, Image, ImageSnapshot, Mapping, SnapshotVolume

_NAME = re.compile(r"^[a-zA-Z0-9()\[\] ./\-'@_]{3,128}$")
_ID = re.compile(r"^ami-[0-9a-f]{8}(?:[0-9a-f]{9})?$")


Listener = Callable[[Image], None]
_listeners: list[Listener] = []


def on_add(listener: Listener) -> Listener:
    """Registers who is told of each new image."""
    _listeners.append(listener)
    return listener


def all_images(region: str) -> list[Image]:
    """Every image of a region, of all accounts, Debian's first."""
    base_images.ensure(region)
    return [i for b in support.known_backends(region) for i in list(b.amis.values()) if isinstance(i, Image)]


def find(image_id: str, account: str, region: str) -> Image:
    """An image that an account may see. @raises AwsError InvalidAMIID.Malformed | InvalidAMIID.NotFound |
    InvalidParameterValue for a region that there is not."""
    if region not in regions.known():
        raise AwsError("InvalidParameterValue", f"Invalid region: '{region}'")
    if not _ID.match(image_id):
        raise AwsError("InvalidAMIID.Malformed", f'Invalid id: "{image_id}"' + _expecting(image_id))
    for image in all_images(region):
        if image.id == image_id and image.visible_to(account):
            return image
    raise AwsError("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist")


def _expecting(image_id: str) -> str:
    return "" if image_id.startswith("ami-") else ' (expecting "ami-...")'


def owned(call: Call, image_id: str | None) -> Image:
    """An image that the caller's account owns. @raises AwsError also AuthFailure."""
    if not image_id:
        raise AwsError("MissingParameter", "The request must contain the parameter ImageId")
    image = find(image_id, call.account, call.region)
    if image.owner_id != call.account:
        raise AwsError("AuthFailure", f"Not authorized for image:{image_id}", 403)
    return image


def check_name(backend: Any, name: str | None) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html (Name)."""
    if not name:
        raise AwsError("MissingParameter", "The request must contain the parameter name")
    if not _NAME.match(name):
        raise AwsError(
            "InvalidAMIName.Malformed",
            "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', "
            "'-', '/' and '_'",
        )
    for image in list(backend.amis.values()):
        if image.name == name:
            raise AwsError("InvalidAMIName.Duplicate", f"AMI name {name} is already in use by AMI {image.id}")


def add(backend: Any, image: Image, draft: Draft) -> None:
    """Makes an image and its snapshots known, tagged as asked for from the first moment."""
    for snapshot in image.snapshots:
        backend.snapshots[snapshot].from_ami = image.id
        if draft.snapshot_tags:
            backend.create_tags([snapshot], draft.snapshot_tags)
    if draft.image_tags:
        backend.create_tags([image.id], draft.image_tags)
    backend.amis[image.id] = image
    for listener in _listeners:
        listener(image)


def new_snapshot(backend: Any, source: str, mapping: Mapping, description: str, key: str | None) -> ImageSnapshot:
    """A pending snapshot for one device of an image; `mapping` is told its id. `key`: the KMS key's ARN, or None."""
    snapshot = ImageSnapshot(backend, SnapshotVolume(source, mapping.size), description, key, "")
    backend.snapshots[snapshot.id] = snapshot
    mapping.snapshot = snapshot.id
    mapping.encrypted = key is not None
    return snapshot


def complete(image: Image, layers: tuple[str, ...]) -> None:
    """The image's content is there: it can be launched, unless it was deregistered meanwhile."""
    if image.ec2_backend.amis.get(image.id) is not image:
        return
    for mapping in image.mappings:
        snapshot = image.ec2_backend.snapshots.get(mapping.snapshot)
        if isinstance(snapshot, ImageSnapshot):
            snapshot.layers = layers if mapping.device == image.root_device_name else ()
            snapshot.status = "completed"
    image.state = "available"
    notices.state_changed(image, "available")


def fail(image: Image, reason: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html: state failed, with a StateReason."""
    if image.ec2_backend.amis.get(image.id) is not image:
        return
    for snapshot in image.snapshots:
        found = image.ec2_backend.snapshots.get(snapshot)
        if found is not None:
            found.status = "error"
    image.state, image.state_reason = "failed", reason
    notices.state_changed(image, "failed", reason)
