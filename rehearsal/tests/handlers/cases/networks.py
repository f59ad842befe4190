"""EC2's networks: VPCs, their subnets, ways and groups."""

from __future__ import annotations

from typing import Any

from rehearsal.tests.handlers.harness import Case, World


def vpc(world: World, cidr: str = "10.1.0.0/16") -> str:
    return world.once(f"vpc {cidr}", lambda: world.client("ec2").create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"])


def subnet(world: World, number: int = 1, zone: str = "us-east-1a") -> str:
    def make() -> str:
        reply = world.client("ec2").create_subnet(
            VpcId=vpc(world), CidrBlock=f"10.1.{number}.0/24", AvailabilityZone=zone
        )
        return reply["Subnet"]["SubnetId"]

    return world.once(f"subnet {number}", make)


def subnets(world: World) -> list[str]:
    return [subnet(world, 1), subnet(world, 2, "us-east-1b")]


def gateway(world: World, name: str = "gateway") -> str:
    return world.once(
        name, lambda: world.client("ec2").create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    )


def attached_gateway(world: World) -> str:
    def make() -> str:
        found = gateway(world, "attached")
        world.client("ec2").attach_internet_gateway(InternetGatewayId=found, VpcId=vpc(world))
        return found

    return world.once("attachment", make)


def nat(world: World) -> str:
    return world.once(
        "nat",
        lambda: world.client("ec2").create_nat_gateway(SubnetId=subnet(world), ConnectivityType="private")[
            "NatGateway"
        ]["NatGatewayId"],
    )


def table(world: World, name: str = "table") -> str:
    return world.once(
        name, lambda: world.client("ec2").create_route_table(VpcId=vpc(world))["RouteTable"]["RouteTableId"]
    )


def group(world: World, name: str = "peer") -> str:
    return world.once(
        f"group {name}",
        lambda: world.client("ec2").create_security_group(GroupName=name, Description=name, VpcId=vpc(world))[
            "GroupId"
        ],
    )


def allocation(world: World) -> str:
    return world.once("allocation", lambda: world.client("ec2").allocate_address(Domain="vpc")["AllocationId"])


def tags(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in pairs]


def rule(peer: dict[str, Any], first: int = 80, last: int | None = None, **more: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": first, "ToPort": last or first, **peer, **more}


ANY = {"CidrIp": "0.0.0.0/0"}

CASES = (
    Case(
        "AWS::EC2::VPC",
        lambda w: {
            "CidrBlock": "10.9.0.0/16",
            "EnableDnsHostnames": True,
            "EnableDnsSupport": True,
            "InstanceTenancy": "default",
            "Tags": tags(("Name", "one")),
        },
        (
            lambda w: {"EnableDnsHostnames": False, "Tags": tags(("Name", "two"), ("More", "x"))},
            lambda w: {"EnableDnsSupport": False, "Tags": tags(("More", "y"))},
        ),
        absent=frozenset({"VpcEncryptionControl"}),
    ),
    Case(
        "AWS::EC2::Subnet",
        lambda w: {
            "VpcId": vpc(w),
            "CidrBlock": "10.1.77.0/24",
            "AvailabilityZone": "us-east-1a",
            "MapPublicIpOnLaunch": True,
            "Tags": tags(("Name", "one")),
        },
        (lambda w: {"MapPublicIpOnLaunch": None, "Tags": None},),
    ),
    Case(
        "AWS::EC2::RouteTable",
        lambda w: {"VpcId": vpc(w), "Tags": tags(("Name", "one"))},
        (lambda w: {"Tags": tags(("Name", "two"))},),
    ),
    Case(
        "AWS::EC2::Route",
        lambda w: {"RouteTableId": table(w), "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": attached_gateway(w)},
        (lambda w: {"GatewayId": None, "NatGatewayId": nat(w)},),
    ),
    Case("AWS::EC2::SubnetRouteTableAssociation", lambda w: {"RouteTableId": table(w, "own"), "SubnetId": subnet(w)}),
    Case(
        "AWS::EC2::InternetGateway",
        lambda w: {"Tags": tags(("Name", "one"))},
        (lambda w: {"Tags": tags(("Name", "two"))},),
    ),
    Case(
        "AWS::EC2::VPCGatewayAttachment",
        lambda w: {"VpcId": vpc(w, "10.8.0.0/16"), "InternetGatewayId": gateway(w, "first")},
        (lambda w: {"InternetGatewayId": gateway(w, "second")},),
    ),
    Case(
        "AWS::EC2::NatGateway",
        lambda w: {"SubnetId": subnet(w), "AllocationId": allocation(w), "Tags": tags(("Name", "one"))},
        (lambda w: {"MaxDrainDurationSeconds": 10},),
        absent=frozenset({"AutoProvisionZones", "AutoScalingIps", "RouteTableId"}),
    ),
    Case(
        "AWS::EC2::EIP",
        lambda w: {"Domain": "vpc", "Tags": tags(("Name", "one"))},
        (lambda w: {"Tags": tags(("Name", "two"))},),
    ),
    Case(
        "AWS::EC2::SecurityGroup",
        lambda w: {
            "GroupDescription": "web",
            "VpcId": vpc(w),
            "Tags": tags(("Name", "one")),
            "SecurityGroupIngress": [rule(ANY), rule({"SourceSecurityGroupId": group(w)}, 22, Description="ssh")],
        },
        (
            lambda w: {
                "SecurityGroupIngress": [
                    rule({"SourceSecurityGroupId": group(w)}, 22, Description="log-in"),
                    rule(ANY, 443),
                ]
            },
            lambda w: {
                "SecurityGroupEgress": [
                    rule({"DestinationSecurityGroupId": group(w)}, 5432),
                    {"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"},
                ]
            },
            lambda w: {
                "SecurityGroupIngress": None,
                "SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}],
            },
        ),
        unread=frozenset(),
    ),
    Case(
        "AWS::EC2::SecurityGroupIngress",
        lambda w: {
            "GroupId": group(w),
            **rule({"SourceSecurityGroupId": group(w, "other")}, 80, 81),
            "Description": "a",
        },
        (lambda w: {"Description": "b"},),
    ),
    Case(
        "AWS::EC2::SecurityGroupEgress",
        lambda w: {"GroupId": group(w), **rule({"CidrIp": "10.1.0.0/16"}, 5432), "Description": "a"},
        (lambda w: {"Description": "b"},),
    ),
    Case(
        "AWS::EC2::VPCEndpoint",
        lambda w: {
            "VpcId": vpc(w),
            "ServiceName": "com.amazonaws.us-east-1.s3",
            "VpcEndpointType": "Gateway",
            "RouteTableIds": [table(w)],
        },
        (
            lambda w: {"RouteTableIds": [table(w, "own")]},
            lambda w: {
                "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}]}
            },
        ),
    ),
    Case(
        "AWS::EC2::FlowLog",
        lambda w: {
            "ResourceType": "VPC",
            "ResourceId": vpc(w),
            "TrafficType": "ALL",
            "LogDestinationType": "cloud-watch-logs",
            "LogGroupName": "hand-flows",
            "DeliverLogsPermissionArn": "arn:aws:iam::123456789012:role/flows",
            "Tags": tags(("Name", "one")),
        },
        (lambda w: {"Tags": tags(("Name", "two"))},),
    ),
)
