"""S3's resources."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.tests.handlers.cases.networks import tags
from rehearsal.tests.handlers.harness import Case, World


def bucket(world: World) -> str:
    def make() -> str:
        world.client("s3").create_bucket(Bucket="hand-shared")
        return "hand-shared"

    return world.once("bucket", make)


def topic(world: World) -> str:
    def make() -> str:
        arn = world.client("sns").create_topic(Name="from-s3")["TopicArn"]
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": arn,
        }
        world.client("sns").set_topic_attributes(
            TopicArn=arn,
            AttributeName="Policy",
            AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )
        return arn

    return world.once("topic from s3", make)


def policy(action: str) -> dict[str, Any]:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": "arn:aws:s3:::hand-shared/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


BLOCKED = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)


def encryption(**default: str) -> dict[str, Any]:
    return {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]}


CASES = (
    Case(
        "AWS::S3::Bucket",
        lambda w: {
            "BucketName": "hand-one",
            "VersioningConfiguration": {"Status": "Enabled"},
            "BucketEncryption": encryption(SSEAlgorithm="aws:kms", KMSMasterKeyID="alias/one"),
            "PublicAccessBlockConfiguration": BLOCKED,
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "LifecycleConfiguration": {
                "Rules": [
                    {
                        "Id": "old",
                        "Status": "Enabled",
                        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                    },
                    {
                        "Id": "packets",
                        "Status": "Enabled",
                        "Prefix": "packets/",
                        "ExpirationInDays": 90,
                        "Transitions": [{"StorageClass": "STANDARD_IA", "TransitionInDays": 30}],
                    },
                ]
            },
            "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
            "Tags": tags(("Name", "one")),
        },
        (
            lambda w: {
                "VersioningConfiguration": {"Status": "Suspended"},
                "BucketEncryption": encryption(SSEAlgorithm="AES256"),
            },
            lambda w: {
                "NotificationConfiguration": {
                    "TopicConfigurations": [
                        {
                            "Event": "s3:ObjectCreated:*",
                            "Topic": topic(w),
                            "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "a/"}]}},
                        }
                    ]
                }
            },
            lambda w: {
                "LifecycleConfiguration": None,
                "NotificationConfiguration": None,
                "OwnershipControls": None,
                "PublicAccessBlockConfiguration": None,
            },
            lambda w: {
                "CorsConfiguration": {
                    "CorsRules": [
                        {"Id": "a", "AllowedMethods": ["GET"], "AllowedOrigins": ["https://example.com"], "MaxAge": 60}
                    ]
                }
            },
            lambda w: {"CorsConfiguration": None, "Tags": tags(("Name", "two"))},
        ),
    ),
    Case(
        "AWS::S3::Bucket",
        lambda w: {"BucketNamePrefix": "hand-own", "BucketNamespace": "account-regional"},
        label="in the account's namespace",
    ),
    Case(
        "AWS::S3::BucketPolicy",
        lambda w: {"Bucket": bucket(w), "PolicyDocument": policy("s3:*")},
        (lambda w: {"PolicyDocument": policy("s3:GetObject")},),
    ),
)
