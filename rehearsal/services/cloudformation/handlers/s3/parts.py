"""The configurations of a bucket, each with its own operations to set, read and drop it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.services.cloudformation.handlers.s3 import rules

Translation = Callable[[dict[str, Any]], dict[str, Any]]


def _same(value: dict[str, Any]) -> dict[str, Any]:
    return value


@dataclass(frozen=True)
class Part:
    """`absent` is the configuration that stands for none where there is no operation to drop it."""

    property: str
    put: str
    parameter: str
    get: str
    drop: str = ""
    absent: dict[str, Any] | None = None
    to_api: Translation = _same
    to_model: Translation = _same
    missing: tuple[str, ...] = ()
    wrapped: bool = True
    """Whether the reply of `get` holds the configuration under the parameter's name."""

    def set(self, api: Any, bucket: str, value: dict[str, Any] | None) -> None:
        if value is not None:
            getattr(api, self.put)(Bucket=bucket, **{self.parameter: self.to_api(value)})
        elif self.drop:
            getattr(api, self.drop)(Bucket=bucket)
        else:
            getattr(api, self.put)(Bucket=bucket, **{self.parameter: self.absent or {}})

    def read(self, api: Any, bucket: str) -> dict[str, Any] | None:
        try:
            reply = getattr(api, self.get)(Bucket=bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] in self.missing:
                return None
            raise
        told = reply.get(self.parameter) if self.wrapped else reply
        found = {name: value for name, value in (told or {}).items() if name != "ResponseMetadata"}
        return self.to_model(found) or None if found else None


def _encryption_to_api(value: dict[str, Any]) -> dict[str, Any]:
    return {
        "Rules": [
            {
                "ApplyServerSideEncryptionByDefault" if name == "ServerSideEncryptionByDefault" else name: item
                for name, item in rule.items()
            }
            for rule in value["ServerSideEncryptionConfiguration"]
        ]
    }


def _encryption_to_model(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "ServerSideEncryptionConfiguration": [
            {
                "ServerSideEncryptionByDefault" if name == "ApplyServerSideEncryptionByDefault" else name: item
                for name, item in rule.items()
            }
            for rule in told.get("Rules", [])
        ]
    }


_CORS = {"Id": "ID", "MaxAge": "MaxAgeSeconds", "ExposedHeaders": "ExposeHeaders"}
_CORS_BACK = {api: name for name, api in _CORS.items()}


def _cors_to_api(value: dict[str, Any]) -> dict[str, Any]:
    return {"CORSRules": [{_CORS.get(name, name): item for name, item in rule.items()} for rule in value["CorsRules"]]}


def _cors_to_model(told: dict[str, Any]) -> dict[str, Any]:
    listed = told.get("CORSRules", [])
    return {"CorsRules": [{_CORS_BACK.get(name, name): item for name, item in rule.items()} for rule in listed]}


def _logging_to_api(value: dict[str, Any]) -> dict[str, Any]:
    return {
        "LoggingEnabled": {
            "TargetBucket": value.get("DestinationBucketName", ""),
            "TargetPrefix": value.get("LogFilePrefix", ""),
        }
    }


def _logging_to_model(told: dict[str, Any]) -> dict[str, Any]:
    enabled = told.get("LoggingEnabled")
    if not enabled:
        return {}
    return {"DestinationBucketName": enabled["TargetBucket"], "LogFilePrefix": enabled.get("TargetPrefix", "")}


PARTS = (
    Part("VersioningConfiguration", "put_bucket_versioning", "VersioningConfiguration", "get_bucket_versioning",
         absent={"Status": "Suspended"}, wrapped=False),
    Part("BucketEncryption", "put_bucket_encryption", "ServerSideEncryptionConfiguration", "get_bucket_encryption",
         "delete_bucket_encryption", to_api=_encryption_to_api, to_model=_encryption_to_model,
         missing=("ServerSideEncryptionConfigurationNotFoundError",)),
    Part("PublicAccessBlockConfiguration", "put_public_access_block", "PublicAccessBlockConfiguration",
         "get_public_access_block", "delete_public_access_block", missing=("NoSuchPublicAccessBlockConfiguration",)),
    Part("OwnershipControls", "put_bucket_ownership_controls", "OwnershipControls", "get_bucket_ownership_controls",
         "delete_bucket_ownership_controls", missing=("OwnershipControlsNotFoundError",)),
    Part("LifecycleConfiguration", "put_bucket_lifecycle_configuration", "LifecycleConfiguration",
         "get_bucket_lifecycle_configuration", "delete_bucket_lifecycle", to_api=rules.lifecycle_to_api,
         to_model=rules.lifecycle_to_model, missing=("NoSuchLifecycleConfiguration",), wrapped=False),
    Part("NotificationConfiguration", "put_bucket_notification_configuration", "NotificationConfiguration",
         "get_bucket_notification_configuration", absent={}, to_api=rules.notifications_to_api,
         to_model=rules.notifications_to_model, wrapped=False),
    Part("CorsConfiguration", "put_bucket_cors", "CORSConfiguration", "get_bucket_cors", "delete_bucket_cors",
         to_api=_cors_to_api, to_model=_cors_to_model, missing=("NoSuchCORSConfiguration",), wrapped=False),
    Part("LoggingConfiguration", "put_bucket_logging", "BucketLoggingStatus", "get_bucket_logging", absent={},
         to_api=_logging_to_api, to_model=_logging_to_model, wrapped=False),
    Part("ObjectLockConfiguration", "put_object_lock_configuration", "ObjectLockConfiguration",
         "get_object_lock_configuration", absent={"ObjectLockEnabled": "Enabled"},
         missing=("ObjectLockConfigurationNotFoundError",)),
)  # fmt: skip
