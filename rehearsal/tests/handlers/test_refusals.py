"""What a service does not do fails the resource in the service's words; nothing succeeds silently."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from rehearsal.services.cloudformation.handlers import find
from rehearsal.tests.handlers.cases.iam import document, trust
from rehearsal.tests.handlers.harness import World


def test_a_bucket_with_an_object_is_not_deleted(world: World) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html"""
    handler = find("AWS::S3::Bucket")
    ctx = world.context("AWS::S3::Bucket")
    bucket = handler.create(ctx, {"BucketName": "hand-full", "VersioningConfiguration": {"Status": "Enabled"}})
    world.client("s3").put_object(Bucket=bucket, Key="a", Body=b"a")
    with pytest.raises(ClientError) as caught:
        handler.delete(ctx, bucket, {})
    assert caught.value.response["Error"]["Code"] == "BucketNotEmpty"
    assert "not empty" in caught.value.response["Error"]["Message"]
    world.client("s3").delete_object(Bucket=bucket, Key="a")
    with pytest.raises(ClientError, match="BucketNotEmpty"):  # its versions are still there
        handler.delete(ctx, bucket, {})


def test_a_role_with_a_policy_of_others_is_not_deleted(world: World) -> None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html"""
    handler = find("AWS::IAM::Role")
    ctx = world.context("AWS::IAM::Role")
    properties = {"AssumeRolePolicyDocument": trust()}
    role = handler.create(ctx, properties)
    world.client("iam").put_role_policy(
        RoleName=role, PolicyName="others", PolicyDocument=json.dumps(document("s3:GetObject"))
    )
    with pytest.raises(ClientError, match="DeleteConflict"):
        handler.delete(ctx, role, properties)


def test_changing_a_key_s_kind_is_refused(world: World) -> None:
    handler = find("AWS::KMS::Key")
    ctx = world.context("AWS::KMS::Key")
    key = handler.create(ctx, {})
    with pytest.raises(Exception, match="cannot change KeySpec"):
        handler.update(ctx, key, {}, {"KeySpec": "RSA_2048"})


def test_what_others_still_need_is_deleted_once_they_are_gone(world: World) -> None:
    handler = find("AWS::EC2::VPC")
    ctx = world.context("AWS::EC2::VPC", "Busy")
    api = world.client("ec2")
    network = handler.create(ctx, {"CidrBlock": "10.66.0.0/16"})
    subnet = api.create_subnet(VpcId=network, CidrBlock="10.66.1.0/24")["Subnet"]["SubnetId"]
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        api.delete_subnet(SubnetId=subnet)

    handler.delete(world.again(ctx, sleep=sleep), network, {})
    assert len(waits) == 1


def test_what_others_need_for_good_is_refused_in_ec2_s_words(world: World) -> None:
    handler = find("AWS::EC2::VPC")
    ctx = world.context("AWS::EC2::VPC", "Held")
    network = handler.create(ctx, {"CidrBlock": "10.67.0.0/16"})
    world.client("ec2").create_subnet(VpcId=network, CidrBlock="10.67.1.0/24")
    with pytest.raises(ClientError, match=r"DependencyViolation.*has dependencies and cannot be deleted"):
        handler.delete(world.again(ctx, sleep=lambda seconds: None), network, {})
