"""Gateways, addresses and endpoints of a VPC."""

from dataclasses import replace

from botocore.exceptions import ClientError

from rehearsal.cloudformation.handler import Context, Model
from rehearsal.cloudformation.handlers.ec2.common import Ec2Resource, Patient, only
from rehearsal.cloudformation.handlers.tags import EC2_TAGS, attribute
from rehearsal.cloudformation.handlers.wait import until, until_state

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


class VpcEndpoint(Ec2Resource):
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html"""

    type_name = "AWS::EC2::VPCEndpoint"
    kind = "vpc-endpoint"
    renames = {"Id": "VpcEndpointId"}
    refused = {
        "DnsOptions": "endpoints have no names of their own here",
        "IpAddressType": "the rehearsal's networks are IPv4 only",
        "ResourceConfigurationArn": "VPC Lattice does not exist in the rehearsal",
        "ServiceNetworkArn": "VPC Lattice does not exist in the rehearsal",
        "ServiceRegion": "endpoints reach their own region only",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("ec2")
        own = {k: v for k, v in properties.items() if k != "Tags"}
        arguments = self.args("create_vpc_endpoint", own)
        reply = api.create_vpc_endpoint(**arguments, **self.specification(ctx, properties), ClientToken=ctx.token)
        endpoint = reply["VpcEndpoint"]["VpcEndpointId"]
        ctx.created(endpoint)
        until_state(ctx, endpoint, lambda: self._state(ctx, endpoint), {"available"}, {"failed", "rejected"})
        return endpoint

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        arguments = self.some("modify_vpc_endpoint", new, changed & {"PolicyDocument", "PrivateDnsEnabled"})
        lists = (
            ("RouteTableIds", "RouteTableIds"),
            ("SubnetIds", "SubnetIds"),
            ("SecurityGroupIds", "SecurityGroupIds"),
        )
        for name, member in lists:
            before, after = set(old.get(name, [])), set(new.get(name, []))
            if after - before:
                arguments[f"Add{member}"] = sorted(after - before)
            if before - after:
                arguments[f"Remove{member}"] = sorted(before - after)
        if "PolicyDocument" in changed and "PolicyDocument" not in new:
            arguments["ResetPolicy"] = True
        ctx.client("ec2").modify_vpc_endpoint(VpcEndpointId=physical_id, **arguments)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[physical_id])
        until(ctx, f"{physical_id} deletion", lambda: self._state(ctx, physical_id) in (None, "deleted"))

    def _state(self, ctx: Context, endpoint: str) -> str | None:
        model = self._look(ctx, endpoint)
        return model and model["State"].lower()

    def _look(self, ctx: Context, endpoint: str) -> dict | None:
        try:
            return only(ctx.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint]), "VpcEndpoints")
        except ClientError as error:
            if self.is_missing(error):
                return None
            raise

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = self._look(ctx, physical_id)
        if found is None or found["State"].lower() in ("deleting", "deleted"):
            return None
        model = self.model({k: v for k, v in found.items() if k != "DnsEntries"})
        model["SecurityGroupIds"] = [group["GroupId"] for group in found.get("Groups", [])]
        model["DnsEntries"] = [
            f"{entry.get('HostedZoneId', '')}:{entry['DnsName']}" for entry in found.get("DnsEntries", [])
        ]
        return model
