"""Second lives of what runs and what leads there, with the properties that the first ones leave out."""

from __future__ import annotations

from typing import Any

from rehearsal.tests.handlers.cases.autoscaling import group as scaling_group
from rehearsal.tests.handlers.cases.autoscaling import template, topic
from rehearsal.tests.handlers.cases.elbv2 import balancer, forward, targets
from rehearsal.tests.handlers.cases.iam import role, role_arn
from rehearsal.tests.handlers.cases.instances import image
from rehearsal.tests.handlers.cases.networks import group, nat, subnet, subnets, table, vpc
from rehearsal.tests.handlers.harness import FULL, Case, World


def profile(world: World, name: str) -> str:
    def make() -> str:
        world.client("iam").create_instance_profile(InstanceProfileName=name)
        world.client("iam").add_role_to_instance_profile(InstanceProfileName=name, RoleName=role(world))
        return name

    return world.once(f"profile {name}", make)


def certificate(world: World) -> str:
    return world.once(
        "certificate",
        lambda: world.client("acm").request_certificate(DomainName="www.example.com")["CertificateArn"],
    )


def mixed(world: World, base: int) -> dict[str, Any]:
    return {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateId": template(world), "Version": "1"},
            "Overrides": [{"InstanceType": "t3.micro"}, {"InstanceType": "t3.small"}],
        },
        "InstancesDistribution": {"OnDemandBaseCapacity": base, "OnDemandPercentageAboveBaseCapacity": 100},
    }


def hook(name: str) -> dict[str, Any]:
    return {
        "LifecycleHookName": name,
        "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
        "HeartbeatTimeout": 60,
    }


PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH+J6gPdWvA0T1ADdRBRku2jGekz/4C1rOtTnrAcE8hp hand"

CASES = (
    Case(
        "AWS::AutoScaling::AutoScalingGroup",
        lambda w: {
            "AutoScalingGroupName": "hand-full", "MinSize": "0", "MaxSize": "2", "VPCZoneIdentifier": [subnet(w)],
            "MixedInstancesPolicy": mixed(w, 1), "DefaultInstanceWarmup": 30, "CapacityRebalance": False,
            "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150},
            "LifecycleHookSpecificationList": [hook("a")],
        },
        (
            lambda w: {"MixedInstancesPolicy": mixed(w, 0), "DefaultInstanceWarmup": 60},
            lambda w: {"LifecycleHookSpecificationList": [hook("b")]},
            lambda w: {"InstanceMaintenancePolicy": {"MinHealthyPercentage": 90, "MaxHealthyPercentage": 120}},
        ),
        label=FULL,
    ),
    Case(
        "AWS::AutoScaling::LifecycleHook",
        lambda w: {
            "AutoScalingGroupName": scaling_group(w), "LifecycleHookName": "hand", "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
            "NotificationMetadata": "one", "NotificationTargetARN": topic(w), "RoleARN": role_arn(w, "hooks", "autoscaling"),
        },
        (lambda w: {"NotificationMetadata": "two"},),
        label=FULL,
    ),
    Case(
        "AWS::EC2::Instance",
        lambda w: {
            "ImageId": image(w), "InstanceType": "t3.micro", "SubnetId": subnet(w), "IamInstanceProfile": profile(w, "one"), "DisableApiTermination": True,
            "MetadataOptions": {"HttpTokens": "required"}, "PropagateTagsToVolumeOnCreation": True, "Tenancy": "default", "Monitoring": True,
        },
        (
            lambda w: {"IamInstanceProfile": profile(w, "two"), "DisableApiTermination": False},
            lambda w: {"MetadataOptions": {"HttpTokens": "optional"}, "Monitoring": False},
            lambda w: {"IamInstanceProfile": None},
        ),
        label=FULL,
        absent=frozenset({"PublicDnsName", "PublicIp"}),
    ),
    Case("AWS::EC2::KeyPair", lambda w: {"KeyName": "hand-given", "PublicKeyMaterial": PUBLIC_KEY}, label=FULL),
    Case(
        "AWS::EC2::NatGateway", lambda w: {"SubnetId": subnet(w), "ConnectivityType": "private"}, label="private",
        absent=frozenset({"AutoProvisionZones", "AutoScalingIps", "RouteTableId"}),
    ),
    Case("AWS::EC2::Volume", lambda w: {"AvailabilityZone": "us-east-1a", "Size": 10, "VolumeType": "io1", "Iops": 100}, (lambda w: {"Iops": 200},), label=FULL),
    Case(
        "AWS::EC2::SecurityGroupEgress",
        lambda w: {"GroupId": group(w), "IpProtocol": "tcp", "FromPort": 5, "ToPort": 6, "DestinationSecurityGroupId": group(w, "other"), "Description": "a"},
        (lambda w: {"Description": "b"},),
        label=FULL,
    ),
    Case("AWS::EC2::SecurityGroupIngress", lambda w: {"GroupId": group(w), "IpProtocol": "-1", "CidrIp": "10.2.0.0/16"}, label="of all protocols"),
    Case(
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        lambda w: {
            "Name": "hand-full", "Port": 443, "Protocol": "HTTPS", "VpcId": vpc(w), "TargetType": "ip", "IpAddressType": "ipv4", "HealthCheckEnabled": True,
            "HealthCheckPort": "8080", "HealthCheckProtocol": "HTTP", "ProtocolVersion": "HTTP1", "Targets": [{"Id": "10.1.1.9", "Port": 443}],
        },
        (lambda w: {"HealthCheckPort": "traffic-port", "HealthCheckProtocol": "HTTPS", "Targets": [{"Id": "10.1.1.10", "Port": 444}]},),
        label=FULL,
        absent=frozenset({"LoadBalancerArns"}),
    ),
    Case(
        "AWS::ElasticLoadBalancingV2::Listener",
        lambda w: {
            "LoadBalancerArn": balancer(w), "Port": 443, "Protocol": "HTTPS", "DefaultActions": [forward(targets(w))],
            "Certificates": [{"CertificateArn": certificate(w)}], "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        },
        (lambda w: {"SslPolicy": "ELBSecurityPolicy-2016-08", "DefaultActions": [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}]},),
        label="with a certificate",
    ),
    Case("AWS::ElasticLoadBalancingV2::LoadBalancer", lambda w: {"Name": "hand-maps", "Scheme": "internal", "SubnetMappings": [{"SubnetId": s} for s in subnets(w)]}, label=FULL),
    Case("AWS::EC2::EIP", lambda w: {"Domain": "vpc"}, label="without tags"),
    Case("AWS::EC2::Route", lambda w: {"RouteTableId": table(w), "DestinationCidrBlock": "10.200.0.0/16", "NatGatewayId": nat(w)}, label="through a NAT gateway"),
)  # fmt: skip
