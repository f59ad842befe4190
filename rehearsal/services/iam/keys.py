"""KMS keys by any of their names, and what their policies say.

https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
"""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend

from rehearsal.services.iam.roles import Policy, parse

_MANAGED = "alias/aws/"


def find(account: str, region: str, name: str) -> Any | None:
    """The key that an id, an ARN or an alias names; `account` and `region` are for names that tell neither.

    A managed key (alias/aws/s3) is made when it is first needed.
    """
    if name.startswith("arn:"):
        region, account = name.split(":")[3:5]
        name = name.split(":", 5)[5]
    backend = get_backend("kms")[account][region]
    ident = backend.get_key_id_from_alias(name) if name.startswith("alias/") else name.removeprefix("key/")
    return backend.keys.get(ident)


def managed_by(key: Any) -> str:
    """The service that a managed key belongs to (`s3` for aws/s3); "" for a customer's key."""
    alias = next((name for name in key.aliases if name.startswith(_MANAGED)), "")
    return alias.removeprefix(_MANAGED).replace("ebs", "ec2")


def policy(key: Any) -> Policy:
    """A key's policy. That of a managed key lets everybody in the account use it, through its service alone.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-aws-managed-key.html
    """
    service = managed_by(key)
    if not service:
        return parse(key.policy)
    through = {"kms:ViaService": f"{service}.{key.region}.amazonaws.com", "kms:CallerAccount": key.account_id}
    use = {
        "Effect": "Allow", "Principal": {"AWS": "*"}, "Resource": "*", "Condition": {"StringEquals": through},
        "Action": ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*",
                   "kms:ReEncrypt*"],
    }  # fmt: skip
    look = {
        "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{key.account_id}:root"}, "Resource": "*",
        "Action": ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"],
    }  # fmt: skip
    return {"Version": "2012-10-17", "Statement": [use, look]}
