"""DescribeImages: own, public and shared images, with AWS's filters and pages.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html
"""

from __future__ import annotations

import base64
from typing import Any

from moto.core.utils import utcnow

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2 import support
from rehearsal.services.ec2.images import image_store, launch_permissions
from rehearsal.services.ec2.images.image import Image

LARGEST_PAGE = 1000
_FILTERS = (
    "architecture", "block-device-mapping.delete-on-termination", "block-device-mapping.device-name",
    "block-device-mapping.encrypted", "block-device-mapping.snapshot-id", "block-device-mapping.volume-size",
    "block-device-mapping.volume-type", "creation-date", "description", "ena-support", "hypervisor", "image-allowed",
    "image-id", "image-type", "is-public", "kernel-id", "manifest-location", "name", "owner-alias", "owner-id",
    "platform", "product-code", "product-code.type", "ramdisk-id", "root-device-name", "root-device-type",
    "source-image-id", "source-image-region", "source-instance-id", "state", "state-reason-code",
    "state-reason-message", "sriov-net-support", "tag-key", "tag-value", "virtualization-type",
)  # fmt: skip


@operation("ec2", "DescribeImages")
def describe_images(call: Call) -> dict[str, Any]:
    params = call.params
    support.end_dry_run(call)
    filters = support.Filters(params.get("Filters"), _FILTERS)
    backend = support.backend_of(call.account, call.region)
    wanted = params.get("ImageIds") or []
    visible = {i.id: i for i in image_store.all_images(call.region) if i.visible_to(call.account)}
    _check(wanted, visible)
    images = [visible[i] for i in wanted] if wanted else list(visible.values())
    images = [
        i for i in images
        if _owned_by(i, params.get("Owners"), call.account)
        and _runs_for(i, params.get("ExecutableUsers"), call.account)
        and _shown(i, call, bool(wanted))
        and (not filters.wanted or filters.match(_values(i), backend.tags.get(i.id, {})))
    ]  # fmt: skip
    found, token = _page(call, images)
    return {"Images": [describe(i, backend) for i in found], **({"NextToken": token} if token else {})}


def _page(call: Call, images: list[Image]) -> tuple[list[Image], str | None]:
    """By id, so that no image is passed over when others come and go between two pages."""
    most = call.params.get("MaxResults")
    if most is not None and call.params.get("ImageIds"):
        raise AwsError(
            "InvalidParameterCombination", "The parameter imageIdsSet cannot be used with the parameter maxResults"
        )
    if most is not None and not 1 <= most <= LARGEST_PAGE:
        raise AwsError("InvalidParameterValue", f"Value ( {most} ) for parameter maxResults is invalid.")
    after = ""
    if call.params.get("NextToken"):
        try:
            after = base64.b64decode(call.params["NextToken"], validate=True).decode("ascii")
        except ValueError as error:
            raise AwsError("InvalidParameterValue", "Unable to parse pagination token") from error
    left = sorted((i for i in images if i.id > after), key=lambda i: i.id)
    found = left[: most or LARGEST_PAGE]
    return found, base64.b64encode(found[-1].id.encode()).decode() if len(found) < len(left) else None


def _check(wanted: list[str], visible: dict[str, Image]) -> None:
    for identifier in wanted:
        if not identifier.startswith("ami-"):
            raise AwsError("InvalidAMIID.Malformed", f'Invalid id: "{identifier}" (expecting "ami-...")')
    missing = [i for i in wanted if i not in visible]
    if missing:
        plural, verb = ("s", "do") if len(missing) > 1 else ("", "does")
        raise AwsError("InvalidAMIID.NotFound", f"The image id{plural} '[{', '.join(missing)}]' {verb} not exist")


def _owned_by(image: Image, owners: list[str] | None, account: str) -> bool:
    if not owners:
        return True
    return any((account if o == "self" else o) in (image.owner_id, image.owner_alias) for o in owners)


def _runs_for(image: Image, users: list[str] | None, account: str) -> bool:
    """ExecutableUsers: who was given launch permission, by name or with everyone; the owner does not count.

    Through an organisation oneself alone is found: whom others belong to is not told.
    """
    if not users:
        return True
    for user in users:
        if user == "all" and image.is_public:
            return True
        if user in ("self", account) and launch_permissions.shared_with(image.launch_permissions, account):
            return True
        if {"UserId": user} in image.launch_permissions:
            return True
    return False


