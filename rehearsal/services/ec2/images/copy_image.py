"""CopyImage: to another region, from another account, under another key.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html
"""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

from rehearsal.kernel import faults, tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2 import encryption, snapshot_sharing, support
from rehearsal.services.ec2.images import image_store
from rehearsal.services.ec2.images.image import Draft, Image, ImageSnapshot, Mapping, Origin
from rehearsal.services.iam import volume_keys

# AWS takes minutes for each gigabyte; a rehearsal only has to show that it takes time.
COPY_SECONDS = 30
# https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html: at once, for each destination region.
MOST_COPIES = 20

_ELSEWHERE = (
    "DestinationOutpostArn", "DestinationAvailabilityZone", "DestinationAvailabilityZoneId",
    "SnapshotCopyCompletionDurationMinutes",
)  # fmt: skip
_lock = threading.Lock()
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
    for name in _ELSEWHERE:
        if params.get(name):
            raise NotImplementedByRehearsal("ec2", "CopyImage", name)
    asked = json.dumps({k: v for k, v in params.items() if k != "DryRun"}, sort_keys=True, default=str)
    key = (call.account, call.region, params.get("ClientToken") or "")
    with _lock:
        if key[2] and key in _tokens:
            if _tokens[key][0] != asked:
                raise AwsError(
                    "IdempotentParameterMismatch",
                    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
                )
            return {"ImageId": _tokens[key][1]}
        image = _begin(call)
        _tokens[key] = (asked, image.id)
    return {"ImageId": image.id}


def _begin(call: Call) -> Image:
    params = call.params
    backend = support.backend_of(call.account, call.region)
    source = _source(call)
    image_store.check_name(backend, params.get("Name"))
    draft = _draft(call, source)
    if params.get("KmsKeyId") and params.get("Encrypted") is False:
        raise AwsError(
            "InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted to be set."
        )
    _check_room(backend, len(source.mappings))
    support.end_dry_run(call)
    image, lost = _copy(backend, source, call, draft)
    fault = faults.later(call)
    if fault is not None:
        lost = fault.message or "Client.InternalError: Injected by the rehearsal"
    # The layers are read now: a source that is deregistered meanwhile does not spoil the copy.
    tasks.spawn(f"copy-image-{image.id}", _finish, image, source.layers, lost)
    return image


def _source(call: Call) -> Image:
    source = image_store.find(call.params["SourceImageId"], call.account, call.params["SourceRegion"])
    if source.state != "available":
        raise AwsError("InvalidAMIID.Unavailable", f"The image ID '{source.id}' is not available")
    snapshots = [source.ec2_backend.snapshots.get(identifier) for identifier in source.snapshots]
    if not all(one is not None and snapshot_sharing.open_to(one, call.account) for one in snapshots):
        # Sharing the image is not enough.
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ami-copy-works.html
        raise AwsError("InvalidRequest", "You do not have permission to access the storage of this ami", 400)
    return source


def _check_room(backend: Any, snapshots: int) -> None:
    """The words are those that users met: https://github.com/aws-samples/copy-encrypted-ami/issues/3"""
    running = sum(
        isinstance(one, ImageSnapshot) and one.status == "pending" and one.seconds > 0
        for one in list(backend.snapshots.values())
    )
    if running + snapshots > MOST_COPIES:
        raise AwsError(
            "ResourceLimitExceeded",
            f"Too many snapshot copies in progress. The limit is {MOST_COPIES} for this destination region.",
        )


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


def _copy(backend: Any, source: Image, call: Call, draft: Draft) -> tuple[Image, str]:
    """The copy, and why it will fail ("" if it will not): AWS looks at keys only after it has answered."""
    mappings, uses, lost = [], [], ""
    for one in source.mappings:
        mapping, origin = replace(one), source.ec2_backend.snapshots[one.snapshot]
        try:
            key = _key(backend, call.params, one, origin)
        except AwsError:
            key, lost = None, "Client.InternalError: Given key ID is not accessible"
        if key is not None:
            uses.append(volume_keys.Volume(key, origin.kms_key_id or ""))
        description = f"Copied for DestinationAmi from SourceAmi {source.id} for SourceSnapshot {one.snapshot}."
        made = image_store.new_snapshot(backend, "vol-ffffffff", mapping, description, key)
        made.seconds = COPY_SECONDS
        mappings.append(mapping)
    image = Image(
        backend, draft.name, description=draft.description, architecture=source.architecture, mappings=mappings,
        origin=Origin(image=source.id, region=call.params["SourceRegion"]), imds_support=source.imds_support,
    )  # fmt: skip
    image.root_device_name, image.boot_mode = source.root_device_name, source.boot_mode
    image_store.add(backend, image, draft)
    if not lost and volume_keys.refusal(call, uses):
        lost = "Client.InternalError: Given key ID is not accessible"
    return image, lost


def _key(backend: Any, params: dict[str, Any], mapping: Mapping, origin: Any) -> str | None:
    """The key's ARN of a copied snapshot; None for one that is not encrypted. @raises AwsError for no such key.

    What is encrypted stays so: under the key asked for, else under its own where it stays in its account and region,
    else under the destination's default key, which is also for everything where encryption is the default.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html#AMI-encryption-copy
    """
    wanted = params.get("KmsKeyId")
    if wanted:
        found = encryption.key_arn(backend, wanted)
        if found.split(":")[3] != backend.region_name:
            raise AwsError("InvalidParameterValue", f"The KMS key '{wanted}' is not in {backend.region_name}")
        return found
    if mapping.encrypted and backend is origin.ec2_backend and not params.get("Encrypted"):
        return origin.kms_key_id
    if mapping.encrypted or params.get("Encrypted") or backend.ebs_encryption_by_default:
        return encryption.default_key(backend)
    return None


def _finish(image: Image, layers: tuple[str, ...], lost: str) -> None:
    tasks.sleep(COPY_SECONDS)
    if lost:
        image_store.fail(image, lost)
    else:
        image_store.complete(image, layers)
