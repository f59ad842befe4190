"""An image's attributes: its description, its IMDS version, and above all whom it is shared with.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharing-amis.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2 import encryption, support
from rehearsal.services.ec2.images import image_store, launch_permissions, public_access
from rehearsal.services.ec2.images.image import Image
from rehearsal.services.ec2.images.launch_permissions import EVERYBODY, Permission
from rehearsal.services.quotas import table


@operation("ec2", "ModifyImageAttribute")
def modify_image_attribute(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyImageAttribute.html: one attribute at a time."""
    params = call.params
    image = image_store.owned(call, params.get("ImageId"))
    add, remove = launch_permissions.asked_for(params)
    attribute = _attribute(params, bool(add or remove))
    if add:
        _check_shareable(image, add)
    given = params.get("ImdsSupport") if attribute == "imdsSupport" else params.get("Description")
    value = (given or {}).get("Value") or params.get("Value")
    if attribute == "imdsSupport" and value != "v2.0":
        raise AwsError("InvalidParameterValue", f"Invalid value '{value}' for ImdsSupport. It cannot be undone.")
    support.end_dry_run(call)
    if attribute == "description":
        image.description = value or ""
    elif attribute == "imdsSupport":
        image.imds_support = value
    else:
        kept = image.launch_permissions + [p for p in add if p not in image.launch_permissions]
        image.launch_permissions = [p for p in kept if p not in remove]
    return {}


def _attribute(params: dict[str, Any], sharing: bool) -> str:
    known = {
        "launchPermission": sharing or "LaunchPermission" in params,
        "description": params.get("Description") is not None,
        "imdsSupport": bool(params.get("ImdsSupport")),
    }
    named = {name for name, there in known.items() if there}
    if params.get("Attribute"):
        named.add(str(params["Attribute"]))
    if not named:
        raise AwsError("MissingParameter", "The request must contain the parameter attribute")
    if len(named) > 1:
        raise AwsError("InvalidParameterCombination", "You can modify only one attribute of an image at a time.")
    (found,) = named
    if found not in known:
        raise NotImplementedByRehearsal("ec2", "ModifyImageAttribute", f"attribute {found}")
    return found


def _check_shareable(image: Image, permissions: list[Permission]) -> None:
    """Not under AWS's key of the account, and encrypted never with everybody; the words are those that users met:
    https://github.com/hashicorp/packer/issues/7410 and https://github.com/opendevstack/ods-core/issues/1062"""
    snapshots = [image.ec2_backend.snapshots.get(s) for s in image.snapshots]
    if any(s is not None and encryption.is_managed(s.kms_key_id) for s in snapshots):
        raise AwsError(
            "InvalidParameter",
            "Snapshots encrypted with the AWS Managed CMK can\u2019t be shared. Specify another snapshot.",
        )
    if EVERYBODY in permissions and EVERYBODY not in image.launch_permissions:
        if image.encrypted:
            raise AwsError(
                "UnsupportedOperation",
                "Encrypted snapshots can\u2019t be shared publicly. Specify another snapshot.",
            )
        public_access.check(image.owner_id, image.ec2_backend.region_name)
        public = sum(1 for one in list(image.ec2_backend.amis.values()) if one.is_public)
        if public >= table.PUBLIC_AMIS.value:
            raise AwsError(
                "ResourceLimitExceeded",
                f"You have reached your quota of {table.PUBLIC_AMIS.value} for the number of public images allowed in "
                "this Region. Deregister unused public images or make them private, or request an increase in your "
                "public AMIs quota.",
            )
    if len(image.launch_permissions) + len(permissions) > table.AMI_SHARING.value:
        # unchecked: no page has the words
        raise AwsError(
            "ResourceLimitExceeded",
            f"You have reached your quota of {table.AMI_SHARING.value} for the number of entities that an image is "
            "shared with.",
        )
    if image.state == "disabled":
        raise AwsError("InvalidAMIID.Unavailable", f"The image ID '{image.id}' is disabled")


@operation("ec2", "ResetImageAttribute")
def reset_image_attribute(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResetImageAttribute.html: launch permissions alone."""
    image = image_store.owned(call, call.params.get("ImageId"))
    if call.params.get("Attribute") != "launchPermission":
        raise AwsError(
            "InvalidParameterValue", f"Invalid value '{call.params.get('Attribute')}' for attribute."
        )
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