def _shown(image: Image, call: Call, by_id: bool) -> bool:
    """Deprecated images are shown to their owner always, to others by id or on request; disabled ones on request.

    unchecked: that one asks for a disabled image by its id and is shown nothing.
    """
    if image.state == "disabled" and not call.params.get("IncludeDisabled"):
        return False
    deprecated = image.deprecation is not None and image.deprecation <= utcnow()
    return not deprecated or by_id or image.owner_id == call.account or bool(call.params.get("IncludeDeprecated"))


def _values(image: Image) -> dict[str, Any]:
    mappings = image.mappings
    return {
        "architecture": image.architecture,
        "block-device-mapping.delete-on-termination": [str(m.delete).lower() for m in mappings],
        "block-device-mapping.device-name": [m.device for m in mappings],
        "block-device-mapping.encrypted": [str(m.encrypted).lower() for m in mappings],
        "block-device-mapping.snapshot-id": [m.snapshot for m in mappings],
        "block-device-mapping.volume-size": [m.size for m in mappings],
        "block-device-mapping.volume-type": [m.type for m in mappings],
        "creation-date": created(image),
        "description": image.description,
        "ena-support": True,
        "hypervisor": image.hypervisor,
        "image-allowed": True,
        "image-id": image.id,
        "image-type": image.image_type,
        "is-public": image.is_public,
        "manifest-location": image.image_location,
        "name": image.name,
        "owner-alias": image.owner_alias,
        "owner-id": image.owner_id,
        "root-device-name": image.root_device_name,
        "root-device-type": image.root_device_type,
        "source-image-id": image.origin.image,
        "source-image-region": image.origin.region,
        "source-instance-id": image.origin.instance,
        "sriov-net-support": image.sriov,
        "state": image.state,
        "state-reason-message": image.state_reason or None,
        "virtualization-type": image.virtualization_type,
    }


def created(image: Image) -> str:
    return f"{image.creation_date:%Y-%m-%dT%H:%M:%S}.000Z"


def describe(image: Image, viewer: Any) -> dict[str, Any]:
    """An image as the account of `viewer` sees it: with that account's tags."""
    optional = {
        "Description": image.description or None,
        "ImageOwnerAlias": image.owner_alias,
        "ImdsSupport": image.imds_support,
        "SourceInstanceId": image.origin.instance if image.owner_id == viewer.account_id else None,
        "SourceImageId": image.origin.image,
        "SourceImageRegion": image.origin.region if image.origin.image else None,
        "DeprecationTime": f"{image.deprecation:%Y-%m-%dT%H:%M:%S}.000Z" if image.deprecation else None,
        "LastLaunchedTime": f"{image.last_launched:%Y-%m-%dT%H:%M:%S}.000Z"
        if image.last_launched and image.owner_id == viewer.account_id else None,
        "StateReason": {"Code": image.state_reason.split(":")[0], "Message": image.state_reason}
        if image.state_reason else None,
        "Tags": support.tag_list(viewer, image.id) or None,
    }  # fmt: skip
    return {
        "Architecture": image.architecture,
        "BlockDeviceMappings": image.block_device_mappings,
        "BootMode": image.boot_mode,
        "CreationDate": created(image),
        "DeregistrationProtection": image.deregistration_protection,
        "EnaSupport": True,
        "Hypervisor": image.hypervisor,
        "ImageId": image.id,
        "ImageLocation": image.image_location,
        "ImageType": image.image_type,
        "Name": image.name,
        "OwnerId": image.owner_id,
        "PlatformDetails": "Linux/UNIX",
        "Public": image.is_public,
        "RootDeviceName": image.root_device_name,
        "RootDeviceType": image.root_device_type,
        "SriovNetSupport": image.sriov,
        "State": image.state,
        "UsageOperation": "RunInstances",
        "VirtualizationType": image.virtualization_type,
        **{name: value for name, value in optional.items() if value is not None},
    }
