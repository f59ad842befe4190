"""The tags that existing resources carry, read where each service keeps them.

S3 is left out: a bucket's tags count only where its owner has switched that on, which the rehearsal cannot do.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
"""

from __future__ import annotations

from collections.abc import Callable

from rehearsal.kernel.call import Call
from rehearsal.services.iam import moto_tags
from rehearsal.services.iam.tag_forms import Resource, Tags, as_map


def of(call: Call, arn: str) -> Tags:
    """None for a resource that is still to be made, or that is not there."""
    if arn.count(":") < 5:
        return {}
    _, _, service, region, account, rest = arn.split(":", 5)
    reader = _READERS.get(service)
    return reader(Resource(call, arn, service, region, account or call.account, rest)) if reader else {}


def _autoscaling(one: Resource) -> Tags:
    from rehearsal.services.autoscaling import store

    group = store.find(one.account, one.region, one.last)
    return as_map(group.tags) if group is not None else {}


def _cloudformation(one: Resource) -> Tags:
    from rehearsal.services.cloudformation import stack_tags

    return stack_tags(one.arn)


def _codebuild(one: Resource) -> Tags:
    from rehearsal.services.codebuild import store

    project = store.place(one.account, one.region).projects.get(one.last)
    return as_map(project.data.get("tags")) if project is not None and one.rest.startswith("project/") else {}


def _codepipeline(one: Resource) -> Tags:
    """A stage's and an action's are their pipeline's."""
    from rehearsal.services.codepipeline import store

    pipeline = store.of(one.call).get(one.rest.split("/")[0])
    return dict(pipeline.tags) if pipeline is not None else {}


_READERS: dict[str, Callable[[Resource], Tags]] = {
    "autoscaling": _autoscaling,
    "cloudformation": _cloudformation,
    "cloudwatch": moto_tags.tagger("cloudwatch"),
    "codebuild": _codebuild,
    "codepipeline": _codepipeline,
    "ec2": moto_tags.ec2,
    "elasticloadbalancing": moto_tags.tagger("elbv2", "tagging_service"),
    "events": moto_tags.tagger("events"),
    "iam": moto_tags.iam,
    "kms": moto_tags.kms,
    "logs": moto_tags.tagger("logs"),
    "secretsmanager": moto_tags.secret,
    "sns": moto_tags.sns,
    "sqs": moto_tags.sqs,
    "ssm": moto_tags.ssm,
}
