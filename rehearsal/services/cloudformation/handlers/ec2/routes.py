"""AWS::EC2::RouteTable, Route and SubnetRouteTableAssociation."""

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.ec2.common import Ec2Resource, only

_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


class RouteTable(Ec2Resource):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-routetable.html"""

    type_name = "AWS::EC2::RouteTable"
    kind = "route-table"

    def make(self, ctx: Context, properties: Model) -> str:
        reply = ctx.client("ec2").create_route_table(
            VpcId=properties["VpcId"], **self.specification(ctx, properties), ClientToken=ctx.token
        )
        return reply["RouteTable"]["RouteTableId"]

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("ec2").delete_route_table(RouteTableId=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = only(ctx.client("ec2").describe_route_tables(RouteTableIds=[physical_id]), "RouteTables")
        return found and self.model(found)


class Route(Resource):
    """Ref is `rtb-...|10.0.0.0/8`, table and destination.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-route.html
    """

    type_name = "AWS::EC2::Route"
    service = "ec2"
    refused = {
        "CarrierGatewayId": "carrier gateways do not exist in the rehearsal",
        "CoreNetworkArn": "core networks do not exist in the rehearsal",
        "LocalGatewayId": "Outposts do not exist in the rehearsal",
        "OdbNetworkArn": "Oracle networks do not exist in the rehearsal",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        ctx.client("ec2").create_route(**self.args("create_route", properties))
        return f"{properties['RouteTableId']}|{_destination(properties)[1]}"

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        ctx.client("ec2").replace_route(**self.args("replace_route", new))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("ec2").delete_route(**self.args("delete_route", properties, "RouteTableId", *_DESTINATIONS))

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        table = physical_id.partition("|")[0]
        member, destination = _destination(properties)
        found = only(ctx.client("ec2").describe_route_tables(RouteTableIds=[table]), "RouteTables")
        routes = [route for route in found["Routes"] if route.get(member) == destination] if found else []
        if not routes:
            return None
        route = {key: value for key, value in routes[0].items() if value}
        model = self.model({**route, "RouteTableId": table, "CidrBlock": destination})
        # An endpoint, like a gateway, is told as GatewayId.
        target = route.get("GatewayId", "")
        if target.startswith("vpce-") and "VpcEndpointId" in properties:
            model["VpcEndpointId"] = model.pop("GatewayId")
        return model


def _destination(properties: Model) -> tuple[str, str]:
    return next((name, properties[name]) for name in _DESTINATIONS if name in properties)


class SubnetRouteTableAssociation(Resource):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnetroutetableassociation.html"""

    type_name = "AWS::EC2::SubnetRouteTableAssociation"
    service = "ec2"

    def make(self, ctx: Context, properties: Model) -> str:
        arguments = self.args("associate_route_table", properties)
        return ctx.client("ec2").associate_route_table(**arguments)["AssociationId"]

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("ec2").disassociate_route_table(AssociationId=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        filters = [{"Name": "association.route-table-association-id", "Values": [physical_id]}]
        tables = ctx.client("ec2").describe_route_tables(Filters=filters)["RouteTables"]
        for association in (a for table in tables for a in table["Associations"]):
            if association["RouteTableAssociationId"] == physical_id:
                return self.model({**association, "Id": physical_id})
        return None
