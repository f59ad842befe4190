"""Resource Groups: AWS::ResourceGroups::Group."""

import json
from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list, as_map, attribute


class Group(Resource):
    """Ref is the name. A query without more is the stack's own resources.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-resourcegroups-group.html
    """

    type_name = "AWS::ResourceGroups::Group"
    service = "resource-groups"
    tags = TagCalls(add="tag", remove="untag", resource="Arn", keys="Keys", form=dict, identify=attribute("Arn"))
    refused = {
        "Configuration": "groups configure no service here",
        "Resources": "groups are made by query here",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        own = self.args("create_group", properties, "Name", "Description")
        query = _query(ctx, properties)
        tags = self.tags.wanted(ctx, properties)
        ctx.client("resource-groups").create_group(**own, ResourceQuery=query, **({"Tags": tags} if tags else {}))
        return properties["Name"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("resource-groups")
        if "Description" in changed:
            api.update_group(GroupName=physical_id, Description=new.get("Description", ""))
        if "ResourceQuery" in changed:
            api.update_group_query(GroupName=physical_id, ResourceQuery=_query(ctx, new))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("resource-groups").delete_group(GroupName=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("resource-groups")
        group = api.get_group(GroupName=physical_id)["Group"]
        query = api.get_group_query(GroupName=physical_id)["GroupQuery"]["ResourceQuery"]
        tags = api.get_tags(Arn=group["GroupArn"])["Tags"]
        return {
            **self.model(group),
            "Arn": group["GroupArn"],
            "ResourceQuery": {"Type": query["Type"], "Query": json.loads(query["Query"])},
            "Tags": as_list(as_map(tags)),
        }


def _query(ctx: Context, properties: Model) -> dict[str, Any]:
    given = properties.get("ResourceQuery", {"Type": "CLOUDFORMATION_STACK_1_0"})
    query = dict(given.get("Query", {}))
    query.setdefault("ResourceTypeFilters", ["AWS::AllSupported"])
    if given["Type"] == "CLOUDFORMATION_STACK_1_0":
        query.setdefault("StackIdentifier", ctx.stack_id)
    return {"Type": given["Type"], "Query": json.dumps(query)}


HANDLERS = (Group(),)
