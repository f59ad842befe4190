"""What S3 asks for beyond the operation's own name.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.tests.iam.test_enforcement import allow, make_role, refusal

READ = allow(["s3:GetObject", "s3:GetObjectVersion"], "arn:aws:s3:::origin/*")
WRITE = allow("s3:PutObject", "arn:aws:s3:::target/*")


@pytest.fixture
def buckets(aws: Callable[..., Any]) -> None:
    for name in ("origin", "target"):
        aws("s3").create_bucket(Bucket=name)
    aws("s3").put_bucket_versioning(Bucket="origin", VersioningConfiguration={"Status": "Enabled"})
    aws("s3").put_object(Bucket="origin", Key="in/a b", Body=b"x")


def copy_part(s3: Any, source: dict[str, str]) -> None:
    upload = s3.create_multipart_upload(Bucket="target", Key="b")["UploadId"]
    s3.upload_part_copy(Bucket="target", Key="b", UploadId=upload, PartNumber=1, CopySource=source)


@pytest.mark.parametrize(
    "copy", [lambda s3, source: s3.copy_object(Bucket="target", Key="b", CopySource=source), copy_part]
)
@pytest.mark.parametrize("versioned", [False, True])
@pytest.mark.usefixtures("buckets")
def test_a_copy_needs_to_read_its_source(aws: Callable[..., Any], copy: Any, versioned: bool) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html"""
    source = {"Bucket": "origin", "Key": "in/a b"}
    if versioned:
        source["VersionId"] = aws("s3").head_object(**source)["VersionId"]
    writer = aws("s3", role=make_role(aws, WRITE, name="writer"))
    code, message = refusal(lambda: copy(writer, source))
    action = "s3:GetObjectVersion" if versioned else "s3:GetObject"
    assert code == "AccessDenied"
    assert f'is not authorized to perform: {action} on resource: "arn:aws:s3:::origin/in/a b"' in message
    copy(aws("s3", role=make_role(aws, READ, WRITE, name="both")), source)


@pytest.mark.parametrize(
    ("read", "missing"),
    [
        (lambda s3: s3.get_object(Bucket="origin", Key="gone"), "NoSuchKey"),
        (lambda s3: s3.head_object(Bucket="origin", Key="gone"), "404"),
        (lambda s3: s3.copy_object(Bucket="target", Key="b", CopySource="origin/gone"), "NoSuchKey"),
    ],
    ids=["get", "head", "copy"],
)
@pytest.mark.usefixtures("buckets")
def test_only_who_may_list_a_bucket_learns_what_is_missing(aws: Callable[..., Any], read: Any, missing: str) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html"""
    blind = aws("s3", role=make_role(aws, READ, WRITE, name="blind"))
    code, message = refusal(lambda: read(blind))
    assert code in ("AccessDenied", "403")
    if code == "AccessDenied":
        assert 'is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::origin"' in message
    listing = make_role(aws, READ, WRITE, allow("s3:ListBucket", "arn:aws:s3:::origin"), name="listing")
    assert refusal(lambda: read(aws("s3", role=listing)))[0] == missing


@pytest.mark.usefixtures("buckets")
def test_what_is_there_needs_no_list(aws: Callable[..., Any]) -> None:
    blind = aws("s3", role=make_role(aws, READ))
    assert blind.head_object(Bucket="origin", Key="in/a b")["ContentLength"] == 1
