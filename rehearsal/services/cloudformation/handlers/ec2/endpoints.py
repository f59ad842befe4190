"""AWS::EC2::VPCEndpoint."""

from botocore.exceptions import ClientError

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.ec2.common import Ec2Resource, only
from rehearsal.services.cloudformation.handlers.wait import until, until_state


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
