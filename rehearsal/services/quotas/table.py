"""The quotas by service and code, with the values that a new account has.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-resource-limits.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-quotas.html
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quota:
    service: str
    code: str
    name: str
    value: int


AMIS = Quota("ec2", "L-B665C33B", "AMIs", 50_000)
PUBLIC_AMIS = Quota("ec2", "L-0E3CBAB9", "Public AMIs", 5)
AMI_SHARING = Quota("ec2", "L-70015FFA", "AMI sharing", 1_000)

ALL = (AMIS, PUBLIC_AMIS, AMI_SHARING)
SERVICES = {"ec2": "Amazon Elastic Compute Cloud (Amazon EC2)"}
