"""CopyImage: to another region, from another account, under another key.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2 import encryption, garbage, support
from rehearsal.services.ec2.images import image_store
from rehearsal.services.ec2.images.image import Draft, Image, ImageSnapshot, Origin

# AWS takes minutes for each gigabyte; a rehearsal only has to show that it takes time.
COPY_SECONDS = 30

_tokens: dict[tuple[str, str, str], tuple[str, str]] = {}


@tasks.on_reset
def _forget() -> None:
    _tokens.clear()


@operation("ec2", "CopyImage")
def copy_image(call: Call) -> dict[str, Any]:
    params = call.params
    for name in ("SourceImageId", "SourceRegion"):
        if not params.get(name):
            raise AwsError("MissingParameter", f"The request must contain the parameter {name}")
    asked = json.dumps(params, sort_keys=True, default=str)
    key = (call.account, call.region, params.get("ClientToken") or "")
    if key[2] and key in _tokens:
        if _tokens[key][0] != asked:
            raise AwsError(
                "IdempotentParameterMismatch",
                "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
            )
        return {"ImageId": _tokens[key][1]}
    backend = support.backend_of(call.account, call.region)
    source = _source(call)
    image_store.check_name(backend, params.get("Name"))
    draft = _draft(call, source)
    support.end_dry_run(call)
    image = _copy(backend, source, call, draft)
    _tokens[key] = (asked, image.id)
    tasks.spawn(f"copy-image-{image.id}", _finish, image, source.layers)
    return {"ImageId": image.id}


def _source(call: Call) -> Image:
    source = image_store.find(call.params["SourceImageId"], call.account, call.params["SourceRegion"])
    if source.state != "available":
        raise AwsError("InvalidAMIID.Unavailable", f"The image ID '{source.id}' is not available")
    if source.owner_id != call.account:
        for identifier in source.snapshots:
            # Sharing the image is not enough.
            # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ami-copy-works.html
            snapshot = source.ec2_backend.snapshots.get(identifier)
            if not (
                source.is_public
                or "all" in snapshot.create_volume_permission_groups
                or call.account in snapshot.create_volume_permission_userids
            ):
                raise AwsError(
                    "InvalidRequest", "You do not have permission to access the storage of this ami", 400
                )
    return source


def _draft(call: Call, source: Image) -> Draft:
    params = call.params
    tags = params.get("TagSpecifications")
    support.check_tag_types(tags, ("image", "snapshot"))
    image_tags, snapshot_tags = support.tags_for(tags, "image"), support.tags_for(tags, "snapshot")
    if params.get("CopyImageTags"):
        # Only the tags that the caller's own account put there.
        mine = support.backend_of(call.account, params["SourceRegion"])
        image_tags = {**_user_tags(mine, source.id), **image_tags}
        for snapshot in source.snapshots:
            snapshot_tags = {**_user_tags(mine, snapshot), **snapshot_tags}
    return Draft(params["Name"], params.get("Description") or source.description, image_tags, snapshot_tags)


def _user_tags(backend: Any, resource: str) -> dict[str, str]:
    return {k: v for k, v in backend.tags.get(resource, {}).items() if not k.startswith("aws:")}


def _copy(backend: Any, source: Image, call: Call, draft: Draft) -> Image:
    params = call.params
    encrypt = params.get("Encrypted") or bool(params.get("KmsKeyId"))
    if params.get("KmsKeyId") and params.get("Encrypted") is False:
        raise AwsError(
            "InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted to be set."
        )
    mappings = []
    for one in source.mappings:
        mapping = replace(one)
        # An encrypted snapshot stays encrypted: under the key asked for, else the destination's default.
        key = encryption.key_arn(backend, params.get("KmsKeyId")) if encrypt or one.encrypted else None
        if one.encrypted and not params.get("KmsKeyId") and backend is source.ec2_backend:
            key = source.ec2_backend.snapshots[one.snapshot].kms_key_id
        description = f"Copied for DestinationAmi from SourceAmi {source.id} for SourceSnapshot {one.snapshot}."
        image_store.new_snapshot(backend, "vol-ffffffff", mapping, description, key)
        mappings.append(mapping)
    image = Image(
        backend, draft.name, description=draft.description, architecture=source.architecture, mappings=mappings,
        origin=Origin(image=source.id, region=params["SourceRegion"]), imds_support=source.imds_support,
    )  # fmt: skip
    image.root_device_name, image.boot_mode = source.root_device_name, source.boot_mode
    image_store.add(backend, image, draft)
    return image


def _finish(image: Image, layers: tuple[str, ...]) -> None:
    """`layers` were read when the copy began: a source that is deregistered meanwhile does not spoil it."""
    tasks.sleep(COPY_SECONDS)
    image_store.complete(image, layers)


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
    backend.tags.pop(image.id, None)
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
