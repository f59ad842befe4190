"""Whose a resource is: what another account owns is out of reach, unless that account lets one in.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from rehearsal.kernel.identity import Principal
from rehearsal.services.iam import objects

# The services whose resources moto finds in any account, by their name or ARN.
REACHED_BY_NAME = ("kms", "s3", "sns")


def of(arn: str) -> str:
    """The account that owns a resource; "" where nothing tells it, as with images, or where it is AWS itself."""
    if arn.startswith("arn:aws:s3:::"):
        bucket = objects.bucket(arn.removeprefix("arn:aws:s3:::").split("/")[0])
        return str(bucket.account_id) if bucket is not None else ""
    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    return account if account.isdigit() else ""


def abroad(who: Principal, arn: str) -> bool:
    """Whether a resource belongs to another account than the principal, who may be of none."""
    return bool(who.account) and of(arn) not in ("", who.account)
