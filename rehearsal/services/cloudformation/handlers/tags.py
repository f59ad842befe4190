"""Tags in the ways that services take them: on creation, as lists or maps, by id or ARN.

A resource gets the stack's tags beside its own; its own win.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rehearsal.services.cloudformation.handler import Context
from rehearsal.services.cloudformation.handlers.schemas import schema


class Tagged(Protocol):
    """What setting tags needs of a resource type's handler."""

    service: str

    def attributes(self, ctx: Context, physical_id: str, properties: dict[str, Any]) -> dict[str, Any]: ...


Identify = Callable[[Tagged, Context, str, dict[str, Any]], str]


def as_map(tags: Any) -> dict[str, str]:
    """Tags of a template, given as a list of Key and Value or as a map."""
    if isinstance(tags, Mapping):
        return {str(key): str(value) for key, value in tags.items()}
    return {str(tag["Key"]): str(tag.get("Value", "")) for tag in tags or []}


def as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


# Services that refuse the prefix aws: here also from CloudFormation, which may use it on AWS.
_WITHOUT = ("AWS::AutoScaling::", "AWS::ResourceGroups::", "AWS::S3::")


def wanted(ctx: Context, own: Any) -> dict[str, str]:
    """The resource's tags and the stack's; with aws:cloudformation:* where the type's schema says that it has them."""
    return {**of_stack(ctx.type_name, ctx.tags), **as_map(own)}


def of_stack(type_name: str, tags: Mapping[str, str]) -> dict[str, str]:
    """Those of the stack's tags that a resource of this type gets."""
    told = bool(schema(type_name).get("tagging", {}).get("cloudFormationSystemTags"))
    system = told and not type_name.startswith(_WITHOUT)
    return {key: value for key, value in tags.items() if system or not is_system(key)}


def is_system(key: str) -> bool:
    return key.startswith("aws:")


class NoTags:
    """A type whose resources carry no tags."""

    property = "Tags"
    updatable = False

    def own(self, ctx: Context, properties: Mapping[str, Any], model: dict[str, Any]) -> dict[str, Any]:
        return model

    def wanted(self, ctx: Context, properties: Mapping[str, Any]) -> dict[str, str]:
        return {}

    def update(
        self, resource: Tagged, ctx: Context, physical_id: str, old: dict[str, Any], new: dict[str, Any]
    ) -> None:
        return None


def physical(resource: Tagged, ctx: Context, physical_id: str, properties: dict[str, Any]) -> str:
    return physical_id


def attribute(name: str) -> Identify:
    """Tags hang on an attribute of the resource, mostly its ARN."""

    def identify(resource: Tagged, ctx: Context, physical_id: str, properties: dict[str, Any]) -> str:
        return resource.attributes(ctx, physical_id, properties)[name]

    return identify


@dataclass(frozen=True, kw_only=True)
class TagCalls:
    """Tag operations of a service: their names, and the parameters for the resource, the tags and the keys."""

    add: str
    remove: str
    resource: str
    tags: str = "Tags"
    keys: str = "TagKeys"
    identify: Identify = physical
    form: Callable[[Mapping[str, str]], Any] = as_list
    property: str = "Tags"
    many: bool = False
    """Whether the operation takes a list of resources."""
    updatable: bool = True
    """Whether CloudFormation changes tags of the existing resource."""
    fixed: Mapping[str, Any] | None = None
    """Further parameters, such as a ResourceType."""

    def wanted(self, ctx: Context, properties: Mapping[str, Any]) -> dict[str, str]:
        return wanted(ctx, properties.get(self.property))

    def own(self, ctx: Context, properties: Mapping[str, Any], model: dict[str, Any]) -> dict[str, Any]:
        """The model without tags that come from the stack: they are no property of the resource."""
        if self.property not in model:
            return model
        template = as_map(properties.get(self.property))
        kept = {
            key: value
            for key, value in as_map(model[self.property]).items()
            if key in template or not (is_system(key) or ctx.tags.get(key) == value)
        }
        listed = isinstance(model[self.property], list)
        return {**model, self.property: as_list(kept) if listed else kept}

    def update(
        self, resource: Tagged, ctx: Context, physical_id: str, old: dict[str, Any], new: dict[str, Any]
    ) -> None:
        """Sets what the template now says and removes what it said before; tags from elsewhere stay."""
        now = self.wanted(ctx, new)
        before = {**of_stack(ctx.type_name, ctx.previous_tags), **as_map(old.get(self.property))}
        gone = [key for key in before if key not in now]
        if now == before or not self.updatable:
            return
        identifier = self.identify(resource, ctx, physical_id, new)
        target = {self.resource: [identifier] if self.many else identifier, **(self.fixed or {})}
        api = ctx.client(resource.service)
        if gone:
            getattr(api, self.remove)(**target, **{self.keys: self.keys_form(gone)})
        if now:
            getattr(api, self.add)(**target, **{self.tags: self.form(now)})

    def keys_form(self, keys: list[str]) -> Any:
        return [{"Key": key} for key in keys] if self.keys == "Tags" else keys


Tags = NoTags | TagCalls
NO_TAGS = NoTags()


def lower(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """The form of services with lower-case members (CodePipeline, Step Functions)."""
    return [{"key": key, "value": value} for key, value in tags.items()]


def ec2_specification(kind: str, tags: Mapping[str, str]) -> dict[str, Any]:
    """TagSpecifications of an EC2 creation; an empty list of tags is an error there, so none is left out."""
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": as_list(tags)}]} if tags else {}


EC2_TAGS = TagCalls(add="create_tags", remove="delete_tags", resource="Resources", many=True, keys="Tags")
