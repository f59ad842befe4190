"""Copies of images, from copies of the base image: nothing has to boot for it.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from rehearsal.kernel import tasks
from rehearsal.kernel.settings import ADMIN_ACCESS_KEY, ADMIN_SECRET_KEY
from rehearsal.machines import names
from rehearsal.tests.conftest import post
from rehearsal.tests.ec2.conftest import available, image, refusal, until


@pytest.fixture
def west(fresh: str, ec2: Any) -> Any:
    return boto3.client(
        "ec2", "eu-west-1", endpoint_url=fresh, aws_access_key_id=ADMIN_ACCESS_KEY,
        aws_secret_access_key=ADMIN_SECRET_KEY,
    )  # fmt: skip


def copied(client: Any, base: str, name: str) -> str:
    return str(client.copy_image(Name=name, SourceImageId=base, SourceRegion="us-east-1")["ImageId"])


def test_twenty_copies_are_under_way_to_a_region_and_no_more(
    ec2: Any, west: Any, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html"""
    ended: list[bool] = []
    monkeypatch.setattr(tasks, "sleep", lambda seconds: until(lambda: ended))
    made = [copied(west, base, f"crowd-{n}") for n in range(20)]
    assert refusal(west.copy_image, Name="late", SourceImageId=base, SourceRegion="us-east-1") == (
        "ResourceLimitExceeded", "Too many snapshot copies in progress. The limit is 20 for this destination region.",
    )  # fmt: skip
    elsewhere = copied(ec2, base, "elsewhere")
    ended.append(True)
    for one in made:
        available(west, one)
    available(west, copied(west, base, "late"))
    available(ec2, elsewhere)


def test_a_copy_takes_no_room_on_the_disk(ec2: Any, west: Any, base: str) -> None:
    folder = names.disks() / "layers"
    before = set(folder.glob("*"))
    available(west, copied(west, base, "west"))
    available(ec2, copied(ec2, base, "east"))
    assert set(folder.glob("*")) == before


def test_a_copy_fails_on_demand_in_the_region_that_was_named(fresh: str, ec2: Any, west: Any, base: str) -> None:
    broken = {"kind": "failure", "service": "ec2", "operation": "CopyImage", "region": "eu-west-1"}
    post(fresh, "/_rehearsal/faults", {**broken, "message": "Client.InternalError: the disk is full"})
    lost, kept = copied(west, base, "lost"), copied(ec2, base, "kept")
    available(ec2, kept)
    until(lambda: image(west, lost)["State"] == "failed")
    assert image(west, lost)["StateReason"] == {
        "Code": "Client.InternalError", "Message": "Client.InternalError: the disk is full",
    }  # fmt: skip


def test_a_copy_that_was_deregistered_under_way_does_not_come_back(
    ec2: Any, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[bool] = []
    monkeypatch.setattr(tasks, "sleep", lambda seconds: until(lambda: ended))
    gone = copied(ec2, base, "gone")
    ec2.deregister_image(ImageId=gone)
    ended.append(True)
    available(ec2, copied(ec2, base, "gone"))
    assert refusal(ec2.describe_images, ImageIds=[gone])[0] == "InvalidAMIID.NotFound"


def test_no_image_is_passed_over_when_others_go_between_two_pages(
    ec2: Any, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html (NextToken)"""
    made = [copied(ec2, base, f"page-{n}") for n in range(6)]
    for one in made:
        available(ec2, one)
    first = ec2.describe_images(Owners=["self"], MaxResults=3)
    seen = [i["ImageId"] for i in first["Images"]]
    ec2.deregister_image(ImageId=seen[0])
    second = ec2.describe_images(Owners=["self"], MaxResults=3, NextToken=first["NextToken"])
    assert sorted(seen + [i["ImageId"] for i in second["Images"]]) == sorted(made)
    assert "NextToken" not in second


@pytest.mark.parametrize("wrong", [{"MaxResults": 1001}, {"MaxResults": 0}, {"NextToken": "?"}])
def test_a_page_that_cannot_be_is_refused(ec2: Any, wrong: dict[str, Any]) -> None:
    assert refusal(ec2.describe_images, **wrong)[0] == "InvalidParameterValue"


def test_services_act_in_the_account_of_what_they_work_on(aws: Callable[..., Any]) -> None:
    """A service that asks another for somebody's sake is a principal of that account."""
    from rehearsal.kernel import clients

    mine = clients.client("sts", principal=clients.Service("autoscaling.amazonaws.com"))
    theirs = clients.client("sts", principal=clients.Service("autoscaling.amazonaws.com", "222222222222"))
    assert [one.get_caller_identity()["Account"] for one in (mine, theirs)] == ["123456789012", "222222222222"]
