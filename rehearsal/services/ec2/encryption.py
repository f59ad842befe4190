"""KMS keys of volumes and snapshots.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
"""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.errors import AwsError
from rehearsal.services.iam import keys


def key_arn(backend: Any, wanted: str | None) -> str:
    """A key's ARN from its id, ARN or alias; the account's own EBS key without one.

    @raises AwsError InvalidParameterValue.
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
    """The account's own choice, else the AWS managed key alias/aws/ebs, which is made when it is first needed."""
    if not backend.default_kms_key_id:
        backend._create_default_encryption_key()  # no public name for it
    return key_arn(backend, backend.default_kms_key_id)


def of_volume(backend: Any, snapshot: Any) -> str | None:
    """The key's ARN of a volume that nobody asked to encrypt; None for one that is not encrypted.

    That of its snapshot, but for another account's snapshot, whose content comes under one's own default key.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html#AMI-encryption-launch
    """
    if snapshot is not None and snapshot.encrypted and snapshot.owner_id == backend.account_id:
        return snapshot.kms_key_id
    encrypted = backend.ebs_encryption_by_default or (snapshot is not None and snapshot.encrypted)
    return default_key(backend) if encrypted else None


def is_managed(key: str | None) -> bool:
    """Whether it is AWS's key of an account, with which nothing can be shared."""
    found = keys.find("", "", key) if key else None
    return found is not None and bool(keys.managed_by(found))
