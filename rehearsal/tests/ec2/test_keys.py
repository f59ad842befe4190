"""Who launches encrypted volumes must be allowed to use their keys.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html#ebs-encryption-permissions
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.kernel import clients
from rehearsal.tests.iam.test_enforcement import ACCOUNT, allow, make_role
from rehearsal.tests.iam.test_keys import DELEGATED, make_key

Aws = Callable[..., Any]
NEEDED = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"]
LOST = {"Code": "Client.InternalError", "Message": "Client.InternalError: Client error on launch"}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"


def launched(aws: Aws, ec2: Any, key: str) -> tuple[str, Any]:
    """State and its reason after a launch with one more volume under a key (the account's default key for "")."""
    image = aws("ec2").describe_images(Owners=["136693071363"])["Images"][0]["ImageId"]
    ebs = {"VolumeSize": 1, "Encrypted": True, **({"KmsKeyId": key} if key else {})}
    made = ec2.run_instances(
        ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1,
        BlockDeviceMappings=[{"DeviceName": "/dev/sdf", "Ebs": ebs}],
    )["Instances"][0]  # fmt: skip
    found = aws("ec2").describe_instances(InstanceIds=[made["InstanceId"]])["Reservations"][0]["Instances"][0]
    assert made["State"]["Name"] == "pending"
    return found["State"]["Name"], found["StateReason"]


@pytest.mark.usefixtures("unbootable")
@pytest.mark.parametrize("missing", NEEDED)
def test_an_instance_ends_at_once_where_its_launcher_may_not_use_a_key(aws: Aws, missing: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html#troubleshooting-launch-internal"""
    rights = [action for action in NEEDED if action != missing]
    role = make_role(aws, allow("ec2:*"), allow(rights))
    assert launched(aws, aws("ec2", role=role), make_key(aws)) == ("terminated", LOST)


@pytest.mark.usefixtures("unbootable")
def test_grants_may_be_kept_to_aws_s_own_resources(aws: Aws) -> None:
    key = make_key(aws)
    grant = allow("kms:CreateGrant", key, Condition={"Bool": {"kms:GrantIsForAWSResource": "true"}})
    role = make_role(aws, allow("ec2:*"), allow(NEEDED[1:], key), grant)
    assert launched(aws, aws("ec2", role=role), key)[0] == "pending"


@pytest.mark.usefixtures("unbootable")
def test_the_account_s_own_key_is_everybody_s(aws: Aws) -> None:
    assert launched(aws, aws("ec2", role=make_role(aws, allow("ec2:*"))), "")[0] == "pending"


@pytest.mark.usefixtures("unbootable")
@pytest.mark.parametrize("end", ["disable_key", "schedule_key_deletion"])
def test_a_key_that_is_not_enabled_decrypts_for_nobody(aws: Aws, end: str) -> None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html"""
    key = make_key(aws)
    assert launched(aws, aws("ec2"), key)[0] == "pending"
    getattr(aws("kms"), end)(KeyId=key)
    assert launched(aws, aws("ec2"), key) == ("terminated", LOST)


@pytest.mark.usefixtures("unbootable")
@pytest.mark.parametrize("let_in", [False, True])
def test_auto_scaling_needs_the_key_s_own_policy(aws: Aws, let_in: bool) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html"""
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*",
                 "Condition": {"ArnEquals": {"aws:PrincipalArn": ROLE}}}  # fmt: skip
    key = make_key(aws, DELEGATED, *([statement] if let_in else []))
    service = clients.client("ec2", principal=clients.Service("autoscaling.amazonaws.com"))
    state, reason = launched(aws, service, key)
    assert (state, reason == LOST) == (("pending", False) if let_in else ("terminated", True))
