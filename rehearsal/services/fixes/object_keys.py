"""An upload that asks for KMS and names no key gets AWS's own key, whatever the bucket's is; moto takes the bucket's.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
"""

from __future__ import annotations

from typing import Any

from moto.s3.models import FakeKey, S3Backend

from rehearsal.services.iam import keys

_original_put_object = S3Backend.put_object


def _put_object(self: S3Backend, *args: Any, **more: Any) -> FakeKey:
    kept = _original_put_object(self, *args, **more)
    if str(more.get("encryption")).startswith("aws:kms") and not more.get("kms_key_id"):
        region = self.get_bucket(kept.bucket_name).region_name
        own = keys.find(self.account_id, region, "alias/aws/s3")
        kept.kms_key_id = own.arn if own is not None else None
    return kept


def apply() -> None:
    S3Backend.put_object = _put_object  # type: ignore[method-assign]
