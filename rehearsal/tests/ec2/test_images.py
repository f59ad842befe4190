"""Images through the API, from copies of the base image: nothing has to boot for it.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from rehearsal.kernel import tasks
from rehearsal.kernel.settings import ADMIN_ACCESS_KEY, ADMIN_SECRET_KEY, REGION
from rehearsal.machines import recipe
from rehearsal.tests.ec2.conftest import DEBIAN, available, image, refusal, until


def test_debian_publishes_an_image_for_each_architecture_and_names_it_in_a_parameter(aws: Callable[..., Any], ec2: Any) -> None:
    """https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html"""
    filters = [{"Name": "name", "Values": ["debian-12-*"]}, {"Name": "virtualization-type", "Values": ["hvm"]}]
    found = ec2.describe_images(Owners=[DEBIAN], Filters=filters)["Images"]
    assert all(i["Public"] and i["State"] == "available" for i in found)
    words = {"x86_64": "amd64", "arm64": "arm64"}
    names = [f"/aws/service/debian/release/12/latest/{word}" for word in words.values()]
    named = {p["Name"].split("/")[-1]: p["Value"] for p in aws("ssm").get_parameters(Names=names)["Parameters"]}
    assert named == {words[i["Architecture"]]: i["ImageId"] for i in found}
    assert found[0]["Architecture"] == recipe.architecture()


def test_an_image_of_another_architecture_is_copied_and_says_that_it_does_not_boot_here(ec2: Any) -> None:
    """AWS would boot it: nothing here pretends to."""
    (other,) = (i for i in ec2.describe_images(Owners=[DEBIAN])["Images"] if i["Architecture"] != recipe.architecture())
    made = ec2.copy_image(Name="copied", SourceImageId=other["ImageId"], SourceRegion="us-east-1")["ImageId"]
    assert available(ec2, made)["Architecture"] == other["Architecture"]
    kind = {"arm64": "t4g.small", "x86_64": "t3.small"}[other["Architecture"]]
    for ident in (other["ImageId"], made):
        asked = {"ImageId": ident, "InstanceType": kind, "MinCount": 1, "MaxCount": 1}
        code, message = refusal(ec2.run_instances, **asked)
        assert code == "NotImplemented" and f"images of {other['Architecture']} do not boot on this machine" in message
    assert ec2.describe_instances()["Reservations"] == []


def test_every_region_has_its_own_id_of_the_base_image(fresh: str, ec2: Any, base: str) -> None:
    west = boto3.client(
        "ec2", "eu-west-1", endpoint_url=fresh, aws_access_key_id=ADMIN_ACCESS_KEY,
        aws_secret_access_key=ADMIN_SECRET_KEY,
    )  # fmt: skip
    there = west.describe_images(Owners=[DEBIAN])["Images"]
    assert base not in [i["ImageId"] for i in there]
    made = west.copy_image(Name="moved", SourceImageId=base, SourceRegion="us-east-1")["ImageId"]
    moved = available(west, made)
    assert (moved["SourceImageId"], moved["SourceImageRegion"]) == (base, "us-east-1")
    assert refusal(ec2.describe_images, ImageIds=[made])[0] == "InvalidAMIID.NotFound"


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("name", "web-1", ["web-1"]), ("name", "web-*", ["web-1", "web-2"]), ("name", "web-?", ["web-1", "web-2"]),
        ("name", "web", []), ("name", "web-[12]", []), ("name", "WEB-1", []), ("tag:Commit", "abc", ["web-1"]),
        ("tag-key", "Commit", ["web-1"]), ("is-public", "false", ["dbs", "web-1", "web-2"]),
        ("state", "available", ["dbs", "web-1", "web-2"]), ("architecture", "mips", []),
    ],
)  # fmt: skip
def test_filters_are_exact_but_for_their_wildcards(
    ec2: Any, base: str, name: str, value: str, found: list[str]
) -> None:
    for one in ("web-1", "web-2", "dbs"):
        tags = [{"ResourceType": "image", "Tags": [{"Key": "Commit", "Value": "abc"}]}] if one == "web-1" else []
        made = ec2.copy_image(Name=one, SourceImageId=base, SourceRegion="us-east-1", TagSpecifications=tags)
        available(ec2, made["ImageId"])
    images = ec2.describe_images(Owners=["self"], Filters=[{"Name": name, "Values": [value]}])["Images"]
    assert sorted(i["Name"] for i in images) == found


def test_an_unknown_filter_is_refused(ec2: Any) -> None:
    code, message = refusal(ec2.describe_images, Filters=[{"Name": "colour", "Values": ["red"]}])
    assert (code, message) == ("InvalidParameterValue", "The filter 'colour' is invalid")


def test_a_list_comes_in_pages(ec2: Any, mine: Callable[..., str]) -> None:
    made = {mine(f"page-{n}") for n in range(5)}
    pages = list(ec2.get_paginator("describe_images").paginate(Owners=["self"], PaginationConfig={"PageSize": 2}))
    assert [len(p["Images"]) for p in pages] == [2, 2, 1]
    assert {i["ImageId"] for p in pages for i in p["Images"]} == made


def test_ids_that_are_not_there_are_named(ec2: Any) -> None:
    gone = ["ami-00000000000000001", "ami-00000000000000002"]
    assert refusal(ec2.describe_images, ImageIds=gone[:1]) == (
        "InvalidAMIID.NotFound", f"The image id '[{gone[0]}]' does not exist",
    )  # fmt: skip
    assert refusal(ec2.describe_images, ImageIds=gone)[1] == f"The image ids '[{', '.join(gone)}]' do not exist"
    assert refusal(ec2.describe_images, ImageIds=["image"])[0] == "InvalidAMIID.Malformed"


@pytest.mark.parametrize("name", ["x" * 129, "a:b", "ümlaut"])
def test_a_name_that_aws_refuses_is_refused(ec2: Any, base: str, name: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html (Name)"""
    params = {"Name": name, "SourceImageId": base, "SourceRegion": "us-east-1"}
    assert refusal(ec2.copy_image, **params)[0] == "InvalidAMIName.Malformed"


