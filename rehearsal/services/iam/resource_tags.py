"""The tags that existing resources carry, read where each service keeps them.

S3 is left out: a bucket's tags count only where its owner has switched that on, which the rehearsal cannot do.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
"""

from __future__ import annotations

from collections.abc import Callable

from rehearsal.kernel.call import Call
from rehearsal.services.iam import moto_tags
from rehearsal.services.iam.tag_forms import Resource, Tags

Reader = Callable[[Resource], Tags]

_READERS: dict[str, Reader] = {
    "cloudwatch": moto_tags.tagger("cloudwatch"),
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


def read_by(service: str) -> Callable[[Reader], Reader]:
    """Registers who reads the tags of a service that keeps its own state; `service` is its ARNs' third part."""

    def register(reader: Reader) -> Reader:
        _READERS[service] = reader
        return reader

    return register


def of(call: Call, arn: str) -> Tags:
    """None for a resource that is still to be made, or that is not there."""
    if arn.count(":") < 5:
        return {}
    _, _, service, region, account, rest = arn.split(":", 5)
    reader = _READERS.get(service)
    return reader(Resource(call, arn, service, region, account or call.account, rest)) if reader else {}
