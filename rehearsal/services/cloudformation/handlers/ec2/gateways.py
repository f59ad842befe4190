"""Gateways of a VPC, and NAT gateways."""

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.ec2.common import Ec2Resource, Patient, only
from rehearsal.services.cloudformation.handlers.wait import until, until_state

_REGIONAL = "regional NAT gateways do not exist in the rehearsal"


class InternetGateway(Ec2Resource):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-internetgateway.html"""

    type_name = "AWS::EC2::InternetGateway"
    kind = "internet-gateway"

    def make(self, ctx: Context, properties: Model) -> str:
        reply = ctx.client("ec2").create_internet_gateway(**self.specification(ctx, properties))
        return reply["InternetGateway"]["InternetGatewayId"]

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("ec2").delete_internet_gateway(InternetGatewayId=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = only(ctx.client("ec2").describe_internet_gateways(InternetGatewayIds=[physical_id]), "InternetGateways")
        return found and self.model(found)


class VpcGatewayAttachment(Patient):
    """The physical id is `IGW|vpc-...`, the registry's composite identifier.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcgatewayattachment.html
    """

    type_name = "AWS::EC2::VPCGatewayAttachment"
    refused = {"VpnGatewayId": "VPN gateways do not exist in the rehearsal"}

    def make(self, ctx: Context, properties: Model) -> str:
        self._attach(ctx, properties)
        return f"IGW|{properties['VpcId']}"

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        self.remove(ctx, physical_id, old)
        self._attach(ctx, new)

    def _attach(self, ctx: Context, properties: Model) -> None:
        ctx.client("ec2").attach_internet_gateway(
            InternetGatewayId=properties["InternetGatewayId"], VpcId=properties["VpcId"]
        )

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        found = self.describe(ctx, physical_id, properties)
        if found:
            ctx.client("ec2").detach_internet_gateway(
                InternetGatewayId=found["InternetGatewayId"], VpcId=found["VpcId"]
            )

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        vpc = physical_id.partition("|")[2]
        reply = ctx.client("ec2").describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])
        gateway = only(reply, "InternetGateways")
        return gateway and {"AttachmentType": "IGW", "VpcId": vpc, "InternetGatewayId": gateway["InternetGatewayId"]}


class NatGateway(Ec2Resource):
    """Available before the resource is complete, gone before its deletion is: routes and addresses depend on it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-natgateway.html
    """

    type_name = "AWS::EC2::NatGateway"
    kind = "natgateway"
    refused = {
        "AvailabilityMode": _REGIONAL,
        "AvailabilityZoneAddresses": _REGIONAL,
        "SecondaryAllocationIds": "a NAT gateway has one address in the rehearsal",
        "SecondaryPrivateIpAddressCount": "a NAT gateway has one address in the rehearsal",
        "SecondaryPrivateIpAddresses": "a NAT gateway has one address in the rehearsal",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("ec2")
        arguments = self.args(
            "create_nat_gateway", properties, "AllocationId", "SubnetId", "ConnectivityType", "PrivateIpAddress"
        )
        reply = api.create_nat_gateway(**arguments, **self.specification(ctx, properties), ClientToken=ctx.token)
        gateway = reply["NatGateway"]["NatGatewayId"]
        ctx.created(gateway)
        until_state(ctx, gateway, lambda: self._state(ctx, gateway), {"available"}, {"failed", "deleted"})
        return gateway

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        """MaxDrainDurationSeconds matters only when a secondary address goes, so there is nothing to call."""

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("ec2").delete_nat_gateway(NatGatewayId=physical_id)
        until(ctx, f"{physical_id} deletion", lambda: self._state(ctx, physical_id) in (None, "deleted"))

    def _state(self, ctx: Context, gateway: str) -> str | None:
        found = only(ctx.client("ec2").describe_nat_gateways(NatGatewayIds=[gateway]), "NatGateways")
        return found and found["State"]

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = only(ctx.client("ec2").describe_nat_gateways(NatGatewayIds=[physical_id]), "NatGateways")
        if found is None or found["State"] in ("deleted", "deleting"):
            return None
        model = self.model(found)
        address = found["NatGatewayAddresses"][0] if found["NatGatewayAddresses"] else {}
        if "AllocationId" in address:
            model["AllocationId"] = address["AllocationId"]
        if "PrivateIp" in address:
            model["PrivateIpAddress"] = address["PrivateIp"]
        model["EniId"] = address.get("NetworkInterfaceId")
        return model
