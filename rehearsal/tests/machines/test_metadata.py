"""https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from rehearsal.machines.metadata import Metadata, lookup, paths

LAUNCHED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def instance(**changes: object) -> Metadata:
    members: dict[str, object] = {
        "instance_id": "i-1", "image_id": "ami-1", "instance_type": "t3.micro", "architecture": "x86_64",
        "account": "123456789012", "region": "us-east-1", "zone": "us-east-1b", "ip": "10.1.11.5",
        "mac": "02:00:00:00:00:01", "hostname": "ip-10-1-11-5.ec2.internal", "launched": LAUNCHED,
        "groups": (("sg-1", "web"), ("sg-2", "ssh")), "key": ("deploy", "ssh-ed25519 AAAA"),
    }  # fmt: skip
    return Metadata(**{**members, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("meta-data/ami-id", "ami-1"),
        ("meta-data/local-ipv4/", "10.1.11.5"),
        ("meta-data/placement/", "availability-zone\navailability-zone-id\nregion"),
        ("meta-data/placement/availability-zone-id", "use1-az2"),
        ("meta-data/security-groups", "web\nssh"),
        ("meta-data/public-keys/", "0=deploy"),
        ("meta-data/public-keys/0/", "openssh-key"),
        ("meta-data/network/interfaces/macs/", "02:00:00:00:00:01/"),
        ("meta-data/network/interfaces/macs/02:00:00:00:00:01/security-group-ids", "sg-1\nsg-2"),
        ("dynamic/", "instance-identity/"),
        ("", "dynamic/\nmeta-data/"),
    ],
)
def test_a_path_gives_its_value_or_its_listing(path: str, expected: str) -> None:
    assert lookup(paths(instance()), path, "deploy") == expected


@pytest.mark.parametrize(
    "path", ["user-data", "meta-data/public-ipv4", "meta-data/iam/info", "meta-data/tags/instance", "nonsense"]
)
def test_what_an_instance_has_not_is_absent(path: str) -> None:
    assert lookup(paths(instance()), path) is None


def test_a_role_is_listed_and_its_credentials_are_asked_for_when_they_are_read() -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html"""
    asked = []

    def credentials() -> dict[str, object]:
        asked.append(1)
        return {"AccessKeyId": "ASIA", "SecretAccessKey": "s", "SessionToken": "t",
                "Expiration": LAUNCHED + timedelta(hours=6)}  # fmt: skip

    found = paths(instance(profile=("arn:profile", "AIPA", "web"), credentials=credentials))
    assert lookup(found, "meta-data/iam/security-credentials/") == "web"
    assert asked == []
    read = json.loads(str(lookup(found, "meta-data/iam/security-credentials/web")))
    assert (read["Code"], read["Token"], read["Expiration"]) == ("Success", "t", "2026-01-02T09:04:05Z")


def test_tags_are_there_only_when_the_instance_allows_it() -> None:
    tagged = {"tags": {"Owner": "acme"}}
    assert lookup(paths(instance(**tagged)), "meta-data/tags/instance/Owner") is None
    assert lookup(paths(instance(**tagged, tags_enabled=True)), "meta-data/tags/instance/Owner") == "acme"
