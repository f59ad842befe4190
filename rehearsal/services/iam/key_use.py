"""Where a service uses a KMS key for its caller, who must be allowed to use that key, too.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.backends import get_backend
from moto.core.exceptions import ServiceException

from rehearsal.kernel.call import Call
from rehearsal.services.iam import keys, objects
from rehearsal.services.iam.conditions import Context


@dataclass(frozen=True)
class KeyUse:
    """One action on a key (its ARN), with the condition keys that the service in between adds."""

    action: str
    key: str
    context: Context


def of(call: Call) -> list[KeyUse]:
    """What a call needs of keys."""
    found = {"s3": _s3, "ssm": _ssm}.get(call.service)
    return list(found(call)) if found else []


def _use(call: Call, action: str, name: str, member: str, arn: str) -> Iterator[KeyUse]:
    """`member` of the encryption context is what the service encrypts.

    Nothing for a key that is not there: what then happens is the service's to say.
    """
    key = keys.find(call.account, call.region, name)
    if key is not None:
        through = {"kms:viaservice": [f"{call.service}.{key.region}.amazonaws.com"]}
        yield KeyUse(action, key.arn, {f"kms:encryptioncontext:{member.lower()}": [arn], **through})


def _s3(call: Call) -> Iterator[KeyUse]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms"""
    params, operation = call.params, call.operation
    bucket = objects.bucket(params.get("Bucket"))
    if bucket is None:
        return
    if operation in ("GetObject", "SelectObjectContent", "HeadObject"):
        kept = objects.stored(params["Bucket"], params["Key"], params.get("VersionId"))
        # Metadata alone is not encrypted, a checksum is.
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
        if operation != "HeadObject" or (params.get("ChecksumMode") and getattr(kept, "checksum_value", None)):
            yield from _kept(call, bucket, kept)
    if operation in ("CopyObject", "UploadPartCopy"):
        name, key, version = objects.source(params)
        yield from _kept(call, objects.bucket(name), objects.stored(name, key, version))
    if operation in ("PutObject", "CreateMultipartUpload", "CopyObject"):
        asked, named = params.get("ServerSideEncryption"), params.get("SSEKMSKeyId")
        shared = params.get("BucketKeyEnabled")
        yield from _written(call, "kms:GenerateDataKey", bucket, params["Key"], asked, named, shared)
    if operation in ("UploadPart", "UploadPartCopy", "CompleteMultipartUpload"):
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
        upload = bucket.multiparts.get(params.get("UploadId"))
        parts = (params.get("MultipartUpload") or {}).get("Parts") or []
        checked = any(member.startswith("Checksum") for part in parts for member in part)
        if upload is not None and (operation != "CompleteMultipartUpload" or checked):
            yield from _written(
                call, "kms:Decrypt", bucket, params["Key"], upload.sse_encryption, upload.kms_key_id, None
            )


def _kept(call: Call, bucket: Any, kept: Any | None) -> Iterator[KeyUse]:
    if kept is not None and str(kept.encryption).startswith("aws:kms"):
        yield from _object_key(call, "kms:Decrypt", bucket, kept.name, kept.kms_key_id, kept.bucket_key_enabled)


def _written(
    call: Call, action: str, bucket: Any, key: str, asked: str | None, named: str | None, shared: Any
) -> Iterator[KeyUse]:
    """With the key that the request names, the bucket's if it says nothing at all, else AWS's own.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    """
    rule = (bucket.encryption or {}).get("Rule", {})
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    if (asked or default.get("SSEAlgorithm") or "").startswith("aws:kms"):
        chosen = named or (None if asked else default.get("KMSMasterKeyID"))
        yield from _object_key(call, action, bucket, key, chosen, shared or rule.get("BucketKeyEnabled"))


def _object_key(call: Call, action: str, bucket: Any, key: str, name: str | None, shared: Any) -> Iterator[KeyUse]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html tells what a bucket key changes."""
    arn = f"arn:aws:s3:::{bucket.name}" + ("" if str(shared).lower() == "true" else f"/{key}")
    yield from _use(call, action, name or "alias/aws/s3", "aws:s3:arn", arn)


def _ssm(call: Call) -> Iterator[KeyUse]:
    """https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html"""
    with contextlib.suppress(ServiceException):  # a wrong request: the service itself says so
        yield from _parameters(call, get_backend("ssm")[call.account][call.region])


def _parameters(call: Call, backend: Any) -> Iterator[KeyUse]:
    params = call.params
    if call.operation == "PutParameter":
        before = backend.get_parameters([params["Name"]]).get(params["Name"])
        if params.get("Type", getattr(before, "parameter_type", "")) == "SecureString":
            action = "kms:GenerateDataKey" if params.get("Tier") == "Advanced" else "kms:Encrypt"
            yield from _parameter_key(call, action, params["Name"], params.get("KeyId"))
    elif params.get("WithDecryption"):
        if "Path" in params:
            page = params.get("NextToken"), params.get("MaxResults", 10)
            found, _ = backend.get_parameters_by_path(
                params["Path"], params.get("Recursive", False), params.get("ParameterFilters"), *page
            )
        else:
            found = backend.get_parameters([params["Name"]] if "Name" in params else params["Names"]).values()
        for kept in found:
            if kept.parameter_type == "SecureString":
                yield from _parameter_key(call, "kms:Decrypt", kept.name, kept.keyid)


def _parameter_key(call: Call, action: str, name: str, key: str | None) -> Iterator[KeyUse]:
    arn = f"arn:aws:ssm:{call.region}:{call.account}:parameter/{name.lstrip('/')}"
    yield from _use(call, action, key or "alias/aws/ssm", "PARAMETER_ARN", arn)
