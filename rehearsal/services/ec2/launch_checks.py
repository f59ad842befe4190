"""What RunInstances refuses before it launches anything, in AWS's words.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from moto.backends import get_backend
from moto.ec2.models.instance_types import INSTANCE_TYPES

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.machines import recipe
from rehearsal.services.ec2.images import base_images, image_store
from rehearsal.services.ec2.images.image import Image

DEFAULT_TYPE = "m1.small"


def check(call: Call, backend: Any, params: dict[str, Any]) -> Image:
    """The image to launch. @raises AwsError."""
    for name in ("MinCount", "MaxCount"):
        if not params.get(name):
            raise AwsError("MissingParameter", f"The request must contain the parameter {name}")
    if not 1 <= params["MinCount"] <= params["MaxCount"]:
        raise AwsError("InvalidParameterValue", "The minimum count may not be larger than the maximum count.")
    image = _image(call, params)
    _architecture(image, params.get("InstanceType") or DEFAULT_TYPE)
    _key(backend, params.get("KeyName"))
    _groups(backend, params)
    profile(call, params.get("IamInstanceProfile"))
    _user_data(params.get("UserData"))
    _sizes(image, params.get("BlockDeviceMappings") or [])
    return image


def _image(call: Call, params: dict[str, Any]) -> Image:
    identifier = params.get("ImageId")
    if not identifier:
        raise AwsError("MissingParameter", "The request must contain the parameter ImageId")
    if identifier.startswith("resolve:ssm:"):
        identifier = params["ImageId"] = _resolve(call, identifier.removeprefix("resolve:ssm:"))
    image = image_store.find(identifier, call.account, call.region)
    if image.state != "available":
        raise AwsError("InvalidAMIID.Unavailable", f"The image ID '{identifier}' is not available")
    return image


def _resolve(call: Call, name: str) -> str:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-systems-manager-parameter-to-find-AMI.html"""
    found = get_backend("ssm")[call.account][call.region].get_parameters([name])
    if name not in found:
        raise AwsError("InvalidParameterValue", f"Invalid systems manager parameter: {name}")
    return found[name].value


def _architecture(image: Image, kind: str) -> None:
    details = INSTANCE_TYPES.get(kind)
    if details is None:
        raise AwsError("InvalidParameterValue", f"Invalid value '{kind}' for InstanceType.")
    supported = details.get("ProcessorInfo", {}).get("SupportedArchitectures", [])
    if image.architecture not in supported:
        raise AwsError(
            "InvalidParameterValue",
            f"The architecture '{','.join(supported)}' of the specified instance type does not match the architecture "
            f"'{image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching "
            "architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the "
            "architecture of the instance type or AMI.",
        )
    if image.architecture in base_images.ARCHITECTURES and image.architecture != recipe.architecture():
        why = f"images of {image.architecture} do not boot on this machine, which is {recipe.architecture()}"
        raise NotImplementedByRehearsal("ec2", "RunInstances", why)


def _key(backend: Any, name: str | None) -> None:
    if name and name not in backend.key_pairs:
        raise AwsError("InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist")


def _groups(backend: Any, params: dict[str, Any]) -> None:
    subnets = [params.get("SubnetId"), *(n.get("SubnetId") for n in params.get("NetworkInterfaces") or [])]
    subnet_id = next((s for s in subnets if s), None)
    known = {i: s for zone in backend.subnets.values() for i, s in zone.items()}
    if subnet_id and subnet_id not in known:
        raise AwsError("InvalidSubnetID.NotFound", f"The subnet ID '{subnet_id}' does not exist")
    wanted = [*(params.get("SecurityGroupIds") or [])]
    for one in params.get("NetworkInterfaces") or []:
        wanted += one.get("Groups") or []
    for identifier in wanted:
        group = backend.get_security_group_from_id(identifier)
        if group is None:
            raise AwsError("InvalidGroup.NotFound", f"The security group '{identifier}' does not exist")
        if subnet_id and group.vpc_id != known[subnet_id].vpc_id:
            raise AwsError(
                "InvalidParameter",
                f"Security group {identifier} and subnet {subnet_id} belong to different networks.",
            )


def profile(call: Call, wanted: dict[str, str] | None) -> Any:
    """The instance profile that a request names, or None without one."""
    if not wanted or not any(wanted.values()):
        return None
    arn, name = wanted.get("Arn"), wanted.get("Name")
    for one in list(get_backend("iam")[call.account]["aws"].instance_profiles.values()):
        if one.arn == arn or (name and one.name == name):
            return one
    member, value = ("arn", arn) if arn else ("name", name)
    raise AwsError(
        "InvalidParameterValue",
        f"Value ({value}) for parameter iamInstanceProfile.{member} is invalid. Invalid IAM Instance Profile "
        f"{'ARN' if arn else 'name'}",
    )


def _user_data(text: str | None) -> None:
    if not text:
        return
    try:
        raw = base64.b64decode(text, validate=False)
    except binascii.Error as error:
        raise AwsError("InvalidParameterValue", "Invalid BASE64 encoding of user data") from error
    if len(raw) > 16384:
        raise AwsError("InvalidParameterValue", "User data is limited to 16384 bytes")


def _sizes(image: Image, mappings: list[dict[str, Any]]) -> None:
    sizes = {m.device: m for m in image.mappings}
    for one in mappings:
        base, size = sizes.get(one.get("DeviceName", "")), (one.get("Ebs") or {}).get("VolumeSize")
        if base and size and size < base.size:
            raise AwsError(
                "InvalidBlockDeviceMapping",
                f"Volume of size {size}GB is smaller than snapshot '{base.snapshot}', expect size>= {base.size}GB",
            )
