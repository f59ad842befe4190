"""Which resources a call is about, as ARNs: read from its parameters by AWS's own ARN patterns.

What cannot be known before the resource exists (the id of a new VPC) stands as `*` in the ARN, as on AWS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.services.iam import actions, catalog, lookups, tagging

# (prefix, variable of the ARN pattern) -> the parameters that hold it, where the names differ.
_ALIASES: dict[tuple[str, str], tuple[str, ...]] = {
    ("autoscaling", "GroupFriendlyName"): ("AutoScalingGroupName", "AutoScalingGroupNames", "ResourceId"),
    ("cloudformation", "StackName"): ("StackName",),
    ("cloudwatch", "AlarmName"): ("AlarmName", "AlarmNames"),
    ("codebuild", "ProjectName"): ("projectName", "name", "names"),
    ("codebuild", "ReportGroupName"): ("name", "reportGroupName"),
    ("codepipeline", "PipelineName"): ("name", "pipelineName", "pipeline.name"),
    ("ec2", "ImageId"): ("ImageId", "ImageIds", "SourceImageId"),
    ("ec2", "SecurityGroupId"): ("GroupId", "GroupIds", "SecurityGroupId", "SecurityGroupIds", "SecurityGroups"),
    ("ec2", "KeyPairName"): ("KeyName", "KeyNames"),
    ("ec2", "ElasticIpAllocationId"): ("AllocationId",),
    ("elasticloadbalancing", "LoadBalancerName"): ("Name",),
    ("elasticloadbalancing", "TargetGroupName"): ("Name",),
    ("events", "RuleName"): ("Name", "Rule"),
    ("iam", "InstanceProfileNameWithPath"): ("InstanceProfileName",),
    ("iam", "PolicyNameWithPath"): ("PolicyName",),
    ("iam", "RoleNameWithPath"): ("RoleName",),
    ("iam", "UserNameWithPath"): ("UserName",),
    ("logs", "LogGroupName"): ("logGroupName", "logGroupNamePrefix"),
    ("route53", "Id"): ("HostedZoneId", "Id"),
    ("secretsmanager", "SecretId"): ("SecretId", "Name"),
    ("sns", "TopicName"): ("Name",),
    ("ssm", "ParameterNameWithoutLeadingSlash"): ("Name", "Names", "Path"),
    ("sqs", "QueueName"): ("QueueName", "QueueUrl"),
}  # fmt: skip


def _only_told(path: str) -> bool:
    """What names resources that a call is not about: a group that a rule lets in (only the group that has the rule is
    one of the call's), and what stands in a message."""
    return "UserIdGroupPairs" in path or path.startswith("Message")


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a call's parameters with its dotted path, list positions left out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    elif isinstance(value, str):
        yield path, value


def of(call: Call, action: str) -> list[str]:
    """The ARNs that `action` of this call must be allowed on; `*` where AWS knows no resource type."""
    if call.service == "s3":
        return lookups.s3(call.params, action)
    if action == tagging.permission(call):
        found = tagging.made(call)
        if found:
            return found
        action = actions.of(call)[0]
    types = catalog.resource_types(action)
    if not types:
        return ["*"]
    if call.service == "elbv2" and call.params.get("ResourceArns"):
        # Under one prefix the table has what Classic Load Balancing tags; the newer one names what it is about.
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
        return [str(arn) for arn in call.params["ResourceArns"]]
    if call.service == "events":
        # A rule's ARN names its bus, unless that is the default one.
        other = "default" if call.params.get("EventBusName", "default") != "default" else "custom"
        types = tuple(kind for kind in types if kind.name != f"rule-on-{other}-event-bus")
    texts = [(path, text) for path, text in leaves(lookups.completed(call)) if not _only_told(path)]
    given = {kind.name: _of_type(kind, call, texts) for kind in types}
    # listener/app and listener/net are both listed as required, but a call is about one of them.
    families = {name.split("/")[0] for name, arns in given.items() if arns}
    found = []
    for kind in types:
        missing = kind.required and kind.name.split("/")[0] not in families
        found += given[kind.name] or ([_fill(kind.pattern, call, {})] if missing else [])
    return [_owned(arn) for arn in dict.fromkeys(found)] or [_fill(types[0].pattern, call, {})]


def _owned(arn: str) -> str:
    """AWS's own public parameters are of no account.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
    """
    return re.sub(r"^(arn:[^:]+:ssm:[^:]*:)\d+(:parameter/aws/service/)", r"\1\2", arn)


def _of_type(kind: catalog.ResourceType, call: Call, texts: list[tuple[str, str]]) -> list[str]:
    whole = [text for _, text in texts if text.startswith("arn:") and kind.regex().match(text)]
    if whole:
        return whole
    variables = kind.variables()
    if not variables:
        return [_fill(kind.pattern, call, {})]
    prefix = kind.pattern.split(":")[2]
    values = {variable: _values(prefix, kind, variable, texts) for variable in variables}
    first = next((many for many in values.values() if many), [])
    others = {name: many[0] for name, many in values.items() if many}
    if not first:
        return []
    name = next(n for n, many in values.items() if many)
    return [_fill(kind.pattern, call, {**others, name: value}) for value in first]


def _values(prefix: str, kind: catalog.ResourceType, variable: str, texts: list[tuple[str, str]]) -> list[str]:
    names = _ALIASES.get((prefix, variable), (variable, f"{variable}s"))
    wanted = {name.lower() for name in names}
    # A parameter of the call itself says more than a member of the same name deep inside it.
    found = [text for path, text in texts if path.lower() in wanted]
    found = found or [text for path, text in texts if path.rsplit(".", 1)[-1].lower() in wanted]
    if prefix == "ec2":
        # EC2's ids tell their type, so CreateTags' Resources and the like can be told apart.
        mark = lookups.EC2_ID_PREFIX.get(kind.name)
        found += [
            text for path, text in texts if mark and path in ("Resources", "ResourceId") and text.startswith(mark)
        ]
        if mark:
            found = [text for text in found if text.startswith(mark)]
    return [lookups.plain(prefix, variable, text) for text in found if not text.startswith("arn:")]


def _fill(pattern: str, call: Call, values: dict[str, str]) -> str:
    known = {"Partition": "aws", "Region": call.region, "Account": call.account, **values}
    if re.match(r"arn:\$\{Partition\}:ec2:.*:(image|snapshot)/", pattern):
        known["Account"] = ""  # images and snapshots have none in their ARN
    arn = re.sub(r"\$\{(\w+)\}", lambda found: known.get(found.group(1), "*"), pattern)
    arn = re.sub(r"\[[^\]]*\]", "", arn)  # optional parts, such as an event bus in a rule's ARN
    return lookups.real_arn(arn, call)
