"""Which IAM actions an operation needs. Mostly prefix:Operation; S3 is the great exception.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from rehearsal.kernel.call import Call
from rehearsal.services.iam import s3_actions, tagging

# botocore's service name -> the prefix in policies, where they differ.
PREFIX = {
    "elbv2": "elasticloadbalancing",
    "elb": "elasticloadbalancing",
    "stepfunctions": "states",
    "resourcegroupstaggingapi": "tag",
    "service-quotas": "servicequotas",
    "efs": "elasticfilesystem",
    "resource-groups": "resource-groups",
    "codestar-connections": "codestar-connections",
}

_RENAMED = {
    ("route53", "AssociateVPCWithHostedZone"): "route53:AssociateVPCWithHostedZone",
    ("codebuild", "BatchGetReports"): "codebuild:BatchGetReports",
}


def prefix_of(service: str) -> str:
    return PREFIX.get(service, service)


def of(call: Call) -> list[str]:
    """The actions that must all be allowed."""
    if call.service == "s3":
        return s3_actions.of(call)
    if (call.service, call.operation) in _RENAMED:
        return [_RENAMED[(call.service, call.operation)]]
    found = [f"{prefix_of(call.service)}:{call.operation}"]
    if (call.service, call.operation) == ("ssm", "PutParameter") and call.params.get("DataType") == "aws:ec2:image":
        # https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html
        found.append("ec2:DescribeImages")
    tag = tagging.permission(call)
    return [*found, tag] if tag else found
