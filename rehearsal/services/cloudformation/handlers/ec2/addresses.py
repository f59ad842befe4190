"""AWS::EC2::EIP."""

from dataclasses import replace

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.ec2.common import Ec2Resource, only
from rehearsal.services.cloudformation.handlers.tags import EC2_TAGS, attribute


class Eip(Ec2Resource):
    """Ref is the public address, AllocationId an attribute.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-eip.html
    """

    type_name = "AWS::EC2::EIP"
    kind = "elastic-ip"
    tags = replace(EC2_TAGS, identify=attribute("AllocationId"))
    refused = {
        "Address": "address recovery does not exist in the rehearsal",
        "IpamPoolId": "IP address managers do not exist in the rehearsal",
        "PublicIpv4Pool": "address pools do not exist in the rehearsal",
        "TransferAddress": "address transfers do not exist in the rehearsal",
    }
    missing = ("InvalidAddress.NotFound", "InvalidAllocationID.NotFound")

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("ec2")
        arguments = self.args("allocate_address", {"Domain": "vpc", **properties}, "Domain", "NetworkBorderGroup")
        reply = api.allocate_address(**arguments, **self.specification(ctx, properties))
        ctx.created(reply["PublicIp"])
        if "InstanceId" in properties:
            api.associate_address(AllocationId=reply["AllocationId"], InstanceId=properties["InstanceId"])
        return reply["PublicIp"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("ec2")
        address = self._address(ctx, physical_id)
        if "InstanceId" in changed and address:
            if address.get("AssociationId"):
                api.disassociate_address(AssociationId=address["AssociationId"])
            if "InstanceId" in new:
                api.associate_address(AllocationId=address["AllocationId"], InstanceId=new["InstanceId"])

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        address = self._address(ctx, physical_id)
        if not address:
            return
        if address.get("AssociationId"):
            ctx.client("ec2").disassociate_address(AssociationId=address["AssociationId"])
        ctx.client("ec2").release_address(AllocationId=address["AllocationId"])

    def _address(self, ctx: Context, public_ip: str) -> dict | None:
        return only(ctx.client("ec2").describe_addresses(PublicIps=[public_ip]), "Addresses")

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        address = self._address(ctx, physical_id)
        return address and self.model({k: v for k, v in address.items() if v != ""})
