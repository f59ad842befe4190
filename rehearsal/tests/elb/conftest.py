"""A VPC with a load balancer on loopback sockets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.kernel.settings import settings
from rehearsal.services.elb import wire as wires
from rehearsal.tests.conftest import client_of
from rehearsal.tests.elb.loopback import Loopback, Site


class Ground:
    """A VPC, a load balancer with an HTTP listener, and a target group of addresses."""

    def __init__(self, endpoint: str, wire: Loopback) -> None:
        self.wire = wire
        self.elb = client_of(endpoint, "elbv2")
        self.ec2 = client_of(endpoint, "ec2")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        self.subnets = [
            self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.1.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")[
                "Subnet"
            ]["SubnetId"]
            for n, zone in ((1, "a"), (2, "b"))
        ]
        self.arn = self.elb.create_load_balancer(Name="shop", Subnets=self.subnets)["LoadBalancers"][0][
            "LoadBalancerArn"
        ]
        self.group = self.make_group("web")
        self.listener = self.elb.create_listener(
            LoadBalancerArn=self.arn,
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": self.group}],
        )["Listeners"][0]["ListenerArn"]
        self.sites: list[Site] = []

    def make_group(self, name: str, **attributes: str) -> str:
        made = self.elb.create_target_group(
            Name=name, Protocol="HTTP", Port=80, VpcId=self.vpc, TargetType="ip", HealthCheckPath="/health",
            HealthCheckIntervalSeconds=6, HealthCheckTimeoutSeconds=2, HealthyThresholdCount=2, UnhealthyThresholdCount=2,
        )["TargetGroups"][0]["TargetGroupArn"]  # fmt: skip
        values = {"deregistration_delay.timeout_seconds": "20", **attributes}
        self.set(made, **values)
        return str(made)

    def set(self, group: str, **values: str) -> None:
        self.elb.modify_target_group_attributes(
            TargetGroupArn=group, Attributes=[{"Key": k, "Value": v} for k, v in values.items()]
        )

    def site(self, address: str, group: str | None = None) -> Site:
        """A server that is registered."""
        made = Site(self.wire, address)
        self.sites.append(made)
        self.elb.register_targets(TargetGroupArn=group or self.group, Targets=[{"Id": address}])
        return made

    @property
    def port(self) -> int:
        """Where the listener really listens."""
        return next(p for (a, port), p in self.wire.places.items() if port == 80 and a.startswith("10.1."))

    def states(self, group: str | None = None) -> dict[str, str]:
        found = self.elb.describe_target_health(TargetGroupArn=group or self.group)["TargetHealthDescriptions"]
        return {d["Target"]["Id"]: d["TargetHealth"]["State"] for d in found}

    def reason(self, address: str) -> tuple[str, str]:
        found = self.elb.describe_target_health(TargetGroupArn=self.group, Targets=[{"Id": address}])
        health = found["TargetHealthDescriptions"][0]["TargetHealth"]
        return health.get("Reason", ""), health.get("Description", "")


@pytest.fixture
def ground(fresh: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(settings, "speed", 60.0)
    wire = Loopback()
    before = wires.wire
    wires.use(wire)
    made = Ground(fresh, wire)
    yield made
    for site in made.sites:
        site.close()
    from rehearsal.services.elb import fleet

    fleet.close_all()
    wires.use(before)
