"""Traffic between places on the network: security groups, VPCs, ways out.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from rehearsal.machines import credentials_server, host, network
from rehearsal.machines.network import Namespace
from rehearsal.tests.ec2.conftest import refusal

_CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 0.6).close()"
_LISTEN = (
    "import socket\n"
    "s = socket.create_server(('0.0.0.0', {port}))\n"
    "print('ready', flush=True)\n"
    "while True: s.accept()[0].close()"
)


class Vpc:
    """A VPC with places on it, each with a security group of its own."""

    def __init__(self, ec2: Any, cidr: str, stack: ExitStack) -> None:
        self.ec2, self.stack = ec2, stack
        self.id = ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]
        self.subnet = ec2.create_subnet(VpcId=self.id, CidrBlock=cidr.replace("0.0/16", "1.0/24"))["Subnet"]["SubnetId"]

    def group(self, name: str) -> str:
        return self.ec2.create_security_group(GroupName=name, Description=name, VpcId=self.id)["GroupId"]

    def place(self, group: str) -> Namespace:
        made = self.ec2.create_network_interface(SubnetId=self.subnet, Groups=[group])["NetworkInterface"]
        found = network.namespace(kind="test", private_ip=made["PrivateIpAddress"], vpc_id=self.id)
        self.stack.callback(found.close)
        return found

    def serve(self, place: Namespace, port: int) -> None:
        process = subprocess.Popen(
            [*place.exec_prefix, "python3", "-c", _LISTEN.format(port=port)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        self.stack.callback(process.stdout.close)
        self.stack.callback(process.wait)
        self.stack.callback(process.kill)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def vpc(aws: Callable[..., Any], stack: ExitStack) -> Vpc:
    return Vpc(aws("ec2"), "10.77.0.0/16", stack)


def reaches(place: Namespace, ip: str, port: int) -> bool:
    command = [*place.exec_prefix, "python3", "-c", _CONNECT, ip, str(port)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def allow(ec2: Any, group: str, port: int, **source: Any) -> None:
    permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])


def test_a_group_lets_in_what_its_rules_name_and_nothing_else(vpc: Vpc) -> None:
    web, client, stranger = vpc.group("web"), vpc.group("client"), vpc.group("stranger")
    server, friend, other = vpc.place(web), vpc.place(client), vpc.place(stranger)
    vpc.serve(server, 80)
    vpc.serve(server, 81)
    assert not reaches(friend, server.ip, 80)
    allow(vpc.ec2, web, 80, UserIdGroupPairs=[{"GroupId": client}])
    assert reaches(friend, server.ip, 80)
    assert not reaches(friend, server.ip, 81)
    assert not reaches(other, server.ip, 80)
    allow(vpc.ec2, web, 81, IpRanges=[{"CidrIp": "10.77.0.0/16"}])
    assert reaches(other, server.ip, 81)


def test_a_groups_egress_rules_hold_too(vpc: Vpc) -> None:
    web, client = vpc.group("web"), vpc.group("client")
    server, friend = vpc.place(web), vpc.place(client)
    vpc.serve(server, 80)
    allow(vpc.ec2, web, 80, IpRanges=[{"CidrIp": "0.0.0.0/0"}])
    assert reaches(friend, server.ip, 80)
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    vpc.ec2.revoke_security_group_egress(GroupId=client, IpPermissions=everything)
    assert not reaches(friend, server.ip, 80)


def test_vpcs_do_not_reach_each_other(vpc: Vpc, stack: ExitStack) -> None:
    other = Vpc(vpc.ec2, "10.78.0.0/16", stack)
    web = vpc.group("web")
    server, visitor = vpc.place(web), other.place(other.group("visitor"))
    vpc.serve(server, 80)
    allow(vpc.ec2, web, 80, IpRanges=[{"CidrIp": "0.0.0.0/0"}])
    assert not reaches(visitor, server.ip, 80)


def test_a_build_without_a_vpc_reaches_the_api_but_no_private_address(vpc: Vpc, stack: ExitStack) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/userguide/vpc-support.html"""
    web = vpc.group("web")
    server = vpc.place(web)
    vpc.serve(server, 80)
    allow(vpc.ec2, web, 80, IpRanges=[{"CidrIp": "0.0.0.0/0"}])
    build = network.namespace()
    stack.callback(build.close)
    host, port = network.endpoint_url().removeprefix("http://").split(":")
    assert reaches(build, host, int(port))
    assert not reaches(build, server.ip, 80)


def test_a_private_subnet_reaches_the_api_only_through_a_nat_gateway(vpc: Vpc) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html"""
    ec2 = vpc.ec2
    place = vpc.place(vpc.group("build"))
    host, port = network.endpoint_url().removeprefix("http://").split(":")
    assert not reaches(place, host, int(port))
    public = ec2.create_subnet(VpcId=vpc.id, CidrBlock="10.77.2.0/24")["Subnet"]["SubnetId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc.id)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=public, AllocationId=address)["NatGateway"]["NatGatewayId"]
    for subnet, way in ((public, {"GatewayId": gateway}), (vpc.subnet, {"NatGatewayId": nat})):
        table = ec2.create_route_table(VpcId=vpc.id)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **way)
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    assert not reaches(place, host, int(port))
    ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[nat], WaiterConfig={"Delay": 1})
    assert reaches(place, host, int(port))
    assert refusal(ec2.release_address, AllocationId=address)[0] == "InvalidIPAddress.InUse"
    assert refusal(ec2.delete_subnet, SubnetId=public)[0] == "DependencyViolation"
    ec2.delete_nat_gateway(NatGatewayId=nat)
    ec2.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[nat], WaiterConfig={"Delay": 1})
    assert not reaches(place, host, int(port))
    ec2.release_address(AllocationId=address)
    ec2.delete_subnet(SubnetId=public)


def test_container_credentials_are_given_to_who_knows_the_path(fresh: str, stack: ExitStack) -> None:
    """https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html"""
    given = {"AccessKeyId": "ASIA", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "2026-01-01T00:00:00Z"}
    credentials_server.register("/v2/credentials/1", lambda: given)
    build = network.namespace()
    stack.callback(build.close)

    def ask(path: str) -> str:
        command = [*build.exec_prefix, "curl", "-s", "-m", "3", f"http://169.254.170.2{path}"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert '"Token": "t"' in ask("/v2/credentials/1")
    assert "AccessKeyId" not in ask("/v2/credentials/2")


def test_a_closed_place_takes_its_processes_along(fresh: str) -> None:
    place = network.namespace()
    left = subprocess.Popen([*place.exec_prefix, "sleep", "60"])
    place.close()
    assert left.wait(timeout=5) != 0
    assert place.name not in subprocess.run(["ip", "netns"], capture_output=True, text=True, check=True).stdout


def test_the_router_gives_sockets_while_its_filter_changes(vpc: Vpc, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load balancers ask for them on the one thread that carries all traffic."""
    network.ensure()
    asked, go_on = threading.Event(), threading.Event()
    run = host.run

    def slow(*command: str, stdin: str | None = None) -> str:
        if "nft" in command:
            asked.set()
            go_on.wait(10)
        return run(*command, stdin=stdin)

    monkeypatch.setattr(host, "run", slow)
    change = threading.Thread(target=vpc.place, args=(vpc.group("web"),))
    change.start()
    try:
        assert asked.wait(10)
        made = threading.Thread(target=lambda: network.router_socket().close())
        made.start()
        made.join(2)
        assert not made.is_alive()
    finally:
        go_on.set()
        change.join()
        made.join()
