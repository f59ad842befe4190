"""A hosted zone that is made with a VPC is private; moto wants to be told so and forgets the VPC otherwise.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html (VPC)
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation


@operation("route53", "CreateHostedZone")
def create_hosted_zone(call: Call) -> dict[str, Any]:
    if not call.params.get("VPC"):
        return call.moto()
    config = {**(call.params.get("HostedZoneConfig") or {}), "PrivateZone": True}
    return call.moto({**call.params, "HostedZoneConfig": config})
