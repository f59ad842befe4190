"""Tags of pipelines. https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_TagResource.html"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.kernel.paging import page
from rehearsal.services.codepipeline import store
from rehearsal.services.codepipeline.store import Pipeline
from rehearsal.services.iam import resource_tags
from rehearsal.services.iam.tag_forms import Resource


def _pipeline(call: Call) -> Pipeline:
    arn = call.params.get("resourceArn", "")
    found = next((p for p in store.of(call).values() if p.arn == arn), None)
    if found is None:
        if not arn.startswith("arn:aws:codepipeline:"):
            raise AwsError("InvalidArnException", f"The ARN {arn} is not valid")
        raise AwsError("ResourceNotFoundException", f"The resource {arn} does not exist")
    return found


@resource_tags.read_by("codepipeline")
def tags_of(one: Resource) -> dict[str, str]:
    """A stage's and an action's are their pipeline's."""
    pipeline = store.of(one.call).get(one.rest.split("/")[0])
    return dict(pipeline.tags) if pipeline is not None else {}


@operation("codepipeline", "TagResource")
def tag_resource(call: Call) -> dict[str, Any]:
    pipeline = _pipeline(call)
    merged = {**pipeline.tags, **{t["key"]: t["value"] for t in call.params.get("tags") or []}}
    if len(merged) > 50:
        raise AwsError("TooManyTagsException", "A resource has at most 50 tags")
    pipeline.tags = merged
    return {}


@operation("codepipeline", "UntagResource")
def untag_resource(call: Call) -> dict[str, Any]:
    pipeline = _pipeline(call)
    gone = set(call.params.get("tagKeys") or [])
    pipeline.tags = {key: value for key, value in pipeline.tags.items() if key not in gone}
    return {}


@operation("codepipeline", "ListTagsForResource")
def list_tags_for_resource(call: Call) -> dict[str, Any]:
    found = [{"key": key, "value": value} for key, value in sorted(_pipeline(call).tags.items())]
    return page(call, "tags", found)
