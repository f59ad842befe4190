"""Sharing, deprecation, disabling and protection of images.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharing-amis.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.utils import utcnow

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2 import encryption, support
from rehearsal.services.ec2.images import image_store
from rehearsal.services.ec2.images.image import Image


@operation("ec2", "ModifyImageAttribute")
def modify_image_attribute(call: Call) -> dict[str, Any]:
    params = call.params
    image = image_store.owned(call, params.get("ImageId"))
    add, remove = _permissions(params)
    for permission in [*add, *remove]:
        _check(permission)
    if add:
        _check_shareable(image, add)
    support.end_dry_run(call)
    image.launch_permissions += [p for p in add if p not in image.launch_permissions]
    image.launch_permissions = [p for p in image.launch_permissions if p not in remove]
    attribute, value = params.get("Attribute"), params.get("Value")
    if params.get("Description") is not None or attribute == "description":
        image.description = (params.get("Description") or {}).get("Value") or value or ""
    if params.get("ImdsSupport") or attribute == "imdsSupport":
        wanted = (params.get("ImdsSupport") or {}).get("Value") or value
        if wanted != "v2.0":
            raise AwsError("InvalidParameterValue", f"Invalid value '{wanted}' for ImdsSupport. It cannot be undone.")
        image.imds_support = wanted
    return {}


def _permissions(params: dict[str, Any]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The two ways to say it: LaunchPermission, or OperationType with lists."""
    given = params.get("LaunchPermission") or {}
    add, remove = list(given.get("Add") or []), list(given.get("Remove") or [])
    listed = [
        *({"UserId": u} for u in params.get("UserIds") or []),
        *({"Group": g} for g in params.get("UserGroups") or []),
        *({"OrganizationArn": a} for a in params.get("OrganizationArns") or []),
        *({"OrganizationalUnitArn": a} for a in params.get("OrganizationalUnitArns") or []),
    ]
    (remove if params.get("OperationType") == "remove" else add).extend(listed)
    return add, remove


def _check(permission: dict[str, str]) -> None:
    user, group = permission.get("UserId"), permission.get("Group")
    if user is not None and not (len(user) == 12 and user.isdecimal()):
        raise AwsError("InvalidAMIAttributeItemValue", f'Invalid attribute item value "{user}" for userId item type.')
    if group is not None and group != "all":
        raise AwsError(
            "InvalidAMIAttributeItemValue", f'Invalid attribute item value "{group}" for UserGroup item type.'
        )


def _check_shareable(image: Image, permissions: list[dict[str, str]]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharing-amis.html: not under the account's default key, and
    encrypted never publicly. The error codes are from experience, no page was found."""
    snapshots = [image.ec2_backend.snapshots.get(s) for s in image.snapshots]
    if any(s is not None and encryption.is_managed(image.ec2_backend, s.kms_key_id) for s in snapshots):
        raise AwsError(
            "InvalidParameter",
            "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot.",
        )
    if image.encrypted and {"Group": "all"} in permissions:
        raise AwsError("InvalidParameter", "AMIs with encrypted snapshots cannot be made public.")
    if image.state == "disabled":
        raise AwsError("InvalidAMIID.Unavailable", f"The image ID '{image.id}' is disabled")


@operation("ec2", "ResetImageAttribute")
def reset_image_attribute(call: Call) -> dict[str, Any]:
    image = image_store.owned(call, call.params.get("ImageId"))
    support.end_dry_run(call)
    image.launch_permissions = []
    return {}


@operation("ec2", "DescribeImageAttribute")
def describe_image_attribute(call: Call) -> dict[str, Any]:
    image = image_store.owned(call, call.params.get("ImageId"))
    support.end_dry_run(call)
    attribute = call.params.get("Attribute")
    values: dict[str, dict[str, Any]] = {
        "description": {"Description": {"Value": image.description}},
        "launchPermission": {"LaunchPermissions": image.launch_permissions},
        "productCodes": {"ProductCodes": []},
        "sriovNetSupport": {"SriovNetSupport": {"Value": image.sriov}},
        "bootMode": {"BootMode": {"Value": image.boot_mode}},
        "imdsSupport": {"ImdsSupport": {"Value": image.imds_support} if image.imds_support else {}},
        "deregistrationProtection": {"DeregistrationProtection": {"Value": image.deregistration_protection}},
        "lastLaunchedTime": {
            "LastLaunchedTime": {"Value": f"{image.last_launched:%Y-%m-%dT%H:%M:%SZ}"} if image.last_launched else {}
        },
    }
    if attribute == "blockDeviceMapping":
        # AWS itself refuses this one; DescribeImages has the mappings.
        raise AwsError("AuthFailure", "Unauthorized attempt to access restricted resource", 403)
    if attribute not in values:
        raise NotImplementedByRehearsal("ec2", "DescribeImageAttribute", f"attribute {attribute}")
    return {"ImageId": image.id, **values[attribute]}


@operation("ec2", "EnableImageDeprecation")
def enable_image_deprecation(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageDeprecation.html: to the minute, at most
    ten years ahead."""
    image = image_store.owned(call, call.params.get("ImageId"))
    moment: datetime | None = call.params.get("DeprecateAt")
    if moment is None:
        raise AwsError("MissingParameter", "The request must contain the parameter DeprecateAt")
    moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    if moment < utcnow() - timedelta(minutes=1):
        raise AwsError("InvalidParameterValue", f"The DeprecateAt time {moment:%Y-%m-%dT%H:%M:%S.000Z} is in the past.")
    if moment > utcnow() + timedelta(days=3653):
        raise AwsError("InvalidParameterValue", "The DeprecateAt time must be at most 10 years from now.")
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
    image.state, image.launch_permissions = "disabled", []
    return {"Return": True}


@operation("ec2", "EnableImage")
def enable_image(call: Call) -> dict[str, Any]:
    image = image_store.owned(call, call.params.get("ImageId"))
    support.end_dry_run(call)
    if image.state == "disabled":
        image.state = "available"
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
        until = utcnow() + timedelta(hours=24)
        image.deregistration_protection = f"disabled-until-{until:%Y-%m-%dT%H:%M:%SZ}"
    elif image.deregistration_protection.startswith("enabled"):
        image.deregistration_protection = "disabled"
    return {"Return": image.deregistration_protection}
