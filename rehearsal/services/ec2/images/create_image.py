"""CreateImage and RegisterImage: what an instance holds becomes an image, in the background.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.machines import host, layers
from rehearsal.services.ec2 import encryption, instance_operations, lifecycle, support
from rehearsal.services.ec2.images import image_store, notices
from rehearsal.services.ec2.images.image import Draft, Image, ImageSnapshot, Mapping, Origin

PATIENCE = 3.0


@operation("ec2", "CreateImage")
def create_image(call: Call) -> dict[str, Any]:
    params = call.params
    backend = support.backend_of(call.account, call.region)
    params["InstanceIds"] = [params["InstanceId"]] if params.get("InstanceId") else []
    (instance,) = instance_operations.instances(call)
    draft = _draft(backend, params)
    if instance.state not in ("running", "stopping", "stopped"):
        raise AwsError(
            "InvalidParameterValue",
            f"Invalid value '{instance.id}' for instanceId. Instance is not in state 'running' or 'stopping' or "
            "'stopped'",
        )
    support.end_dry_run(call)
    mappings = _mappings(backend, instance, params.get("BlockDeviceMappings") or [])
    for mapping, key in mappings:
        description = f"Created by CreateImage({instance.id})"
        volume = instance.block_device_mapping.get(mapping.device)
        image_store.new_snapshot(backend, volume.volume_id if volume else "", mapping, description, key)
    image = Image(
        backend, draft.name, description=draft.description, architecture=instance.architecture,
        mappings=[mapping for mapping, _ in mappings],
        origin=Origin(instance=instance.id, image=instance.image_id, region=call.region),
        imds_support=_imds_support(call, instance.image_id),
    )  # fmt: skip
    image_store.add(backend, image, draft)
    kept = threading.Event()
    reboot = not params.get("NoReboot")
    tasks.spawn(f"create-image-{image.id}", _take, image, lifecycle.machine(instance.id), reboot, kept)
    # AWS's image is pending for minutes, and its clients then ask four times a minute. Ours is ready at once; the reply
    # waits for that moment, so that nobody waits a quarter of a minute for nothing.
    kept.wait(PATIENCE)
    return {"ImageId": image.id}


def _draft(backend: Any, params: dict[str, Any]) -> Draft:
    image_store.check_name(backend, params.get("Name"))
    tags = params.get("TagSpecifications")
    support.check_tag_types(tags, ("image", "snapshot"))
    return Draft(
        params["Name"], params.get("Description") or "",
        support.tags_for(tags, "image"), support.tags_for(tags, "snapshot"),
    )  # fmt: skip


def _imds_support(call: Call, image_id: str) -> str | None:
    """An image of an instance inherits this of the instance's image."""
    try:
        return image_store.find(image_id, call.account, call.region).imds_support
    except AwsError:
        return None  # that image is gone


def _mappings(
    backend: Any, instance: Any, given: list[dict[str, Any]]
) -> list[tuple[Mapping, str | None]]:
    """The instance's volumes with the request's changes, each with its key's ARN if it is encrypted."""
    found: dict[str, tuple[Mapping, str | None]] = {}
    for device, attached in instance.block_device_mapping.items():
        volume = backend.volumes[attached.volume_id]
        mapping = Mapping(device, None, volume.size, volume.volume_type, bool(attached.delete_on_termination))
        found[device] = (mapping, volume.kms_key_id if volume.encrypted else None)
    for one in given:
        name, ebs = one["DeviceName"], one.get("Ebs") or {}
        if "NoDevice" in one:
            found.pop(name, None)
        elif name in found and ebs:
            mapping, key = found[name]
            if "Encrypted" in ebs:
                raise AwsError(
                    "InvalidBlockDeviceMapping", "the encrypted flag cannot be specified since device "
                    f"{name} has a snapshot specified.",
                )  # fmt: skip
            found[name] = (
                replace(mapping, size=ebs.get("VolumeSize", mapping.size), type=ebs.get("VolumeType", mapping.type),
                        delete=ebs.get("DeleteOnTermination", mapping.delete)), key,
            )  # fmt: skip
    return list(found.values())


def _take(image: Image, machine: lifecycle.Machine | None, reboot: bool, kept: threading.Event) -> None:
    try:
        found = _keep(image, machine, reboot)
    finally:
        kept.set()
    if found:
        image_store.complete(image, found)


def _keep(image: Image, machine: lifecycle.Machine | None, reboot: bool) -> tuple[str, ...]:
    """The layers of the new image; none when it failed, which the image then says."""
    if machine is None or machine.hardware is None:
        image_store.fail(image, "Client.UnsupportedOperation: the instance never booted in this rehearsal")
        return ()
    with machine.lock:
        if machine.intent:
            image_store.fail(image, "Client.InvalidInstance: the instance was ended before its image was taken")
            return ()
        paused = reboot and lifecycle.paused(machine)
        try:
            return layers.snapshot(machine.hardware.disk, image.id)
        except (OSError, host.HostError) as error:
            image_store.fail(image, f"Server.InternalError: {error}")
            return ()
        finally:
            if paused and machine.intent == "image":
                lifecycle.resume(machine)


@operation("ec2", "RegisterImage")
def register_image(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RegisterImage.html, from snapshots of images."""
    params = call.params
    backend = support.backend_of(call.account, call.region)
    if params.get("ImageLocation"):
        raise NotImplementedByRehearsal("ec2", "RegisterImage", "instance store-backed images from S3")
    draft = _draft(backend, params)
    root = params.get("RootDeviceName")
    if not root:
        raise AwsError("MissingParameter", "The request must contain the parameter RootDeviceName")
    mappings = [_registered(backend, one) for one in params.get("BlockDeviceMappings") or []]
    if not any(m.device == root and m.snapshot for m in mappings):
        raise AwsError(
            "InvalidBlockDeviceMapping", "An EBS backed image must have a snapshot for its root device", 400
        )
    support.end_dry_run(call)
    image = Image(
        backend, draft.name, description=draft.description, architecture=params.get("Architecture") or "i386",
        mappings=mappings, imds_support=params.get("ImdsSupport"), state="available",
    )  # fmt: skip
    image.root_device_name = root
    image_store.add(backend, image, draft)
    notices.state_changed(image, "available")
    return {"ImageId": image.id}


def _registered(backend: Any, one: dict[str, Any]) -> Mapping:
    ebs = one.get("Ebs") or {}
    identifier = ebs.get("SnapshotId")
    snapshot = backend.snapshots.get(identifier)
    if identifier and snapshot is None:
        raise AwsError("InvalidSnapshot.NotFound", f"The snapshot '{identifier}' does not exist.")
    if identifier and not isinstance(snapshot, ImageSnapshot):
        raise NotImplementedByRehearsal("ec2", "RegisterImage", "snapshots that are not of an image have no content")
    encrypted = bool(snapshot and snapshot.encrypted)
    if ebs.get("KmsKeyId"):
        encrypted = bool(encryption.key_arn(backend, ebs["KmsKeyId"]))
    size = ebs.get("VolumeSize") or (snapshot.volume_size if snapshot else 8)
    return Mapping(
        one["DeviceName"], identifier, size, ebs.get("VolumeType") or "gp2", ebs.get("DeleteOnTermination", True),
        encrypted,
    )  # fmt: skip
