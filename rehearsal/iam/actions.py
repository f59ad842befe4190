"""Which IAM actions an operation needs. Mostly prefix:Operation; S3 is the great exception.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from rehearsal.kernel.call import Call

# botocore's service name -> the prefix in policies, where they differ.
PREFIX = {
    "elbv2": "elasticloadbalancing",
    "elb": "elasticloadbalancing",
    "stepfunctions": "states",
    "resourcegroupstaggingapi": "tag",
    "efs": "elasticfilesystem",
    "resource-groups": "resource-groups",
    "codestar-connections": "codestar-connections",
}

_S3 = {
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
_S3_VERSIONED = {
    "GetObject": "s3:GetObjectVersion",
    "HeadObject": "s3:GetObjectVersion",
    "DeleteObject": "s3:DeleteObjectVersion",
    "GetObjectTagging": "s3:GetObjectVersionTagging",
    "PutObjectTagging": "s3:PutObjectVersionTagging",
}
_RENAMED = {
    ("route53", "AssociateVPCWithHostedZone"): "route53:AssociateVPCWithHostedZone",
    ("codebuild", "BatchGetReports"): "codebuild:BatchGetReports",
}


def prefix_of(service: str) -> str:
    return PREFIX.get(service, service)


def of(call: Call) -> list[str]:
    """The actions that must all be allowed."""
    if call.service == "s3":
        return _s3(call)
    if (call.service, call.operation) in _RENAMED:
        return [_RENAMED[(call.service, call.operation)]]
    found = [f"{prefix_of(call.service)}:{call.operation}"]
    if call.service == "ec2" and call.params.get("TagSpecifications") and call.operation != "CreateTags":
        # Tagging on creation is a permission of its own.
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
        found.append("ec2:CreateTags")
    return found


def _s3(call: Call) -> list[str]:
    if call.params.get("VersionId") and call.operation in _S3_VERSIONED:
        return [_S3_VERSIONED[call.operation]]
    if call.operation == "DeleteObjects":
        objects = (call.params.get("Delete") or {}).get("Objects") or []
        kinds = {"s3:DeleteObjectVersion" if o.get("VersionId") else "s3:DeleteObject" for o in objects}
        return sorted(kinds) or ["s3:DeleteObject"]
    found = list(_S3.get(call.operation, [f"s3:{call.operation}"]))
    if call.operation == "PutObject" and call.params.get("Tagging"):
        found.append("s3:PutObjectTagging")
    return found
