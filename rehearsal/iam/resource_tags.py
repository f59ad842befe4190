"""The tags that existing resources carry, read where each service keeps them.

S3 is left out: a bucket's tags count only where its owner has switched that on, which the rehearsal cannot do.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.backends import get_backend
from moto.core.exceptions import ServiceException

from rehearsal.iam import roles
from rehearsal.kernel.call import Call

Tags = dict[str, str]


@dataclass(frozen=True)
class Resource:
    """An ARN in its parts; images and snapshots have no account in theirs, so it is the caller's."""

    call: Call
    arn: str
    service: str
    region: str
    account: str
    rest: str

    @property
    def last(self) -> str:
        return self.rest.rsplit("/", 1)[-1]

    def backend(self, service: str) -> Any:
        return get_backend(service)[self.account][self.region]


def of(call: Call, arn: str) -> Tags:
    """None for a resource that is still to be made, or that is not there."""
    if arn.count(":") < 5:
        return {}
    _, _, service, region, account, rest = arn.split(":", 5)
    reader = _READERS.get(service)
    return reader(Resource(call, arn, service, region, account or call.account, rest)) if reader else {}


def as_map(value: Any) -> Tags:
    """Tags in any of the forms that services have for them."""
    if isinstance(value, dict):
        inner = value.get("Items")
        if isinstance(inner, list):
            return as_map(inner)
        return {str(k): str(v) for k, v in value.items() if not isinstance(v, (dict, list))}
    found = {}
    for entry in value if isinstance(value, list) else []:
        if isinstance(entry, dict):
            key = entry.get("Key", entry.get("key", entry.get("TagKey")))
            if key is not None:
                found[str(key)] = str(entry.get("Value", entry.get("value", entry.get("TagValue", ""))))
    return found


def _ec2(one: Resource) -> Tags:
    backend, ident = one.backend("ec2"), one.last
    if one.rest.startswith("key-pair/") and ident in backend.key_pairs:
        ident = backend.key_pairs[ident].id
    return dict(backend.tags.get(ident, {}))


def _autoscaling(one: Resource) -> Tags:
    from rehearsal.autoscaling import store

    group = store.find(one.account, one.region, one.last)
    return as_map(group.tags) if group is not None else {}


def _iam(one: Resource) -> Tags:
    backend = get_backend("iam")[one.account]["aws"]
    if one.rest.startswith("role/"):
        holder: Any = roles.find(one.arn)
    elif one.rest.startswith("instance-profile/"):
        holder = backend.instance_profiles.get(one.last)
    elif one.rest.startswith("policy/"):
        holder = backend.managed_policies.get(one.arn)
    else:
        return as_map(backend.tagger.list_tags_for_resource(one.arn)["Tags"])
    kept = holder.tags if holder is not None else None
    # moto keeps a list where nothing was tagged later, else whole tags by their key.
    return as_map(list(kept.values()) if isinstance(kept, dict) else kept)


def _cloudformation(one: Resource) -> Tags:
    from rehearsal.cloudformation import stack_tags

    return stack_tags(one.arn)


def _codebuild(one: Resource) -> Tags:
    from rehearsal.codebuild import store

    project = store.place(one.account, one.region).projects.get(one.last)
    return as_map(project.data.get("tags")) if project is not None and one.rest.startswith("project/") else {}


def _codepipeline(one: Resource) -> Tags:
    """A stage's and an action's are their pipeline's."""
    from rehearsal.codepipeline import store

    pipeline = store.of(one.call).get(one.rest.split("/")[0])
    return dict(pipeline.tags) if pipeline is not None else {}


def _ssm(one: Resource) -> Tags:
    name = one.rest.removeprefix("parameter/")
    for known in (f"/{name}", name):
        with contextlib.suppress(ServiceException):  # a parameter's ARN does not tell its first slash
            return dict(one.backend("ssm").list_tags_for_resource("Parameter", known))
    return {}


def _secret(one: Resource) -> Tags:
    """By name or by ARN, whose last seven characters are chance."""
    given = one.rest.removeprefix("secret:")
    known = list(one.backend("secretsmanager").secrets.values())
    return next((as_map(s.tags or []) for s in known if given in (s.name, s.arn.rsplit(":", 1)[-1])), {})


def _sns(one: Resource) -> Tags:
    topic = one.backend("sns").topics.get(one.arn)
    return dict(topic._tags) if topic is not None else {}  # no public way that bears a missing topic


def _sqs(one: Resource) -> Tags:
    queue = one.backend("sqs").queues.get(one.rest)
    return dict(queue.tags) if queue is not None else {}


def _kms(one: Resource) -> Tags:
    return as_map(one.backend("kms").tagger.list_tags_for_resource(one.last).get("Tags", []))


def _tagger(backend: str, member: str = "tagger") -> Callable[[Resource], Tags]:
    """Where moto keeps a service's tags by ARN; a log stream's are its group's."""
    return lambda one: dict(
        getattr(one.backend(backend), member).get_tag_dict_for_resource(one.arn.split(":log-stream:")[0])
    )


_READERS: dict[str, Callable[[Resource], Tags]] = {
    "autoscaling": _autoscaling,
    "cloudformation": _cloudformation,
    "cloudwatch": _tagger("cloudwatch"),
    "codebuild": _codebuild,
    "codepipeline": _codepipeline,
    "ec2": _ec2,
    "elasticloadbalancing": _tagger("elbv2", "tagging_service"),
    "events": _tagger("events"),
    "iam": _iam,
    "kms": _kms,
    "logs": _tagger("logs"),
    "secretsmanager": _secret,
    "sns": _sns,
    "sqs": _sqs,
    "ssm": _ssm,
}
