"""Load balancing's resources."""

from __future__ import annotations

from typing import Any

from rehearsal.tests.handlers.cases.networks import attached_gateway, group, subnet, subnets, tags, vpc
from rehearsal.tests.handlers.harness import Case, World


def public(world: World) -> list[str]:
    """Subnets of a VPC with an internet gateway, which an internet-facing load balancer wants."""
    attached_gateway(world)
    return subnets(world)


def balancer(world: World) -> str:
    def make() -> str:
        reply = world.client("elbv2").create_load_balancer(Name="shared", Subnets=public(world))
        return reply["LoadBalancers"][0]["LoadBalancerArn"]

    return world.once("balancer", make)


def targets(world: World, name: str = "one") -> str:
    def make() -> str:
        reply = world.client("elbv2").create_target_group(Name=name, Port=80, Protocol="HTTP", VpcId=vpc(world))
        return reply["TargetGroups"][0]["TargetGroupArn"]

    return world.once(f"targets {name}", make)


def listener(world: World) -> str:
    def make() -> str:
        reply = world.client("elbv2").create_listener(
            LoadBalancerArn=balancer(world), Port=8000, Protocol="HTTP", DefaultActions=[forward(targets(world))]
        )
        return reply["Listeners"][0]["ListenerArn"]

    return world.once("listener", make)


def forward(target_group: str) -> dict[str, Any]:
    return {"Type": "forward", "TargetGroupArn": target_group}


NOT_FOUND = {
    "Type": "fixed-response",
    "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain", "MessageBody": "none"},
}

CASES = (
    Case(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        lambda w: {
            "Name": "web",
            "Subnets": public(w),
            "SecurityGroups": [group(w)],
            "Scheme": "internet-facing",
            "Type": "application",
            "LoadBalancerAttributes": [{"Key": "idle_timeout.timeout_seconds", "Value": "30"}],
            "Tags": tags(("Name", "one")),
        },
        (
            lambda w: {
                "SecurityGroups": [group(w, "other")],
                "LoadBalancerAttributes": [{"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}],
            },
            lambda w: {"Subnets": [subnet(w, 1), subnet(w, 3, "us-east-1c")], "IpAddressType": "ipv4"},
        ),
    ),
    Case(
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        lambda w: {
            "Port": 80,
            "Protocol": "HTTP",
            "VpcId": vpc(w),
            "TargetType": "instance",
            "HealthCheckPath": "/health",
            "HealthCheckIntervalSeconds": 10,
            "HealthyThresholdCount": 2,
            "Matcher": {"HttpCode": "200"},
            "TargetGroupAttributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "20"}],
            "Tags": tags(("Name", "one")),
        },
        (
            lambda w: {
                "HealthCheckPath": "/up",
                "HealthCheckTimeoutSeconds": 4,
                "UnhealthyThresholdCount": 3,
                "Matcher": {"HttpCode": "200-299"},
            },
            lambda w: {
                "HealthyThresholdCount": None,
                "TargetGroupAttributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "60"}],
            },
        ),
        absent=frozenset({"LoadBalancerArns"}),
    ),
    Case(
        "AWS::ElasticLoadBalancingV2::Listener",
        lambda w: {
            "LoadBalancerArn": balancer(w),
            "Port": 80,
            "Protocol": "HTTP",
            "DefaultActions": [forward(targets(w))],
            "Tags": tags(("Name", "one")),
        },
        (
            lambda w: {"DefaultActions": [NOT_FOUND]},
            lambda w: {"Port": 81, "DefaultActions": [forward(targets(w, "two"))]},
        ),
    ),
    Case(
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        lambda w: {
            "ListenerArn": listener(w),
            "Priority": 10,
            "Actions": [forward(targets(w))],
            "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/*"]}}],
            "Tags": tags(("Name", "one")),
        },
        (
            lambda w: {"Actions": [forward(targets(w, "two"))]},
            lambda w: {"Conditions": [{"Field": "host-header", "HostHeaderConfig": {"Values": ["www.example.com"]}}]},
            lambda w: {"Priority": 20},
        ),
    ),
)
