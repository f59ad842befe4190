"""Where a load balancer can be put.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
"""

from __future__ import annotations

from moto.backends import get_backend

from rehearsal.kernel.errors import AwsError


def check_subnets(account: str, region: str, names: list[str], scheme: str) -> None:
    """Two zones at least, one subnet in each, and for an internet-facing one a way in.

    @raises AwsError SubnetNotFound | ValidationError | InvalidConfigurationRequest | InvalidSubnet
    """
    ec2 = get_backend("ec2")[account][region]
    known = {s.id: s for zone in ec2.subnets.values() for s in zone.values()}
    missing = [n for n in names if n not in known]
    if missing:
        raise AwsError("SubnetNotFound", f"The subnet ID '{missing[0]}' does not exist")
    zones = [known[n].availability_zone for n in names]
    if len(set(zones)) < len(zones):
        words = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise AwsError("InvalidConfigurationRequest", words)
    if len(zones) < 2:
        words = "At least two subnets in two different Availability Zones must be specified"
        raise AwsError("ValidationError", words)
    if len({known[n].vpc_id for n in names}) > 1:
        raise AwsError("InvalidConfigurationRequest", "All subnets must belong to the same VPC")
    vpc = known[names[0]].vpc_id
    attached = {g.vpc.id for g in ec2.internet_gateways.values() if g.vpc}
    if scheme == "internet-facing" and vpc not in attached:
        raise AwsError("InvalidSubnet", f"VPC {vpc} has no internet gateway")
