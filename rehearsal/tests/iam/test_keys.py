"""Who stores or reads what a KMS key encrypts must be allowed to use the key, too.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.tests.iam.test_enforcement import ACCOUNT, allow, make_role, refusal

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
DELEGATED = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}


def make_key(aws: Callable[..., Any], *statements: dict[str, Any]) -> str:
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements) or [DELEGATED]})
    return str(aws("kms").create_key(Policy=document)["KeyMetadata"]["Arn"])


def make_bucket(aws: Callable[..., Any], key: str, name: str = "kept") -> Any:
    default = {"SSEAlgorithm": "aws:kms", **({"KMSMasterKeyID": key} if key else {})}
    rules = [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
    aws("s3").create_bucket(Bucket=name)
    aws("s3").put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})
    aws("s3").put_object(Bucket=name, Key="there", Body=b"x")


def test_objects_under_a_customer_s_key_need_the_key(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms"""
    key = make_key(aws)
    make_bucket(aws, key)
    without = aws("s3", role=make_role(aws, allow("s3:*"), name="without"))
    asked = f"User: arn:aws:sts::{ACCOUNT}:assumed-role/without/test is not authorized to perform: "
    assert refusal(lambda: without.put_object(Bucket="kept", Key="new", Body=b"")) == (
        "AccessDenied",
        f"{asked}kms:GenerateDataKey on resource: {key}"
        " because no identity-based policy allows the kms:GenerateDataKey action",
    )
    assert refusal(lambda: without.get_object(Bucket="kept", Key="there")) == (
        "AccessDenied",
        f"{asked}kms:Decrypt on resource: {key} because no identity-based policy allows the kms:Decrypt action",
    )
    # Metadata is not encrypted. https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    assert without.head_object(Bucket="kept", Key="there")["ContentLength"] == 1

    via = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    kms = allow(["kms:Decrypt", "kms:GenerateDataKey"], key, Condition=via)
    user = aws("s3", role=make_role(aws, allow("s3:*"), kms, name="with"))
    user.put_object(Bucket="kept", Key="new", Body=b"y")
    assert user.get_object(Bucket="kept", Key="new")["Body"].read() == b"y"