def test_a_name_is_an_accounts_only_once(ec2: Any, base: str, mine: Callable[..., str]) -> None:
    first = mine("once")
    assert refusal(ec2.copy_image, Name="once", SourceImageId=base, SourceRegion="us-east-1") == (
        "InvalidAMIName.Duplicate", f"AMI name once is already in use by AMI {first}",
    )  # fmt: skip


def test_a_copy_takes_time_and_cannot_be_launched_before(ec2: Any, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "sleep", lambda seconds: tasks.real_sleep(0.5))
    made = ec2.copy_image(Name="slow", SourceImageId=base, SourceRegion="us-east-1")["ImageId"]
    assert image(ec2, made)["State"] == "pending"
    assert refusal(ec2.run_instances, ImageId=made, MinCount=1, MaxCount=1, InstanceType="t3.micro") == (
        "InvalidAMIID.Unavailable", f"The image ID '{made}' is not available",
    )  # fmt: skip
    available(ec2, made)


def test_a_copy_carries_tags_only_on_request(ec2: Any, mine: Callable[..., str]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html (CopyImageTags)"""
    first = mine("tagged")
    ec2.create_tags(Resources=[first], Tags=[{"Key": "Commit", "Value": "abc"}])
    source = {"SourceImageId": first, "SourceRegion": "us-east-1"}
    bare = available(ec2, ec2.copy_image(Name="bare", **source)["ImageId"])
    full = available(ec2, ec2.copy_image(Name="full", CopyImageTags=True, **source)["ImageId"])
    assert "Tags" not in bare
    assert full["Tags"] == [{"Key": "Commit", "Value": "abc"}]
    assert full["SourceImageId"] == first


def test_an_encrypted_copy_names_its_key_and_stays_encrypted(
    aws: Callable[..., Any], ec2: Any, mine: Callable[..., str]
) -> None:
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    made = image(ec2, mine("secret", Encrypted=True, KmsKeyId=key))
    (snapshot,) = ec2.describe_snapshots(SnapshotIds=[made["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]])["Snapshots"]
    assert (snapshot["Encrypted"], snapshot["KmsKeyId"], snapshot["State"]) == (True, key, "completed")
    again = ec2.copy_image(Name="again", SourceImageId=made["ImageId"], SourceRegion="us-east-1")["ImageId"]
    assert available(ec2, again)["BlockDeviceMappings"][0]["Ebs"]["Encrypted"]


def test_a_protected_image_stays(ec2: Any, mine: Callable[..., str]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageDeregistrationProtection.html"""
    kept = mine("kept")
    ec2.enable_image_deregistration_protection(ImageId=kept)
    assert refusal(ec2.deregister_image, ImageId=kept)[0] == "OperationNotPermitted"
    ec2.disable_image_deregistration_protection(ImageId=kept)
    ec2.deregister_image(ImageId=kept)
    assert refusal(ec2.describe_images, ImageIds=[kept])[0] == "InvalidAMIID.NotFound"


def test_a_snapshot_in_use_stays_and_goes_with_its_image_on_request(ec2: Any, mine: Callable[..., str]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeregisterImage.html (DeleteAssociatedSnapshots)"""
    first, second = image(ec2, mine("first")), image(ec2, mine("second"))
    snapshots = [i["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"] for i in (first, second)]
    assert refusal(ec2.delete_snapshot, SnapshotId=snapshots[0]) == (
        "InvalidSnapshot.InUse", f"The snapshot {snapshots[0]} is currently in use by {first['ImageId']}",
    )  # fmt: skip
    ec2.deregister_image(ImageId=first["ImageId"])
    ec2.delete_snapshot(SnapshotId=snapshots[0])
    reply = ec2.deregister_image(ImageId=second["ImageId"], DeleteAssociatedSnapshots=True)
    assert reply["DeleteSnapshotResults"] == [{"SnapshotId": snapshots[1], "ReturnCode": "success"}]
    assert refusal(ec2.describe_snapshots, SnapshotIds=snapshots)[0] == "InvalidSnapshot.NotFound"


def test_an_image_is_registered_from_a_snapshot(ec2: Any, mine: Callable[..., str]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RegisterImage.html"""
    first = image(ec2, mine("first"))
    snapshot = first["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    made = ec2.register_image(
        Name="again", Architecture="x86_64", RootDeviceName="/dev/xvda", VirtualizationType="hvm", ImdsSupport="v2.0",
        BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snapshot}}],
    )["ImageId"]  # fmt: skip
    found = image(ec2, made)
    assert (found["State"], found["ImdsSupport"]) == ("available", "v2.0")
    bad = {"Name": "bad", "RootDeviceName": "/dev/xvda", "BlockDeviceMappings": [
        {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-00000000000000001"}}]}  # fmt: skip
    assert refusal(ec2.register_image, **bad)[0] == "InvalidSnapshot.NotFound"


def test_a_repeated_token_gives_the_same_copy(ec2: Any, base: str) -> None:
    """https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html"""
    params = {"Name": "once", "SourceImageId": base, "SourceRegion": "us-east-1", "ClientToken": "t"}
    first = ec2.copy_image(**params)["ImageId"]
    assert ec2.copy_image(**params)["ImageId"] == first
    assert refusal(ec2.copy_image, **{**params, "Name": "twice"})[0] == "IdempotentParameterMismatch"
    until(lambda: image(ec2, first)["State"] == "available")


def test_the_command_line_reads_what_the_sdk_reads(fresh: str, ec2: Any, base: str) -> None:
    """https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-images.html"""
    environment = {
        **os.environ, "AWS_ENDPOINT_URL": fresh, "AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": ADMIN_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ADMIN_SECRET_KEY, "AWS_CONFIG_FILE": os.devnull,
    }  # fmt: skip
    command = [str(Path(sys.executable).with_name("aws")), "ec2", "describe-images", "--image-ids", base]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["Images"] == [image(ec2, base)]
