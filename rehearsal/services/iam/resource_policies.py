"""Policies that hang on the resource itself: buckets, keys, topics, and the trust of roles."""

from __future__ import annotations

from moto.backends import get_backend

from rehearsal.kernel.call import Call
from rehearsal.services.iam import keys, objects, roles
from rehearsal.services.iam.roles import Policy, parse


def of(call: Call, action: str, resource: str) -> list[Policy]:
    """The policies of the resource that an action is about; none for services whose resources have no policy."""
    if call.service == "s3" and resource.startswith("arn:aws:s3:::"):
        bucket = objects.bucket(resource.removeprefix("arn:aws:s3:::").split("/")[0])
        return [parse(bucket.policy.decode())] if bucket is not None and bucket.policy else []
    if action.startswith("kms:") and ":key/" in resource:
        key = keys.find(call.account, call.region, resource)
        return [keys.policy(key)] if key is not None else []
    if action.startswith("sns:") and resource.count(":") == 5:
        region, account = resource.split(":")[3:5]
        topic = get_backend("sns")[account][region].topics.get(resource) if account.isdigit() else None
        return [parse(topic.policy)] if topic is not None else []
    if action == "sts:AssumeRole":
        role = roles.find(resource)
        return [roles.trust(role)] if role is not None else []
    return []


def must_allow(action: str) -> bool:
    """Whether nobody may do this unless the resource's own policy lets them, or leaves it to their account.

    https://docs.aws.amazon.com/kms/latest/developerguide/control-access-overview.html#managing-access
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
    """
    return action.startswith("kms:") or action == "sts:AssumeRole"
