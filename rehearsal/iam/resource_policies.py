"""Policies that hang on the resource itself: buckets, topics, queues, keys."""

from __future__ import annotations

from moto.backends import get_backend

from rehearsal.iam.roles import Policy, parse
from rehearsal.kernel.call import Call


def of(call: Call, action: str, resource: str) -> list[Policy]:
    """The policies of the resource that an action is about; none for services whose resources have no policy."""
    if call.service == "s3" and resource.startswith("arn:aws:s3:::"):
        name = resource.removeprefix("arn:aws:s3:::").split("/")[0]
        for partitions in list(get_backend("s3").values()):
            bucket = partitions["aws"].buckets.get(name)
            if bucket is not None:
                return [parse(bucket.policy.decode())] if bucket.policy else []
    if call.service == "kms" and ":key/" in resource:
        key = get_backend("kms")[call.account][call.region].keys.get(resource.rsplit("/", 1)[-1])
        # A key policy that allows the account delegates to identity policies; it grants nobody by itself.
        # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
        return [_without_account(parse(key.policy), call.account)] if key is not None and key.policy else []
    return []


def _without_account(policy: Policy, account: str) -> Policy:
    root = f"arn:aws:iam::{account}:root"
    kept = [s for s in policy.get("Statement", []) if s.get("Effect") == "Deny" or root not in str(s.get("Principal"))]
    return {**policy, "Statement": kept}
