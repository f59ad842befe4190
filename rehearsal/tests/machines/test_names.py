"""The VPC's name server. https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rehearsal.machines import dns_message, network, resolver
from rehearsal.machines.dns_message import TYPES


def query(name: str, kind: str = "A") -> bytes:
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", TYPES[kind], 1)


def code_and_count(reply: bytes) -> tuple[int, int]:
    identifier, flags, _, answers = struct.unpack("!HHHH", reply[:8])
    assert identifier == 7
    return flags & 15, answers


@pytest.fixture
def asked(aws: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], bytes]]:
    """Asks as a machine of a VPC that has the private zone shop.internal; other names go nowhere."""
    vpc = aws("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    route53 = aws("route53")
    zone = route53.create_hosted_zone(
        Name="shop.internal", CallerReference="1", VPC={"VPCRegion": "us-east-1", "VPCId": vpc}
    )["HostedZone"]["Id"]
    sets = [
        {"Name": "db.shop.internal", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.9.100.4"}]},
        {"Name": "api.shop.internal", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "db.shop.internal"}]},
        {"Name": "web.shop.internal", "Type": "A", "AliasTarget": {
            "HostedZoneId": "Z35SXDOTRQ7X7K", "DNSName": "198.18.3.20", "EvaluateTargetHealth": False}},
    ]  # fmt: skip
    changes = [{"Action": "CREATE", "ResourceRecordSet": one} for one in sets]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    monkeypatch.setattr(network, "vpc_of", lambda ip: vpc if ip == "10.9.11.5" else "vpc-other")
    monkeypatch.setattr(resolver, "upstreams", lambda: [])

    def ask(name: str, kind: str = "A", asker: str = "10.9.11.5") -> bytes:
        reply = resolver.resolve(query(name, kind), asker)
        assert reply is not None
        return reply

    yield ask


def test_a_private_zone_answers_the_machines_of_its_vpc(asked: Callable[..., bytes]) -> None:
    reply = asked("db.shop.internal")
    assert code_and_count(reply) == (0, 1)
    assert reply.endswith(bytes([10, 9, 100, 4]))


def test_an_alias_of_a_load_balancer_gives_its_address(asked: Callable[..., bytes]) -> None:
    assert asked("web.shop.internal").endswith(bytes([198, 18, 3, 20]))


def test_a_cname_brings_what_it_points_to(asked: Callable[..., bytes]) -> None:
    assert code_and_count(asked("api.shop.internal")) == (0, 2)


def test_a_name_that_the_zone_lacks_does_not_exist(asked: Callable[..., bytes]) -> None:
    assert code_and_count(asked("cache.shop.internal")) == (dns_message.NO_SUCH_NAME, 0)


def test_a_name_with_another_type_only_exists_without_an_answer(asked: Callable[..., bytes]) -> None:
    assert code_and_count(asked("db.shop.internal", "AAAA")) == (0, 0)


def test_another_vpc_does_not_see_the_zone(asked: Callable[..., bytes]) -> None:
    assert code_and_count(asked("db.shop.internal", asker="10.8.0.9")) == (dns_message.SERVER_FAILURE, 0)


def test_an_instances_internal_name_is_its_address(asked: Callable[..., bytes]) -> None:
    assert asked("ip-10-9-11-5.ec2.internal").endswith(bytes([10, 9, 11, 5]))


@pytest.mark.parametrize("packet", [b"", b"\0" * 12, query("a.b")[:-6], b"\0\7\x81\0" + query("a.b")[4:]])
def test_what_is_no_question_gets_no_answer(packet: bytes) -> None:
    assert resolver.resolve(packet, "10.9.11.5") is None
