"""Launch templates: what a request leaves out, the template says.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html (LaunchTemplate): any parameters given in
the request override those of the template.
"""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.types import Base64EncodedString

from rehearsal.kernel.errors import AwsError

# Where a request has an object, its members override the template's one by one.
_MERGED = ("MetadataOptions", "Placement", "Monitoring")
_COPIED = (
    "ImageId", "InstanceType", "KeyName", "UserData", "IamInstanceProfile", "BlockDeviceMappings", "EbsOptimized",
    "DisableApiTermination", "DisableApiStop", "InstanceInitiatedShutdownBehavior", "CreditSpecification",
    "InstanceMarketOptions", "HibernationOptions", "CpuOptions", "PrivateDnsNameOptions",
)  # fmt: skip
_NETWORK = ("SubnetId", "SecurityGroupIds", "SecurityGroups", "PrivateIpAddress")


def merge(backend: Any, params: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """A request's parameters with its template's, and the tags by which EC2 marks such instances.

    @raises AwsError InvalidLaunchTemplateId.NotFound and the like, in moto's words, which are AWS's.
    """
    wanted = params.get("LaunchTemplate")
    if not wanted:
        return dict(params), {}
    try:
        version = backend._get_template_from_args(wanted)  # no public name for it
    except ServiceException as error:
        raise AwsError(error.code, error.message) from error
    except (LookupError, TypeError, ValueError) as error:
        named = wanted.get("LaunchTemplateId") or wanted.get("LaunchTemplateName") or ""
        said = f"The specified launch template, with template {named}, version {wanted.get('Version')}, does not exist."
        raise AwsError("InvalidLaunchTemplateId.NotFound", said) from error
    merged = {k: v for k, v in params.items() if k != "LaunchTemplate"}
    data = _plain(version.data)
    for name in _COPIED:
        if name not in merged and data.get(name) not in (None, "", []):
            merged[name] = data[name]
    for name in _MERGED:
        if data.get(name):
            merged[name] = {**data[name], **merged.get(name, {})}
    _network(merged, data)
    merged["TagSpecifications"] = _tags(merged.get("TagSpecifications"), data.get("TagSpecifications"))
    marks = {
        "aws:ec2launchtemplate:id": version.template.id,
        "aws:ec2launchtemplate:version": str(version.number),
    }
    return merged, marks


def _network(merged: dict[str, Any], data: dict[str, Any]) -> None:
    if data.get("NetworkInterfaces") and "NetworkInterfaces" not in merged:
        interfaces = [dict(one) for one in data["NetworkInterfaces"]]
        # As Auto Scaling and RunInstances do: a subnet beside the template's interface is that interface's.
        if "SubnetId" in merged and interfaces:
            interfaces[0]["SubnetId"] = merged.pop("SubnetId")
        merged["NetworkInterfaces"] = interfaces
    elif "NetworkInterfaces" not in merged:
        for name in _NETWORK:
            if name not in merged and data.get(name):
                merged[name] = data[name]


def _tags(given: list[dict[str, Any]] | None, template: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """By resource type; a key of the request wins."""
    found: dict[str, dict[str, str]] = {}
    for one in [*(template or []), *(given or [])]:
        tags = found.setdefault(one["ResourceType"], {})
        tags.update({tag["Key"]: tag.get("Value", "") for tag in one.get("Tags") or ()})
    return [
        {"ResourceType": kind, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}
        for kind, tags in found.items()
    ]


def _plain(value: Any) -> Any:
    """moto keeps user data in a class of its own."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, Base64EncodedString) else value
