"""How each service words a refusal.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

import base64
import json
import zlib

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError

# Services of the query protocol and S3 say AccessDenied; the JSON ones AccessDeniedException.
_QUERY = {"s3", "iam", "sts", "cloudformation", "autoscaling", "elbv2", "sns", "cloudwatch", "route53"}


def denied(call: Call, action: str, resource: str, why: str) -> AwsError:
    """`why` is the last part of AWS's sentence: what kind of policy decided."""
    sentence = f"User: {call.principal.arn} is not authorized to perform: {action}"
    on = f" on resource: {resource}" if resource != "*" else ""
    if call.service == "ec2":
        # EC2 adds the decision for sts:DecodeAuthorizationMessage; ours is readable by anybody who unpacks it.
        facts = {"allowed": False, "action": action, "resource": resource, "principal": call.principal.arn}
        packed = base64.urlsafe_b64encode(zlib.compress(json.dumps(facts).encode())).decode()
        return AwsError(
            "UnauthorizedOperation",
            f"You are not authorized to perform this operation. {sentence}{on} {why}. "
            f"Encoded authorization failure message: {packed}",
            403,
        )
    code = "AccessDenied" if call.service in _QUERY else "AccessDeniedException"
    if call.service == "ssm" and action.startswith("kms:"):
        # Parameter Store hands on what KMS told it.
        why += f" (Service: AWSKMS; Status Code: 400; Error Code: {code}; Request ID: {call.request_id}; Proxy: null)"
    if action == "logs:TagResource" and call.operation == "CreateLogGroup":
        return AwsError(
            code,
            f"User with accountId: {call.principal.account} is not authorized to perform CreateLogGroup with Tags. "
            'An additional permission "logs:TagResource" is required.',
        )
    if call.service == "s3" and on and action.startswith("s3:"):
        on = f' on resource: "{resource}"'
    if action == "sts:AssumeRole" and why.startswith("because no resource-based"):
        # One answer for a role that is missing and for one that does not trust the caller.
        why = ""
    return AwsError(code, f"{sentence}{on} {why}".rstrip(), 403 if code == "AccessDenied" else 400)
