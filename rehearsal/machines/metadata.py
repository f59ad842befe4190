"""What an instance can learn about itself, as a flat map of IMDS paths; directories follow from the paths.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-metadata.html (the categories)
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

STAMP = "%Y-%m-%dT%H:%M:%SZ"
Value = str | bytes | Callable[[], str]


@dataclass(frozen=True)
class Metadata:
    """Options are AWS's: http_tokens optional|required, http_endpoint enabled|disabled."""

    instance_id: str
    image_id: str
    instance_type: str
    architecture: str
    account: str
    region: str
    zone: str
    ip: str
    mac: str
    hostname: str
    launched: datetime
    reservation_id: str = ""
    launch_index: int = 0
    public_ip: str | None = None
    public_hostname: str = ""
    interface_id: str = ""
    vpc_id: str = ""
    vpc_cidr: str = ""
    subnet_id: str = ""
    subnet_cidr: str = ""
    groups: tuple[tuple[str, str], ...] = ()  # id, name
    key: tuple[str, str] | None = None  # name, OpenSSH text
    user_data: bytes | None = None
    profile: tuple[str, str, str] | None = None  # ARN, id, role's name
    credentials: Callable[[], dict[str, Any]] | None = None  # as STS returns them
    tags: dict[str, str] = field(default_factory=dict)
    http_tokens: str = "optional"
    http_endpoint: str = "enabled"
    hop_limit: int = 1
    tags_enabled: bool = False


def paths(one: Metadata) -> dict[str, Value]:
    """Everything below /latest/."""
    network = f"network/interfaces/macs/{one.mac}/"
    meta: dict[str, Value | None] = {
        "ami-id": one.image_id,
        "ami-launch-index": str(one.launch_index),
        "ami-manifest-path": "(unknown)",
        "block-device-mapping/ami": "/dev/xvda",
        "block-device-mapping/root": "/dev/xvda",
        "hostname": one.hostname,
        "instance-action": "none",
        "instance-id": one.instance_id,
        "instance-life-cycle": "on-demand",
        "instance-type": one.instance_type,
        "local-hostname": one.hostname,
        "local-ipv4": one.ip,
        "mac": one.mac,
        "placement/availability-zone": one.zone,
        "placement/availability-zone-id": f"{_zone_prefix(one.region)}-az{ord(one.zone[-1]) - 96}",
        "placement/region": one.region,
        "public-hostname": one.public_hostname if one.public_ip else None,
        "public-ipv4": one.public_ip,
        "reservation-id": one.reservation_id,
        "security-groups": "\n".join(name for _, name in one.groups),
        "services/domain": "amazonaws.com",
        "services/partition": "aws",
        network + "device-number": "0",
        network + "interface-id": one.interface_id,
        network + "local-hostname": one.hostname,
        network + "local-ipv4s": one.ip,
        network + "mac": one.mac,
        network + "owner-id": one.account,
        network + "public-ipv4s": one.public_ip,
        network + "security-group-ids": "\n".join(identifier for identifier, _ in one.groups),
        network + "security-groups": "\n".join(name for _, name in one.groups),
        network + "subnet-id": one.subnet_id,
        network + "subnet-ipv4-cidr-block": one.subnet_cidr,
        network + "vpc-id": one.vpc_id,
        network + "vpc-ipv4-cidr-block": one.vpc_cidr,
        network + "vpc-ipv4-cidr-blocks": one.vpc_cidr,
    }
    if one.key:
        meta["public-keys/0/openssh-key"] = one.key[1]
    if one.profile:
        arn, identifier, role = one.profile
        meta["iam/info"] = _json(
            Code="Success", LastUpdated=one.launched.strftime(STAMP), InstanceProfileArn=arn,
            InstanceProfileId=identifier,
        )  # fmt: skip
        if one.credentials and role:
            credentials = one.credentials
            meta[f"iam/security-credentials/{role}"] = lambda: _credentials(credentials())
    if one.tags_enabled:
        meta |= {f"tags/instance/{name}": value for name, value in one.tags.items()}
    found: dict[str, Value] = {f"meta-data/{k}": v for k, v in meta.items() if v is not None}
    found["dynamic/instance-identity/document"] = _identity(one)
    if one.user_data is not None:
        found["user-data"] = one.user_data
    return found


def _zone_prefix(region: str) -> str:
    """us-east-1 -> use1, as the zone ids begin."""
    area, *direction, number = region.split("-")
    return area + "".join(word[0] for word in direction) + number


def _json(**members: Any) -> str:
    return json.dumps(members, indent=2)


def _credentials(found: dict[str, Any]) -> str:
    now = found.get("LastUpdated") or datetime.now(found["Expiration"].tzinfo)
    return _json(
        Code="Success", LastUpdated=now.strftime(STAMP), Type="AWS-HMAC", AccessKeyId=found["AccessKeyId"],
        SecretAccessKey=found["SecretAccessKey"], Token=found["SessionToken"],
        Expiration=found["Expiration"].strftime(STAMP),
    )  # fmt: skip


def _identity(one: Metadata) -> str:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html (without signatures)."""
    return _json(
        accountId=one.account, architecture=one.architecture, availabilityZone=one.zone, billingProducts=None,
        devpayProductCodes=None, marketplaceProductCodes=None, imageId=one.image_id, instanceId=one.instance_id,
        instanceType=one.instance_type, kernelId=None, pendingTime=one.launched.strftime(STAMP), privateIp=one.ip,
        ramdiskId=None, region=one.region, version="2017-09-30",
    )  # fmt: skip


def lookup(found: dict[str, Value], path: str, key_name: str = "") -> str | bytes | None:
    """The value at a path, or the listing of a directory (children that have children end in a slash); None if absent.

    `public-keys/` lists its entries as `0=NAME`.
    """
    path = path.strip("/")
    if path in found:
        value = found[path]
        return value() if callable(value) else value
    below = path + "/" if path else ""
    children: dict[str, None] = {}
    for key in found:
        if key.startswith(below):
            name, slash, _ = key[len(below) :].partition("/")
            children[name + slash] = None
    if path == "meta-data/public-keys" and children:
        return f"0={key_name}"
    return "\n".join(sorted(children)) if children else None
