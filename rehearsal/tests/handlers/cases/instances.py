"""EC2's instances: what they are launched from, and their disks."""

from __future__ import annotations

import base64

from rehearsal.tests.handlers.cases.networks import group, subnet, tags
from rehearsal.tests.handlers.harness import Case, World


def image(world: World) -> str:
    return world.once("image", lambda: world.client("ec2").describe_images()["Images"][0]["ImageId"])


USER_DATA = base64.b64encode(b"#!/bin/sh\necho hello\n").decode()

CASES = (
    Case(
        "AWS::EC2::LaunchTemplate",
        lambda w: {
            "LaunchTemplateName": "web",
            "LaunchTemplateData": {
                "ImageId": image(w),
                "InstanceType": "t3.micro",
                "UserData": USER_DATA,
                "SecurityGroupIds": [group(w)],
                "IamInstanceProfile": {"Name": "web"},
                "MetadataOptions": {"HttpTokens": "required"},
                "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8, "Encrypted": True}}],
                "TagSpecifications": [{"ResourceType": "instance", "Tags": tags(("Name", "web"))}],
            },
            "TagSpecifications": [{"ResourceType": "launch-template", "Tags": tags(("Name", "web"))}],
        },
        (
            lambda w: {
                "LaunchTemplateData": {"ImageId": image(w), "InstanceType": "t3.small"},
                "VersionDescription": "two",
            },
            lambda w: {"TagSpecifications": [{"ResourceType": "launch-template", "Tags": tags(("Name", "app"))}]},
        ),
    ),
    Case("AWS::EC2::KeyPair", lambda w: {"KeyName": "hand", "KeyType": "ed25519", "Tags": tags(("Name", "one"))}),
    Case(
        "AWS::EC2::Instance",
        lambda w: {
            "ImageId": image(w),
            "InstanceType": "t3.micro",
            "SubnetId": subnet(w),
            "SecurityGroupIds": [group(w)],
            "Tags": tags(("Name", "one")),
            "Monitoring": False,
            "UserData": USER_DATA,
            "InstanceInitiatedShutdownBehavior": "terminate",
            "SourceDestCheck": True,
        },
        (
            lambda w: {"SourceDestCheck": False},
            lambda w: {"InstanceType": "t3.small"},
        ),
        absent=frozenset({"PublicDnsName", "PublicIp"}),
    ),
    Case(
        "AWS::EC2::Volume",
        lambda w: {
            "AvailabilityZone": "us-east-1a",
            "Size": 8,
            "VolumeType": "gp3",
            "Encrypted": True,
            "Tags": tags(("Name", "one")),
        },
        (lambda w: {"Size": 16}, lambda w: {"Tags": tags(("Name", "two"))}),
    ),
)
