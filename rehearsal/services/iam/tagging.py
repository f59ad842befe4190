"""Tags on creation, which need a permission of their own.

Each service's API reference says so for its creating operation, and AWS's schemas of resource types list it:
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html#schema-properties-handlers
EC2: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
"""

from __future__ import annotations

from rehearsal.kernel.call import Call
from rehearsal.services.iam import lookups, tags

PERMISSIONS = {
    ("autoscaling", "CreateAutoScalingGroup"): "autoscaling:CreateOrUpdateTags",
    ("cloudwatch", "PutMetricAlarm"): "cloudwatch:TagResource",
    ("codepipeline", "CreatePipeline"): "codepipeline:TagResource",
    ("elbv2", "CreateListener"): "elasticloadbalancing:AddTags",
    ("elbv2", "CreateLoadBalancer"): "elasticloadbalancing:AddTags",
    ("elbv2", "CreateRule"): "elasticloadbalancing:AddTags",
    ("elbv2", "CreateTargetGroup"): "elasticloadbalancing:AddTags",
    ("events", "PutRule"): "events:TagResource",
    ("iam", "CreateInstanceProfile"): "iam:TagInstanceProfile",
    ("iam", "CreatePolicy"): "iam:TagPolicy",
    ("iam", "CreateRole"): "iam:TagRole",
    ("iam", "CreateUser"): "iam:TagUser",
    ("kms", "CreateKey"): "kms:TagResource",
    ("logs", "CreateLogGroup"): "logs:TagResource",
    ("secretsmanager", "CreateSecret"): "secretsmanager:TagResource",
    ("sns", "CreateTopic"): "sns:TagResource",
    ("sqs", "CreateQueue"): "sqs:TagQueue",
    ("ssm", "PutParameter"): "ssm:AddTagsToResource",
}


def permission(call: Call) -> str:
    """The action that the tags of a creating call need; "" where there are none, or only those of AWS itself."""
    if call.service == "ec2":
        return "ec2:CreateTags" if call.operation != "CreateTags" and lookups.tag_specifications(call) else ""
    found = PERMISSIONS.get((call.service, call.operation), "")
    return found if any(not key.startswith("aws:") for key in tags.requested(call, "")) else ""


def made(call: Call) -> list[str]:
    """The ARNs that a call is about to make, where its own action is held against another resource."""
    params = call.params
    if call.service == "ec2":
        # Once each: request and template may both tag instances.
        kinds = dict.fromkeys(spec.get("ResourceType", "*") for spec in lookups.tag_specifications(call))
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html: these have no account
        owner = {"image": "", "snapshot": ""}
        return [f"arn:aws:ec2:{call.region}:{owner.get(kind, call.account)}:{kind}/*" for kind in kinds]
    if call.service == "kms":
        return [f"arn:aws:kms:{call.region}:{call.account}:key/*"]
    if call.operation == "CreateListener":
        return [str(params["LoadBalancerArn"]).replace(":loadbalancer/", ":listener/") + "/*"]
    if call.operation == "CreateRule":
        return [str(params["ListenerArn"]).replace(":listener/", ":listener-rule/") + "/*"]
    return []
