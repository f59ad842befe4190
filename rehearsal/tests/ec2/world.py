"""What instances that boot need around them, and ways to look into them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from rehearsal.tests.conftest import client_of, post
from rehearsal.tests.ec2.conftest import DEBIAN, until

TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip


class World:
    """A VPC with a public subnet, a key pair, a group that lets SSH in, and an instance profile."""

    def __init__(self, endpoint: str, home: Path) -> None:
        post(endpoint, "/moto-api/reset")
        self.endpoint, self.key = endpoint, home / "key"
        self.ec2 = client_of(endpoint, "ec2")
        subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", str(self.key)], check=True)
        self.ec2.import_key_pair(KeyName="deploy", PublicKeyMaterial=self.key.with_suffix(".pub").read_bytes())
        vpc = self.ec2.create_vpc(CidrBlock="10.79.0.0/16")["Vpc"]["VpcId"]
        self.subnet = self.ec2.create_subnet(VpcId=vpc, CidrBlock="10.79.1.0/24")["Subnet"]["SubnetId"]
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        table = self.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        self.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        self.ec2.associate_route_table(RouteTableId=table, SubnetId=self.subnet)
        self.group = self.ec2.create_security_group(GroupName="ssh", Description="ssh", VpcId=vpc)["GroupId"]
        self.ssh_rule = {
            "GroupId": self.group,
            "IpProtocol": "tcp",
            "FromPort": 22,
            "ToPort": 22,
            "CidrIp": "0.0.0.0/0",
        }
        self.ec2.authorize_security_group_ingress(**self.ssh_rule)
        iam = client_of(endpoint, "iam")
        iam.create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.create_instance_profile(InstanceProfileName="web")
        iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
        self.base = self.ec2.describe_images(Owners=[DEBIAN])["Images"][0]["ImageId"]

    def run(self, **params: Any) -> str:
        interface = {"DeviceIndex": 0, "SubnetId": self.subnet, "Groups": [self.group],
                     "AssociatePublicIpAddress": True}  # fmt: skip
        made = self.ec2.run_instances(**{
            "ImageId": self.base, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "KeyName": "deploy",
            "NetworkInterfaces": [interface], **params,
        })  # fmt: skip
        return made["Instances"][0]["InstanceId"]

    def get(self, identifier: str) -> dict[str, Any]:
        return self.ec2.describe_instances(InstanceIds=[identifier])["Reservations"][0]["Instances"][0]

    def wait(self, identifier: str, state: str) -> dict[str, Any]:
        until(lambda: self.get(identifier)["State"]["Name"] == state, 40)
        return self.get(identifier)

    def try_ssh(self, identifier: str, command: str) -> subprocess.CompletedProcess[str]:
        address = self.get(identifier).get("PublicIpAddress", "")
        options = ["BatchMode=yes", "ConnectTimeout=2", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null",
                   "LogLevel=ERROR"]  # fmt: skip
        arguments = [part for option in options for part in ("-o", option)]
        return subprocess.run(
            ["ssh", *arguments, "-i", str(self.key), f"admin@{address}", command],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def ssh(self, identifier: str, command: str) -> str:
        done = until(lambda: (r := self.try_ssh(identifier, command)).returncode != 255 and r, 30)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def end(self, identifier: str) -> None:
        self.ec2.terminate_instances(InstanceIds=[identifier])
        self.wait(identifier, "terminated")


@pytest.fixture(scope="module")
def world(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(endpoint, tmp_path_factory.mktemp("world"))