def test_copies_read_under_one_key_and_write_under_another(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html"""
    read, written = make_key(aws), make_key(aws)
    make_bucket(aws, read, "origin")
    make_bucket(aws, written, "target")
    copy = {"Bucket": "target", "Key": "copy", "CopySource": {"Bucket": "origin", "Key": "there"}}

    def refused(name: str, *statements: dict[str, Any]) -> str:
        s3 = aws("s3", role=make_role(aws, allow("s3:*"), *statements, name=name))
        return refusal(lambda: s3.copy_object(**copy))[1]

    assert f"kms:Decrypt on resource: {read}" in refused("writer", allow("kms:GenerateDataKey", written))
    assert f"kms:GenerateDataKey on resource: {written}" in refused("reader", allow("kms:Decrypt", read))
    both = make_role(aws, allow("s3:*"), allow("kms:Decrypt", read), allow("kms:GenerateDataKey", written))
    aws("s3", role=both).copy_object(**copy)


def test_parts_of_an_upload_need_to_be_decrypted_again(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions"""
    key = make_key(aws)
    make_bucket(aws, key)
    s3 = aws("s3", role=make_role(aws, allow("s3:*"), allow("kms:GenerateDataKey", key)))
    upload = s3.create_multipart_upload(Bucket="kept", Key="large")["UploadId"]
    part = {"Bucket": "kept", "Key": "large", "UploadId": upload, "PartNumber": 1, "Body": b"x"}
    assert "kms:Decrypt" in refusal(lambda: s3.upload_part(**part))[1]


def test_a_key_that_the_request_names_goes_before_the_bucket_s(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html"""
    default, named = make_key(aws), make_key(aws)
    aws("kms").create_alias(AliasName="alias/named", TargetKeyId=named)
    make_bucket(aws, default)
    s3 = aws("s3", role=make_role(aws, allow("s3:*"), allow("kms:*", named)))
    put = {"Bucket": "kept", "Key": "new", "Body": b"x"}
    assert default in refusal(lambda: s3.put_object(**put))[1]
    alias = f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/named"
    s3.put_object(**put, ServerSideEncryption="aws:kms", SSEKMSKeyId=alias)
    assert s3.get_object(Bucket="kept", Key="new")["Body"].read() == b"x"
    # A request that asks for KMS without a key gets AWS's own, not the bucket's.
    s3.put_object(**put, ServerSideEncryption="aws:kms")
    assert s3.get_object(Bucket="kept", Key="new")["Body"].read() == b"x"


def test_the_managed_keys_let_everybody_in_through_their_services(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-aws-managed-key.html"""
    make_bucket(aws, "")
    aws("ssm").put_parameter(Name="/token", Value="x", Type="SecureString")
    role = make_role(aws, allow(["s3:*", "ssm:*"]))
    assert aws("s3", role=role).get_object(Bucket="kept", Key="there")["Body"].read() == b"x"
    assert aws("ssm", role=role).get_parameter(Name="/token", WithDecryption=True)["Parameter"]["Value"] == "x"
    deny = {"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"}
    denied = aws("ssm", role=make_role(aws, allow("ssm:*"), deny, name="denied"))
    assert "explicit deny" in refusal(lambda: denied.get_parameter(Name="/token", WithDecryption=True))[1]


@pytest.mark.parametrize(
    "read",
    [
        lambda ssm, **more: ssm.get_parameter(Name="/mine/token", **more)["Parameter"]["Value"],
        lambda ssm, **more: ssm.get_parameters(Names=["/mine/token"], **more)["Parameters"][0]["Value"],
        lambda ssm, **more: ssm.get_parameters_by_path(Path="/mine", **more)["Parameters"][0]["Value"],
    ],
    ids=["one", "many", "by path"],
)
def test_secure_parameters_under_a_customer_s_key_need_the_key(aws: Callable[..., Any], read: Any) -> None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html"""
    key = make_key(aws)
    aws("ssm").put_parameter(Name="/mine/token", Value="x", Type="SecureString", KeyId=key)
    without = aws("ssm", role=make_role(aws, allow("ssm:*"), name="without"))
    assert read(without) != "x"
    code, message = refusal(lambda: read(without, WithDecryption=True))
    assert code == "AccessDeniedException"
    assert (
        f"is not authorized to perform: kms:Decrypt on resource: {key} because no identity-based policy allows the "
        "kms:Decrypt action (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: "
    ) in message
    of_it = {"kms:EncryptionContext:PARAMETER_ARN": f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/mine/token"}
    role = make_role(aws, allow("ssm:*"), allow("kms:Decrypt", key, Condition={"StringEquals": of_it}), name="with")
    assert read(aws("ssm", role=role), WithDecryption=True) == "x"


@pytest.mark.parametrize(("tier", "action"), [("Standard", "kms:Encrypt"), ("Advanced", "kms:GenerateDataKey")])
def test_writing_a_secure_parameter_needs_the_key(aws: Callable[..., Any], tier: str, action: str) -> None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html"""
    parameter = {"Name": "/token", "Value": "x", "Type": "SecureString", "KeyId": make_key(aws), "Tier": tier}
    ssm = aws("ssm", role=make_role(aws, allow("ssm:*"), name="without"))
    assert f"is not authorized to perform: {action} on" in refusal(lambda: ssm.put_parameter(**parameter))[1]
    aws("ssm", role=make_role(aws, allow("ssm:*"), allow(action), name="with")).put_parameter(**parameter)


def test_a_key_policy_that_leaves_nothing_to_the_account_decides_alone(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam"""
    mighty, named = make_role(aws, allow("*"), name="mighty"), make_role(aws, name="named")
    use = {"Effect": "Allow", "Principal": {"AWS": named}, "Action": "kms:Encrypt", "Resource": "*"}
    key = make_key(aws, use)
    order = {"KeyId": key, "Plaintext": b"x"}
    assert refusal(lambda: aws("kms", role=mighty).encrypt(**order)) == (
        "AccessDeniedException",
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/mighty/test is not authorized to perform: kms:Encrypt on resource: "
        f"{key} because no resource-based policy allows the kms:Encrypt action",
    )
    assert aws("kms", role=named).encrypt(**order)["KeyId"] == key


def test_a_key_policy_may_name_the_account_and_a_role_together(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"""
    named, other = make_role(aws, name="named"), make_role(aws, name="other")
    key = make_key(aws, {**DELEGATED, "Principal": {"AWS": [ROOT, named]}})
    order = {"KeyId": key, "Plaintext": b"x"}
    assert aws("kms", role=named).encrypt(**order)["KeyId"] == key
    assert "no identity-based policy" in refusal(lambda: aws("kms", role=other).encrypt(**order))[1]
