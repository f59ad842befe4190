"""CodeConnections: AWS::CodeConnections::Connection."""

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list


class Connection(Resource):
    """Ref is the ARN. A new connection is PENDING until a person completes it at the provider.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codeconnections-connection.html
    """

    type_name = "AWS::CodeConnections::Connection"
    service = "codeconnections"
    tags = TagCalls(add="tag_resource", remove="untag_resource", resource="ResourceArn")

    def make(self, ctx: Context, properties: Model) -> str:
        own = self.some("create_connection", properties, properties.keys() - {"Tags"})
        tags = self.tags.wanted(ctx, properties)
        reply = ctx.client("codeconnections").create_connection(**own, **({"Tags": as_list(tags)} if tags else {}))
        return reply["ConnectionArn"]

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("codeconnections").delete_connection(ConnectionArn=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("codeconnections")
        found = api.get_connection(ConnectionArn=physical_id)["Connection"]
        tags = api.list_tags_for_resource(ResourceArn=physical_id)["Tags"]
        return {**self.model(found), "Tags": tags}


HANDLERS = (Connection(),)
