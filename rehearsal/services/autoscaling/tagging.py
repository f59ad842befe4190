"""Tags of groups, and the filters that go by them.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateOrUpdateTags.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.services.autoscaling import store
from rehearsal.services.autoscaling.model import Group
from rehearsal.services.autoscaling.validation import invalid
from rehearsal.services.iam import resource_tags
from rehearsal.services.iam.tag_forms import Resource, as_map


def put(group: Group, tags: list[dict[str, Any]]) -> None:
    for tag in tags:
        if tag["Key"].lower().startswith("aws:"):
            raise invalid("Tag keys starting with 'aws:' are reserved for internal use")
        group.tags = [t for t in group.tags if t["Key"] != tag["Key"]]
        group.tags.append(
            {
                "ResourceId": group.name,
                "ResourceType": "auto-scaling-group",
                "Key": tag["Key"],
                "Value": tag.get("Value") or "",
                "PropagateAtLaunch": bool(tag.get("PropagateAtLaunch", False)),
            }
        )


def passes(group: Group, given: dict[str, Any]) -> bool:
    """A filter of DescribeAutoScalingGroups: tag-key, tag-value, tag:<key>."""
    name, values = given["Name"], given.get("Values") or []
    if name == "tag-key":
        return any(t["Key"] in values for t in group.tags)
    if name == "tag-value":
        return any(t["Value"] in values for t in group.tags)
    if name.startswith("tag:"):
        return any(t["Key"] == name[4:] and t["Value"] in values for t in group.tags)
    raise invalid(f"Filter type {name} is not correct. Allowed Filter types are: tag-key tag-value tag:<key>")


@resource_tags.read_by("autoscaling")
def tags_of(one: Resource) -> dict[str, str]:
    group = store.find(one.account, one.region, one.last)
    return as_map(group.tags) if group is not None else {}


def _owner(call: Call, tag: dict[str, Any]) -> Group:
    name = tag.get("ResourceId", "")
    found = store.find(call.account, call.region, name)
    if found is None:
        raise invalid(f"AutoScalingGroup '{name}' not found")
    return found


@operation("autoscaling", "CreateOrUpdateTags")
def create_or_update_tags(call: Call) -> dict[str, Any]:
    for tag in call.params["Tags"]:
        put(_owner(call, tag), [tag])
    return {}


@operation("autoscaling", "DeleteTags")
def delete_tags(call: Call) -> dict[str, Any]:
    for tag in call.params["Tags"]:
        group = _owner(call, tag)
        group.tags = [t for t in group.tags if t["Key"] != tag["Key"]]
    return {}


_READ = {
    "auto-scaling-group": lambda t: t["ResourceId"],
    "key": lambda t: t["Key"],
    "value": lambda t: t["Value"],
    "propagate-at-launch": lambda t: str(t["PropagateAtLaunch"]).lower(),
}


@operation("autoscaling", "DescribeTags")
def describe_tags(call: Call) -> dict[str, Any]:
    tags = [t for g in store.listed(call.account, call.region) for t in g.tags]
    for given in call.params.get("Filters") or []:
        if given["Name"] not in _READ:
            raise invalid(f"Filter type {given['Name']} is not correct.")
        tags = [t for t in tags if _READ[given["Name"]](t) in given["Values"]]
    return {"Tags": tags}
