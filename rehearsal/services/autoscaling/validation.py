"""What Auto Scaling refuses in a group's settings.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
"""

from __future__ import annotations

import re
from typing import Any

from botocore.exceptions import ClientError
from moto.backends import get_backend

from rehearsal.kernel import clients
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.services.autoscaling import choosing, templates
from rehearsal.services.autoscaling.model import Settings

# Settings whose effect the rehearsal does not have; an explicit "off" is let through.
_UNKNOWN = (
    "LaunchConfigurationName", "InstanceId", "LoadBalancerNames", "PlacementGroup", "MaxInstanceLifetime",
    "CapacityRebalance", "DesiredCapacityType", "CapacityReservationSpecification", "InstanceLifecyclePolicy",
)  # fmt: skip


def invalid(message: str) -> AwsError:
    return AwsError("ValidationError", message)


def check_new(account: str, region: str, params: Settings) -> None:
    """@raises AwsError."""
    if not re.fullmatch(r"[^\x00-\x1f:]{1,255}", params["AutoScalingGroupName"]):
        raise invalid("Group name must be 1 to 255 characters long and must not contain a colon")
    if not params.get("LaunchTemplate") and not params.get("MixedInstancesPolicy"):
        if params.get("LaunchConfigurationName") or params.get("InstanceId"):
            raise NotImplementedByRehearsal("autoscaling", "CreateAutoScalingGroup", "launch configurations")
        raise invalid(
            "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or "
            "MixedInstancesPolicy parameter."
        )
    if not params.get("VPCZoneIdentifier"):
        if params.get("AvailabilityZones"):
            raise NotImplementedByRehearsal("autoscaling", "CreateAutoScalingGroup", "groups without VPCZoneIdentifier")
        raise invalid("At least one Availability Zone or VPC Subnet is required.")
    check_changed(account, region, params, params)


def check_changed(account: str, region: str, given: Settings, result: Settings) -> None:
    """`given` is what a request names, `result` what the group would then be set to."""
    for name in _UNKNOWN:
        if given.get(name) not in (None, False, 0, "", [], "units"):
            raise NotImplementedByRehearsal("autoscaling", "CreateAutoScalingGroup", name)
    minimum, maximum, desired = (int(result[k]) for k in ("MinSize", "MaxSize", "DesiredCapacity"))
    if minimum < 0 or maximum < 0:
        raise invalid("Min and max bounds must be zero or more")
    if minimum > maximum:
        raise invalid("Max bound must be greater than or equal to min bound")
    if not minimum <= desired <= maximum:
        bounds = f"the specified min size:{minimum} and max size:{maximum}"
        raise invalid(f"Desired capacity:{desired} must be between {bounds}")
    if given.get("LaunchTemplate") or given.get("MixedInstancesPolicy"):
        if given.get("LaunchTemplate") and given.get("MixedInstancesPolicy"):
            raise invalid("Valid requests must contain either LaunchTemplate or MixedInstancesPolicy parameter.")
        templates.check(account, region, given)
    for policy in given.get("TerminationPolicies") or []:
        if policy not in choosing.POLICIES:
            raise invalid(f"Termination policy {policy} is not valid")
        if policy in ("AllocationStrategy", "ClosestToNextInstanceHour"):
            raise NotImplementedByRehearsal("autoscaling", "TerminationPolicies", policy)
    kinds = str(given.get("HealthCheckType") or "EC2").split(",")
    if not set(kinds) <= {"EC2", "ELB"}:
        raise NotImplementedByRehearsal("autoscaling", "HealthCheckType", ",".join(kinds))
    if given.get("VPCZoneIdentifier"):
        check_subnets(account, region, given["VPCZoneIdentifier"])


def check_subnets(account: str, region: str, identifiers: str) -> list[dict[str, Any]]:
    names = [s.strip() for s in identifiers.split(",") if s.strip()]
    try:
        ec2 = clients.client("ec2", region, principal=templates.service(account))
        return list(ec2.describe_subnets(SubnetIds=names)["Subnets"])
    except ClientError as error:
        raise invalid(f"The subnet ID '{', '.join(names)}' does not exist") from error


def check_target_groups(account: str, region: str, arns: list[str]) -> None:
    known = get_backend("elbv2")[account][region].target_groups
    for arn in arns:
        if arn not in known:
            raise invalid(f"Provided Target Groups may not be valid. Please ensure they exist and try again. ({arn})")
