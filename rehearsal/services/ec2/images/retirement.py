"""How an image leaves: deprecated, disabled, protected from being deregistered, and deregistered.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/disable-an-ami.html
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.utils import utcnow

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2 import garbage, support
from rehearsal.services.ec2.images import image_store, notices
from rehearsal.services.ec2.images.image import Image, ImageSnapshot

COOLDOWN = timedelta(hours=24)


@operation("ec2", "EnableImageDeprecation")
def enable_image_deprecation(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageDeprecation.html: to the minute, at most
    ten years ahead, and two from its creation for a public image."""
    image = image_store.owned(call, call.params.get("ImageId"))
    moment: datetime | None = call.params.get("DeprecateAt")
    if moment is None:
        raise AwsError("MissingParameter", "The request must contain the parameter DeprecateAt")
    moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    if moment < utcnow() - timedelta(minutes=1):
        raise AwsError("InvalidParameterValue", f"The DeprecateAt time {moment:%Y-%m-%dT%H:%M:%S.000Z} is in the past.")
    if moment > utcnow() + timedelta(days=3653):
        raise AwsError("InvalidParameterValue", "The DeprecateAt time must be at most 10 years from now.")
    if image.is_public and moment > image.creation_date + timedelta(days=731):
        raise AwsError(
            "InvalidParameterValue", "The DeprecateAt time of a public AMI must be at most 2 years from its creation."
        )
    support.end_dry_run(call)
    rounded = moment + timedelta(seconds=30)
    image.deprecation = rounded.replace(second=0, microsecond=0)
    return {"Return": True}


@operation("ec2", "DisableImageDeprecation")
def disable_image_deprecation(call: Call) -> dict[str, Any]:
    image = image_store.owned(call, call.params.get("ImageId"))
    support.end_dry_run(call)
    image.deprecation = None
    return {"Return": True}


@operation("ec2", "DisableImage")
def disable_image(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/disable-an-ami.html: sharing is lost for good."""
    image = image_store.owned(call, call.params.get("ImageId"))
    if image.state not in ("available", "disabled"):
        raise AwsError("InvalidAMIID.Unavailable", f"The image ID '{image.id}' is not available")
    support.end_dry_run(call)
    changed = image.state != "disabled"
    image.state, image.launch_permissions = "disabled", []
    if changed:
        notices.state_changed(image, "disabled")
    return {"Return": True}


@operation("ec2", "EnableImage")
def enable_image(call: Call) -> dict[str, Any]:
    image = image_store.owned(call, call.params.get("ImageId"))
    support.end_dry_run(call)
    if image.state == "disabled":
        image.state = "available"
        notices.state_changed(image, "available")
    return {"Return": True}


@operation("ec2", "EnableImageDeregistrationProtection")
def enable_protection(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageDeregistrationProtection.html"""
    image = image_store.owned(call, call.params.get("ImageId"))
    support.end_dry_run(call)
    cooldown = bool(call.params.get("WithCooldown"))
    image.deregistration_protection = "enabled-with-cooldown" if cooldown else "enabled-without-cooldown"
    return {"Return": image.deregistration_protection}


@operation("ec2", "DisableImageDeregistrationProtection")
def disable_protection(call: Call) -> dict[str, Any]:
    image = image_store.owned(call, call.params.get("ImageId"))
    support.end_dry_run(call)
    if image.deregistration_protection == "enabled-with-cooldown":
        until = utcnow() + COOLDOWN
        image.deregistration_protection = f"disabled-until-{until:%Y-%m-%dT%H:%M:%SZ}"
        tasks.spawn(f"cooldown-{image.id}", _cool_down, image, image.deregistration_protection)
    elif image.deregistration_protection.startswith("enabled"):
        image.deregistration_protection = "disabled"
    return {"Return": image.deregistration_protection}


def _cool_down(image: Image, shown: str) -> None:
    """Unless it was protected again meanwhile."""
    tasks.sleep(COOLDOWN.total_seconds())
    if image.deregistration_protection == shown:
        image.deregistration_protection = "disabled"


@operation("ec2", "DeregisterImage")
def deregister_image(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeregisterImage.html"""
    image = image_store.owned(call, call.params.get("ImageId"))
    if image.deregistration_protection != "disabled":
        raise AwsError(
            "OperationNotPermitted",
            f"The image '{image.id}' may not be deregistered because it has deregistration protection enabled. "
            "Disable deregistration protection and try again.",
        )
    support.end_dry_run(call)
    backend = image.ec2_backend
    backend.amis.pop(image.id, None)
    backend.deleted_amis.append(image.id)
    notices.state_changed(image, "deregistered")
    for any_account in support.known_backends(call.region):
        any_account.tags.pop(image.id, None)
    results = []
    for identifier in image.snapshots if call.params.get("DeleteAssociatedSnapshots") else ():
        in_use = [i.id for i in backend.amis.values() if isinstance(i, Image) and identifier in i.snapshots]
        if not in_use:
            _delete_snapshot(backend, identifier)
        results.append({"SnapshotId": identifier, "ReturnCode": "skipped" if in_use else "success"})
    return {"Return": True, "DeleteSnapshotResults": results}


@operation("ec2", "DeleteSnapshot")
def delete_snapshot(call: Call) -> dict[str, Any]:
    backend = support.backend_of(call.account, call.region)
    identifier = call.params.get("SnapshotId", "")
    users = [i.id for i in backend.amis.values() if isinstance(i, Image) and identifier in i.snapshots]
    if users:
        raise AwsError("InvalidSnapshot.InUse", f"The snapshot {identifier} is currently in use by {users[0]}")
    if not isinstance(backend.snapshots.get(identifier), ImageSnapshot):
        return call.moto()
    support.end_dry_run(call)
    _delete_snapshot(backend, identifier)
    return {}


def _delete_snapshot(backend: Any, identifier: str) -> None:
    backend.snapshots.pop(identifier, None)
    backend.tags.pop(identifier, None)
    garbage.collect()
