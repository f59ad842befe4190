"""The types of parameters, and how the services are asked whether a value of an AWS-specific type exists.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from rehearsal.services.cloudformation.errors import invalid

Client = Callable[[str], Any]

_SSM = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")
_LIST = re.compile(r"List<(.+)>")


def _ec2(operation: str, argument: str, answer: str, member: str) -> Callable[[Client, str], bool]:
    def exists(client: Client, value: str) -> bool:
        found = getattr(client("ec2"), operation)(**{argument: [value]})[answer]
        return any(item[member] == value for item in found)

    return exists


def _zone_exists(client: Client, value: str) -> bool:
    # The API says NoSuchHostedZone for what is not there.
    client("route53").get_hosted_zone(Id=value)
    return True


def _parameter_exists(client: Client, value: str) -> bool:
    return not client("ssm").get_parameters(Names=[value])["InvalidParameters"]


_SPECIFIC: dict[str, Callable[[Client, str], bool]] = {
    "AWS::EC2::AvailabilityZone::Name": _ec2(
        "describe_availability_zones", "ZoneNames", "AvailabilityZones", "ZoneName"
    ),
    "AWS::EC2::Image::Id": _ec2("describe_images", "ImageIds", "Images", "ImageId"),
    "AWS::EC2::KeyPair::KeyName": _ec2("describe_key_pairs", "KeyNames", "KeyPairs", "KeyName"),
    "AWS::EC2::SecurityGroup::GroupName": _ec2("describe_security_groups", "GroupNames", "SecurityGroups", "GroupName"),
    "AWS::EC2::SecurityGroup::Id": _ec2("describe_security_groups", "GroupIds", "SecurityGroups", "GroupId"),
    "AWS::EC2::Subnet::Id": _ec2("describe_subnets", "SubnetIds", "Subnets", "SubnetId"),
    "AWS::EC2::Volume::Id": _ec2("describe_volumes", "VolumeIds", "Volumes", "VolumeId"),
    "AWS::EC2::VPC::Id": _ec2("describe_vpcs", "VpcIds", "Vpcs", "VpcId"),
    "AWS::Route53::HostedZone::Id": _zone_exists,
    "AWS::SSM::Parameter::Name": _parameter_exists,
}


def _instance_exists(client: Client, value: str) -> bool:
    return bool(client("ec2").describe_instances(InstanceIds=[value])["Reservations"])


_SPECIFIC["AWS::EC2::Instance::Id"] = _instance_exists


def ssm_inner(kind: str) -> str:
    """The inner type of AWS::SSM::Parameter::Value<...>, or empty for other types."""
    found = _SSM.fullmatch(kind)
    return found.group(1) if found else ""


def known(kind: str) -> bool:
    inner = ssm_inner(kind)
    if inner:
        return inner in ("String", "CommaDelimitedList", "List<String>") or _element(inner) in _SPECIFIC
    return kind in ("String", "Number", "CommaDelimitedList", "List<Number>") or (
        _element(kind) in _SPECIFIC and kind != "List<AWS::EC2::KeyPair::KeyName>"
    )


def _element(kind: str) -> str:
    found = _LIST.fullmatch(kind)
    return found.group(1) if found else kind


def parts(kind: str, value: str) -> list[str]:
    """The elements of a list type, else the value itself."""
    if kind == "CommaDelimitedList" or _LIST.fullmatch(kind):
        return [part.strip() for part in value.split(",")] if value else []
    return [value]


def effective(kind: str, value: str) -> str | list[str]:
    inner = ssm_inner(kind) or kind
    return parts(inner, value) if inner == "CommaDelimitedList" or _LIST.fullmatch(inner) else value


def missing_value(kind: str, value: str, client: Client) -> str | None:
    """The first element of an AWS-specific type that its service does not know; None if all exist."""
    inner = ssm_inner(kind) or kind
    exists = _SPECIFIC.get(_element(inner))
    if exists is None:
        return None
    for part in parts(inner, value):
        try:
            if not exists(client, part):
                return part
        except ParamValidationError:
            return part  # no name that the service could know
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("UnauthorizedOperation", "AccessDenied", "AccessDeniedException"):
                raise
            return part
    return None


def read_store(names: Iterable[str], client: Client) -> dict[str, str]:
    """Values of SSM parameters, named as `name`, `name:version` or by label.

    @raises AwsError ValidationError that names what is missing.
    """
    result: dict[str, str] = {}
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
    failed = sorted({name for name in names if not 1 <= len(name) <= 2048})
    wanted = sorted(set(names) - set(failed))
    for start in range(0, len(wanted), 10):
        batch = wanted[start : start + 10]
        reply = client("ssm").get_parameters(Names=batch)
        failed += reply["InvalidParameters"]
        for found in reply["Parameters"]:
            if found["Type"] == "SecureString":
                raise invalid(
                    f"Parameters [{found['Name']}] referenced by template have types not supported by CloudFormation."
                )
            result[found["Name"] + found.get("Selector", "")] = found["Value"]
    failed += [name for name in wanted if name not in result and name not in failed]
    if failed:
        raise invalid(f"Unable to fetch parameters [{','.join(failed)}] from parameter store for this account.")
    return result
