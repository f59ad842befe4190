"""AWS::EC2::FlowLog.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-flowlog.html
"""

from rehearsal.services.cloudformation.handler import Context, HandlerFailure, Model
from rehearsal.services.cloudformation.handlers.ec2.common import Ec2Resource, only


class FlowLog(Ec2Resource):
    type_name = "AWS::EC2::FlowLog"
    kind = "vpc-flow-log"
    refused = {
        "DeliverCrossAccountRole": "flow logs stay in their account here",
        "DestinationOptions": "flow logs are not written to files here",
        "TagFieldSpecifications": "flow logs carry no tags of resources here",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        own = self.some("create_flow_logs", properties, properties.keys() - {"ResourceId", "Tags"})
        reply = ctx.client("ec2").create_flow_logs(
            ResourceIds=[properties["ResourceId"]],
            ClientToken=ctx.token,
            **own,
            **self.specification(ctx, properties),
        )
        # A flow log that could not be made is told in a reply of 200.
        if reply.get("Unsuccessful"):
            raise HandlerFailure(reply["Unsuccessful"][0]["Error"]["Message"])
        return reply["FlowLogIds"][0]

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        if self.exists(ctx, physical_id, properties):
            ctx.client("ec2").delete_flow_logs(FlowLogIds=[physical_id])

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = only(ctx.client("ec2").describe_flow_logs(FlowLogIds=[physical_id]), "FlowLogs")
        if found is None:
            return None
        # The kind of the resource is in its id alone.
        kinds = {"vpc": "VPC", "subnet": "Subnet", "eni": "NetworkInterface"}
        kind = kinds.get(found["ResourceId"].partition("-")[0])
        return self.model({**found, "Id": physical_id, "ResourceType": kind})
