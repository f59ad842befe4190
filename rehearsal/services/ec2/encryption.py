"""KMS keys of volumes and snapshots.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
"""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.errors import AwsError


def key_arn(backend: Any, wanted: str | None) -> str:
    """A key's ARN from its id, ARN or alias; the account's own EBS key without one.

    @raises AwsError InvalidParameterValue. AWS notices a wrong key only later, and the image fails then.
    """
    if not wanted:
        return default_key(backend)
    account, region = backend.account_id, backend.region_name
    if wanted.startswith("arn:"):
        account, region = wanted.split(":")[4], wanted.split(":")[3]
    kms = get_backend("kms")[account][region]
    identifier = wanted.split(":")[-1]
    if identifier.startswith("alias/"):
        alias = identifier if not wanted.startswith("arn:") else wanted
        found = kms.get_key_id_from_alias(alias) or kms.get_key_id_from_alias(identifier)
    else:
        found = identifier.removeprefix("key/")
    key = kms.keys.get(found)
    if key is None:
        raise AwsError("InvalidParameterValue", f"The KMS key '{wanted}' does not exist")
    return key.arn


def default_key(backend: Any) -> str:
    """The AWS managed key alias/aws/ebs; made when it is first needed."""
    if not backend.default_kms_key_id:
        backend._create_default_encryption_key()  # no public name for it
    return backend.default_kms_key_id


def is_managed(backend: Any, key: str | None) -> bool:
    """Whether it is AWS's key of the account, with which nothing can be shared."""
    return key is not None and key == backend.default_kms_key_id
