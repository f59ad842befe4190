"""S3's actions, whose names are mostly not those of its operations.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

from rehearsal.kernel.call import Call
from rehearsal.services.iam import objects

_ACTIONS = {
    "ListObjects": ["s3:ListBucket"],
    "ListObjectsV2": ["s3:ListBucket"],
    "HeadBucket": ["s3:ListBucket"],
    "ListBuckets": ["s3:ListAllMyBuckets"],
    "ListObjectVersions": ["s3:ListBucketVersions"],
    "ListMultipartUploads": ["s3:ListBucketMultipartUploads"],
    "ListParts": ["s3:ListMultipartUploadParts"],
    "HeadObject": ["s3:GetObject"],
    "SelectObjectContent": ["s3:GetObject"],
    "CreateMultipartUpload": ["s3:PutObject"],
    "UploadPart": ["s3:PutObject"],
    "CompleteMultipartUpload": ["s3:PutObject"],
    "DeleteObjects": ["s3:DeleteObject"],
    "CopyObject": ["s3:PutObject"],
    "UploadPartCopy": ["s3:PutObject"],
    "PutBucketEncryption": ["s3:PutEncryptionConfiguration"],
    "GetBucketEncryption": ["s3:GetEncryptionConfiguration"],
    "DeleteBucketEncryption": ["s3:PutEncryptionConfiguration"],
    "PutBucketLifecycleConfiguration": ["s3:PutLifecycleConfiguration"],
    "PutBucketLifecycle": ["s3:PutLifecycleConfiguration"],
    "GetBucketLifecycleConfiguration": ["s3:GetLifecycleConfiguration"],
    "DeleteBucketLifecycle": ["s3:PutLifecycleConfiguration"],
    "PutPublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
    "GetPublicAccessBlock": ["s3:GetBucketPublicAccessBlock"],
    "DeletePublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
    "PutBucketNotificationConfiguration": ["s3:PutBucketNotification"],
    "GetBucketNotificationConfiguration": ["s3:GetBucketNotification"],
    "DeleteBucketTagging": ["s3:PutBucketTagging"],
    "DeleteBucketOwnershipControls": ["s3:PutBucketOwnershipControls"],
    "GetObjectLockConfiguration": ["s3:GetBucketObjectLockConfiguration"],
    "PutObjectLockConfiguration": ["s3:PutBucketObjectLockConfiguration"],
    "DeleteBucketCors": ["s3:PutBucketCORS"],
    "DeleteBucketWebsite": ["s3:DeleteBucketWebsite"],
    "PutBucketReplication": ["s3:PutReplicationConfiguration"],
    "GetBucketReplication": ["s3:GetReplicationConfiguration"],
    "GetBucketAccelerateConfiguration": ["s3:GetAccelerateConfiguration"],
    "PutBucketAccelerateConfiguration": ["s3:PutAccelerateConfiguration"],
}
# With a version id these need the Version kind of the permission.
_VERSIONED = {
    "GetObject": "s3:GetObjectVersion",
    "HeadObject": "s3:GetObjectVersion",
    "DeleteObject": "s3:DeleteObjectVersion",
    "GetObjectTagging": "s3:GetObjectVersionTagging",
    "PutObjectTagging": "s3:PutObjectVersionTagging",
}


def of(call: Call) -> list[str]:
    """The actions that must all be allowed."""
    found = _of_operation(call)
    if call.operation in ("CopyObject", "UploadPartCopy"):
        name, key, version = objects.source(call.params)
        found.append("s3:GetObjectVersion" if version else "s3:GetObject")
    elif call.operation in ("GetObject", "HeadObject"):
        name, key, version = call.params["Bucket"], call.params["Key"], call.params.get("VersionId")
    else:
        return found
    if objects.bucket(name) is not None and objects.stored(name, key, version) is None:
        # Only who may list the bucket learns that an object is missing: 404 for them, 403 for everybody else.
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        found.append("s3:ListBucket")
    return found


def _of_operation(call: Call) -> list[str]:
    if call.params.get("VersionId") and call.operation in _VERSIONED:
        return [_VERSIONED[call.operation]]
    if call.operation == "DeleteObjects":
        objects_given = (call.params.get("Delete") or {}).get("Objects") or []
        kinds = {"s3:DeleteObjectVersion" if o.get("VersionId") else "s3:DeleteObject" for o in objects_given}
        return sorted(kinds) or ["s3:DeleteObject"]
    found = list(_ACTIONS.get(call.operation, [f"s3:{call.operation}"]))
    if call.operation == "PutObject" and call.params.get("Tagging"):
        found.append("s3:PutObjectTagging")
    return found
