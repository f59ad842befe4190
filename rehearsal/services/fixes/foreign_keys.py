"""A KMS key of another account is used by its ARN; moto looks for every key in the caller's account.

https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
Whether the caller may is IAM's matter, and decided before.
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation


@operation(
    "kms",
    "CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext",
    "GetPublicKey", "ListGrants", "RevokeGrant", "Sign", "Verify",
)  # fmt: skip
def use_key(call: Call) -> dict[str, Any]:
    key = str(call.params.get("KeyId", ""))
    owner = key.split(":")[4] if key.startswith("arn:") and key.count(":") >= 5 else None
    return call.moto(account=owner)
