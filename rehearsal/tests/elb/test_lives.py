"""Load balancers, listeners and rules from the API to the wire.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

import datetime
import ssl
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from rehearsal.tests.conftest import client_of
from rehearsal.tests.elb.conftest import Ground
from rehearsal.tests.elb.loopback import fetch, until


def test_has_a_node_in_each_subnet_and_a_public_address(ground: Ground) -> None:
    found = ground.elb.describe_load_balancers(LoadBalancerArns=[ground.arn])["LoadBalancers"][0]
    assert found["State"]["Code"] == "active" and found["DNSName"] == "198.18.99.9"
    nodes = ground.ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [ground.vpc]}])
    interfaces = nodes["NetworkInterfaces"]
    assert {i["SubnetId"] for i in interfaces} == set(ground.subnets)
    assert {i["PrivateIpAddress"] for i in interfaces} == ground.wire.claimed
    assert all(i["Groups"] and i["Description"].startswith("ELB app/shop/") for i in interfaces)


def test_the_same_name_is_the_same_load_balancer_or_a_duplicate(ground: Ground) -> None:
    again = ground.elb.create_load_balancer(Name="shop", Subnets=ground.subnets)
    assert again["LoadBalancers"][0]["LoadBalancerArn"] == ground.arn
    with pytest.raises(ClientError, match="DuplicateLoadBalancerName"):
        ground.elb.create_load_balancer(Name="shop", Subnets=ground.subnets, Scheme="internal")


def test_refuses_places_where_it_could_not_stand(ground: Ground) -> None:
    """application-load-balancers.html#subnets-load-balancer"""
    closed = ground.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    inside = [
        ground.ec2.create_subnet(VpcId=closed, CidrBlock=f"10.9.{n}.0/24", AvailabilityZone=f"us-east-1{z}")["Subnet"]["SubnetId"]
        for n, z in ((1, "a"), (2, "b"), (3, "b"))
    ]
    for subnets, message in (
        (inside[:2], "has no internet gateway"),
        (inside[:1], "At least two subnets"),
        (inside[1:], "same Availability Zone"),
        (["subnet-0123456789abcdef0"], "SubnetNotFound"),
    ):
        with pytest.raises(ClientError, match=message):
            ground.elb.create_load_balancer(Name="other", Subnets=subnets)
    ground.elb.create_load_balancer(Name="other", Subnets=inside[:2], Scheme="internal")


def test_deleting_frees_sockets_and_addresses(ground: Ground) -> None:
    port = ground.port
    ground.elb.delete_load_balancer(LoadBalancerArn=ground.arn)
    with pytest.raises(ConnectionError):
        fetch(port)
    assert not ground.wire.claimed and not ground.wire.publics
    assert not ground.ec2.describe_network_interfaces()["NetworkInterfaces"]
    groups = ground.elb.describe_target_groups(TargetGroupArns=[ground.group])["TargetGroups"]
    assert groups[0]["LoadBalancerArns"] == []


def test_where_no_traffic_can_be_carried_the_state_says_why(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground.wire, "available", lambda: (False, "not root"))
    made = ground.elb.create_load_balancer(Name="idle", Subnets=ground.subnets)["LoadBalancers"][0]
    assert made["State"] == {
        "Code": "active_impaired",
        "Reason": "The rehearsal cannot carry traffic here: not root",
    }
    ground.elb.create_listener(
        LoadBalancerArn=made["LoadBalancerArn"], Protocol="HTTP", Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": ground.make_group("idle")}],
    )  # fmt: skip
    ground.elb.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])


