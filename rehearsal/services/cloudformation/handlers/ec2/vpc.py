"""AWS::EC2::VPC and AWS::EC2::Subnet."""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model, UpdateRequiresReplacement
from rehearsal.services.cloudformation.handlers.ec2.common import IPAM, IPV6, OUTPOST, Ec2Resource, only
from rehearsal.services.cloudformation.handlers.wait import until_state


class Vpc(Ec2Resource):
    """Ref is the VPC's id.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpc.html
    """

    type_name = "AWS::EC2::VPC"
    kind = "vpc"
    refused = {
        "Ipv4IpamPoolId": IPAM,
        "Ipv4NetmaskLength": IPAM,
        "VpcEncryptionControl": "traffic between instances is not encrypted here",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("ec2")
        arguments = self.args("create_vpc", properties, "CidrBlock", "InstanceTenancy")
        vpc = api.create_vpc(**arguments, **self.specification(ctx, properties))["Vpc"]["VpcId"]
        ctx.created(vpc)
        until_state(ctx, vpc, lambda: api.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["State"], {"available"})
        self._dns(api, vpc, properties, properties.keys())
        return vpc

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        if "InstanceTenancy" in changed:
            # Only from dedicated to default can a VPC be changed.
            if new.get("InstanceTenancy", "default") != "default":
                raise UpdateRequiresReplacement("InstanceTenancy")
            ctx.client("ec2").modify_vpc_tenancy(VpcId=physical_id, InstanceTenancy="default")
        self._dns(ctx.client("ec2"), physical_id, new, changed)

    def _dns(self, api: Any, vpc: str, properties: Model, among: Any) -> None:
        # One attribute a call; host names need the DNS support first.
        for name, default in (("EnableDnsSupport", True), ("EnableDnsHostnames", False)):
            if name in among:
                api.modify_vpc_attribute(VpcId=vpc, **{name: {"Value": properties.get(name, default)}})

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("ec2").delete_vpc(VpcId=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("ec2")
        vpc = only(api.describe_vpcs(VpcIds=[physical_id]), "Vpcs")
        if vpc is None:
            return None
        here = [{"Name": "vpc-id", "Values": [physical_id]}]
        groups = api.describe_security_groups(Filters=[*here, {"Name": "group-name", "Values": ["default"]}])
        acls = api.describe_network_acls(Filters=[*here, {"Name": "default", "Values": ["true"]}])
        model = self.model(vpc)
        for name, key in (("EnableDnsSupport", "enableDnsSupport"), ("EnableDnsHostnames", "enableDnsHostnames")):
            model[name] = api.describe_vpc_attribute(VpcId=physical_id, Attribute=key)[name]["Value"]
        model["CidrBlockAssociations"] = [a["AssociationId"] for a in vpc.get("CidrBlockAssociationSet", [])]
        model["Ipv6CidrBlocks"] = [a["Ipv6CidrBlock"] for a in vpc.get("Ipv6CidrBlockAssociationSet", [])]
        model["DefaultSecurityGroup"] = groups["SecurityGroups"][0]["GroupId"] if groups["SecurityGroups"] else None
        model["DefaultNetworkAcl"] = acls["NetworkAcls"][0]["NetworkAclId"] if acls["NetworkAcls"] else None
        return model


class Subnet(Ec2Resource):
    """Ref is the subnet's id.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnet.html
    """

    type_name = "AWS::EC2::Subnet"
    kind = "subnet"
    refused = {
        "AssignIpv6AddressOnCreation": IPV6,
        "EnableDns64": IPV6,
        "EnableLniAtDeviceIndex": OUTPOST,
        "Ipv4IpamPoolId": IPAM,
        "Ipv4NetmaskLength": IPAM,
        "Ipv6CidrBlock": IPV6,
        "Ipv6IpamPoolId": IPAM,
        "Ipv6Native": IPV6,
        "Ipv6NetmaskLength": IPAM,
        "OutpostArn": OUTPOST,
        "PrivateDnsNameOptionsOnLaunch": "instances have IP names only",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("ec2")
        arguments = self.args(
            "create_subnet", properties, "VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId"
        )
        subnet = api.create_subnet(**arguments, **self.specification(ctx, properties))["Subnet"]["SubnetId"]
        ctx.created(subnet)
        until_state(ctx, subnet, lambda: api.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["State"], {"available"})
        if "MapPublicIpOnLaunch" in properties:
            self._map_public(ctx, subnet, properties)
        return subnet

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        self._map_public(ctx, physical_id, new)

    def _map_public(self, ctx: Context, subnet: str, properties: Model) -> None:
        value = properties.get("MapPublicIpOnLaunch", False)
        ctx.client("ec2").modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": value})

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("ec2").delete_subnet(SubnetId=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("ec2")
        subnet = only(api.describe_subnets(SubnetIds=[physical_id]), "Subnets")
        if subnet is None:
            return None
        acls = api.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [physical_id]}])
        associations = [a for acl in acls["NetworkAcls"] for a in acl["Associations"] if a["SubnetId"] == physical_id]
        model = self.model(subnet)
        model["Ipv6CidrBlocks"] = [a["Ipv6CidrBlock"] for a in subnet.get("Ipv6CidrBlockAssociationSet", [])]
        model["NetworkAclAssociationId"] = associations[0]["NetworkAclAssociationId"] if associations else None
        model["BlockPublicAccessStates"] = subnet.get("BlockPublicAccessStates", {"InternetGatewayBlockMode": "off"})
        return model
