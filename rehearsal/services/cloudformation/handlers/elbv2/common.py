"""What the load-balancing types share: attributes as pairs, tags read apart, names of 32 characters.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/Welcome.html
"""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list

NAME = 32


class Elbv2Resource(Resource):
    service = "elbv2"
    tags = TagCalls(add="add_tags", remove="remove_tags", resource="ResourceArns", many=True)

    def tagged(self, ctx: Context, properties: Model) -> dict[str, Any]:
        """The Tags parameter of a creation; an empty list is refused there."""
        wanted = self.tags.wanted(ctx, properties)
        return {"Tags": as_list(wanted)} if wanted else {}

    def read_tags(self, ctx: Context, arn: str) -> list[dict[str, str]]:
        return ctx.client("elbv2").describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"]


def pairs(properties: Model, name: str) -> list[dict[str, str]]:
    return [{"Key": item["Key"], "Value": str(item.get("Value", ""))} for item in properties.get(name, [])]


def only_named(told: list[dict[str, str]], template: list[dict[str, str]]) -> list[dict[str, str]]:
    """Attributes that the template sets; the service tells all of them, defaults included."""
    keys = {item["Key"] for item in template}
    return [item for item in told if item["Key"] in keys]


def reset(old: list[dict[str, str]], new: list[dict[str, str]], defaults: dict[str, str]) -> list[dict[str, str]]:
    """The new attributes, and those that the template no longer has at their defaults where these are known."""
    kept = {item["Key"] for item in new}
    gone = [item["Key"] for item in old if item["Key"] not in kept and item["Key"] in defaults]
    return [*new, *({"Key": key, "Value": defaults[key]} for key in gone)]