def test_rules_route_at_once(ground: Ground) -> None:
    ground.elb.create_rule(
        ListenerArn=ground.listener,
        Priority=5,
        Conditions=[{"Field": "path-pattern", "Values": ["/hello"]}],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", "MessageBody": "hi", "ContentType": "text/plain"}}],
    )
    made = ground.elb.create_rule(
        ListenerArn=ground.listener,
        Priority=6,
        Conditions=[{"Field": "host-header", "Values": ["old.example"]}],
        Actions=[{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301", "Host": "new.example", "Port": "80"}}],
    )["Rules"][0]
    assert fetch(ground.port, "/hello")[2] == b"hi"
    status, headers, _ = fetch(ground.port, "/x", {"Host": "old.example"})
    assert (status, headers["Location"]) == (301, "http://new.example:80/x")
    ground.elb.delete_rule(RuleArn=made["RuleArn"])
    assert fetch(ground.port, "/x", {"Host": "old.example"})[0] == 503


def test_weights_divide_the_requests(ground: Ground) -> None:
    other = ground.make_group("other")
    ground.site("10.1.1.10"), ground.site("10.1.2.10", other)
    groups = [{"TargetGroupArn": ground.group, "Weight": 0}, {"TargetGroupArn": other, "Weight": 10}]
    ground.elb.modify_listener(
        ListenerArn=ground.listener, DefaultActions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]
    )
    until(lambda: ground.states(other) == {"10.1.2.10": "healthy"})
    assert {fetch(ground.port)[2] for _ in range(5)} == {b"10.1.2.10"}


def test_a_group_without_a_listener_is_not_checked(ground: Ground) -> None:
    """target-group-health-checks.html: unused, Target.NotInUse"""
    spare = ground.make_group("spare")
    ground.site("10.1.1.10", spare)
    found = ground.elb.describe_target_health(TargetGroupArn=spare)["TargetHealthDescriptions"][0]
    assert found["TargetHealth"]["State"] == "unused" and found["TargetHealth"]["Reason"] == "Target.NotInUse"


def test_what_is_not_done_says_so(ground: Ground) -> None:
    with pytest.raises(ClientError, match="NotImplemented"):
        ground.elb.create_load_balancer(Name="n", Type="network", Subnets=ground.subnets)
    with pytest.raises(ClientError, match="NotImplemented"):
        ground.elb.create_target_group(Name="n", Protocol="TCP", Port=1, VpcId=ground.vpc)


def _certificate() -> tuple[bytes, bytes]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(9))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), secret


def test_https_speaks_tls_with_the_imported_certificate(ground: Ground, fresh: str) -> None:
    certificate, key = _certificate()
    acm: Any = client_of(fresh, "acm")
    arn = acm.import_certificate(Certificate=certificate, PrivateKey=key)["CertificateArn"]
    ground.elb.create_listener(
        LoadBalancerArn=ground.arn, Protocol="HTTPS", Port=443, Certificates=[{"CertificateArn": arn}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": ground.group}],
    )  # fmt: skip
    site = ground.site("10.1.1.10")
    until(lambda: ground.states().get("10.1.1.10") == "healthy")
    port = next(p for (a, n), p in ground.wire.places.items() if n == 443)
    context = ssl.create_default_context(cadata=certificate.decode())
    context.check_hostname = False
    with urllib.request.urlopen(f"https://127.0.0.1:{port}/", context=context) as answer:
        assert answer.read() == b"10.1.1.10"
    assert site.requests[0][2]["X-Forwarded-Proto"] == "https"
    with pytest.raises(ClientError, match="CertificateNotFound"):
        ground.elb.create_listener(
            LoadBalancerArn=ground.arn, Protocol="HTTPS", Port=444, Certificates=[{"CertificateArn": arn[:-1] + "x"}],
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ground.group}],
        )  # fmt: skip


def test_reports_to_cloudwatch_with_the_documented_dimensions(ground: Ground) -> None:
    """load-balancer-cloudwatch-metrics.html"""
    from rehearsal.services.elb import fleet, metrics

    fetch(ground.port)
    ground.site("10.1.1.10")
    until(lambda: ground.states().get("10.1.1.10") == "healthy")
    for path in ("/", "/status/500", "/status/404"):
        fetch(ground.port, path)
    balancer = fleet.find(ground.arn)
    assert balancer is not None
    taken = {(name, group, zone): sum(v.values()) for (name, group, zone), v in balancer.meter.take().items()}
    full = ground.group.split(":", 5)[5]
    assert taken[("HTTPCode_ELB_503_Count", "", "")] == taken[("HTTPCode_ELB_5XX_Count", "", "")] == 1
    assert ("RequestCount", "", "") not in taken and taken[("RequestCount", full, "")] == 3
    assert [taken[(f"HTTPCode_Target_{n}XX_Count", full, "")] for n in (2, 4, 5)] == [1, 1, 1]
    assert metrics._dimensions("app/shop/1", full, "") == [
        {"LoadBalancer": "app/shop/1"},
        {"TargetGroup": full, "LoadBalancer": "app/shop/1"},
    ]


def test_a_reset_closes_every_socket(ground: Ground) -> None:
    from rehearsal.services.elb import fleet, loop

    port = ground.port
    fleet.close_all()
    with pytest.raises(ConnectionError):
        fetch(port)
    assert not loop.running() and not ground.wire.claimed and not ground.wire.publics


def test_a_target_in_a_zone_without_a_node_is_not_used(ground: Ground) -> None:
    """target-group-health-checks.html: Target.NotInUse"""
    ground.elb.register_targets(TargetGroupArn=ground.group, Targets=[{"Id": "10.1.3.3", "AvailabilityZone": "us-east-1c"}])
    assert ground.reason("10.1.3.3") == (
        "Target.NotInUse",
        "Target is in an Availability Zone that is not enabled for the load balancer",
    )
    assert fetch(ground.port)[0] == 503
