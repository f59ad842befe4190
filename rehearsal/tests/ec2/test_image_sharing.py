"""Images between accounts: shared, copied, deprecated, disabled.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharing-amis.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.backends import get_backend

from rehearsal.tests.conftest import client_of
from rehearsal.tests.ec2.conftest import available, image, refusal, until

OTHER = "222222222222"


@pytest.fixture
def other(ec2: Any, fresh: str) -> Any:
    """A user of another account who may do everything there."""
    iam = get_backend("iam")[OTHER]["aws"]
    iam.create_user(region_name="us-east-1", user_name="them")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_user_policy("them", "all", json.dumps(policy))
    key = iam.create_access_key("them")
    return client_of(fresh, "ec2", key.access_key_id, key.secret_access_key)


def test_a_shared_image_is_visible_to_the_other_account_without_its_tags(
    ec2: Any, other: Any, mine: Callable[..., str]
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html"""
    shared = mine("shared", TagSpecifications=[{"ResourceType": "image", "Tags": [{"Key": "Commit", "Value": "abc"}]}])
    assert refusal(other.describe_images, ImageIds=[shared])[0] == "InvalidAMIID.NotFound"
    ec2.modify_image_attribute(ImageId=shared, LaunchPermission={"Add": [{"UserId": OTHER}]})
    seen = image(other, shared)
    assert (seen["OwnerId"], "Tags" in seen) == ("123456789012", False)
    assert [i["ImageId"] for i in other.describe_images(ExecutableUsers=["self"])["Images"]] == [shared]
    other.create_tags(Resources=[shared], Tags=[{"Key": "Stage", "Value": "prod"}])
    assert image(other, shared)["Tags"] == [{"Key": "Stage", "Value": "prod"}]
    assert image(ec2, shared)["Tags"] == [{"Key": "Commit", "Value": "abc"}]
    permissions = ec2.describe_image_attribute(ImageId=shared, Attribute="launchPermission")["LaunchPermissions"]
    assert permissions == [{"UserId": OTHER}]
    assert refusal(other.deregister_image, ImageId=shared)[0] == "AuthFailure"


def test_a_shared_image_is_copied_only_with_its_storage(ec2: Any, other: Any, mine: Callable[..., str]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ami-copy-works.html"""
    shared = mine("shared")
    ec2.modify_image_attribute(ImageId=shared, OperationType="add", UserIds=[OTHER])
    source = {"Name": "theirs", "SourceImageId": shared, "SourceRegion": "us-east-1"}
    assert refusal(other.copy_image, **source)[0] == "InvalidRequest"
    snapshot = image(ec2, shared)["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    ec2.modify_snapshot_attribute(
        SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", UserIds=[OTHER]
    )
    assert available(other, other.copy_image(**source)["ImageId"])["OwnerId"] == OTHER


def test_what_is_under_the_accounts_default_key_is_not_shared(ec2: Any, mine: Callable[..., str]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharing-amis.html"""
    locked = mine("locked", Encrypted=True)
    share = {"ImageId": locked, "LaunchPermission": {"Add": [{"UserId": OTHER}]}}
    assert refusal(ec2.modify_image_attribute, **share)[0] == "InvalidParameter"


def test_a_deprecated_image_is_hidden_from_others_until_they_ask(
    ec2: Any, other: Any, mine: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html"""
    old = mine("old")
    ec2.disable_image_block_public_access()
    until(lambda: ec2.get_image_block_public_access_state()["ImageBlockPublicAccessState"] == "unblocked")
    ec2.modify_image_attribute(ImageId=old, LaunchPermission={"Add": [{"Group": "all"}]})
    moment = datetime.now(UTC) + timedelta(days=30)
    ec2.enable_image_deprecation(ImageId=old, DeprecateAt=moment)
    assert image(ec2, old)["DeprecationTime"].startswith(f"{moment:%Y-%m-%d}")
    later = (datetime.now(UTC) + timedelta(days=31)).replace(tzinfo=None)
    monkeypatch.setattr("rehearsal.services.ec2.images.describe_images.utcnow", lambda: later)
    wanted = {"Filters": [{"Name": "name", "Values": ["old"]}]}
    assert other.describe_images(**wanted)["Images"] == []
    assert len(other.describe_images(IncludeDeprecated=True, **wanted)["Images"]) == 1
    assert len(ec2.describe_images(**wanted)["Images"]) == 1
    ec2.disable_image_deprecation(ImageId=old)
    assert len(other.describe_images(**wanted)["Images"]) == 1


def test_a_disabled_image_is_hidden_unshared_and_cannot_be_launched(ec2: Any, mine: Callable[..., str]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/disable-an-ami.html"""
    off = mine("off")
    ec2.modify_image_attribute(ImageId=off, LaunchPermission={"Add": [{"UserId": OTHER}]})
    ec2.disable_image(ImageId=off)
    assert ec2.describe_images(Owners=["self"])["Images"] == []
    assert len(ec2.describe_images(Owners=["self"], IncludeDisabled=True)["Images"]) == 1
    refused = refusal(ec2.run_instances, ImageId=off, MinCount=1, MaxCount=1, InstanceType="t3.micro")
    assert refused[0] == "InvalidAMIID.Unavailable"
    ec2.enable_image(ImageId=off)
    assert ec2.describe_image_attribute(ImageId=off, Attribute="launchPermission")["LaunchPermissions"] == []
