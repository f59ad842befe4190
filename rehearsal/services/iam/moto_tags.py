"""Tags of resources that moto keeps, each service in its own way."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from moto.backends import get_backend
from moto.core.exceptions import ServiceException

from rehearsal.services.iam import roles
from rehearsal.services.iam.tag_forms import Resource, Tags, as_map


def ec2(one: Resource) -> Tags:
    backend, ident = one.backend("ec2"), one.last
    if one.rest.startswith("key-pair/") and ident in backend.key_pairs:
        ident = backend.key_pairs[ident].id
    return dict(backend.tags.get(ident, {}))


def iam(one: Resource) -> Tags:
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


def ssm(one: Resource) -> Tags:
    name = one.rest.removeprefix("parameter/")
    for known in (f"/{name}", name):
        with contextlib.suppress(ServiceException):  # a parameter's ARN does not tell its first slash
            return dict(one.backend("ssm").list_tags_for_resource("Parameter", known))
    return {}


def secret(one: Resource) -> Tags:
    """By name or by ARN, whose last seven characters are chance."""
    given = one.rest.removeprefix("secret:")
    known = list(one.backend("secretsmanager").secrets.values())
    return next((as_map(s.tags or []) for s in known if given in (s.name, s.arn.rsplit(":", 1)[-1])), {})


def sns(one: Resource) -> Tags:
    topic = one.backend("sns").topics.get(one.arn)
    return dict(topic._tags) if topic is not None else {}  # no public way that bears a missing topic


def sqs(one: Resource) -> Tags:
    queue = one.backend("sqs").queues.get(one.rest)
    return dict(queue.tags) if queue is not None else {}


def kms(one: Resource) -> Tags:
    return as_map(one.backend("kms").tagger.list_tags_for_resource(one.last).get("Tags", []))


def tagger(backend: str, member: str = "tagger") -> Callable[[Resource], Tags]:
    """Where moto keeps a service's tags by ARN; a log stream's are its group's."""
    return lambda one: dict(
        getattr(one.backend(backend), member).get_tag_dict_for_resource(one.arn.split(":log-stream:")[0])
    )
