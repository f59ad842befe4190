"""AWS::ElasticLoadBalancingV2::LoadBalancer.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-loadbalancer.html
"""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.elbv2.common import NAME, Elbv2Resource, only_named, pairs, reset
from rehearsal.services.cloudformation.handlers.wait import until, until_state

_LATER = {"LoadBalancerAttributes", "Tags"}
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
_DEFAULTS = {
    "deletion_protection.enabled": "false",
    "access_logs.s3.enabled": "false",
    "idle_timeout.timeout_seconds": "60",
    "routing.http.drop_invalid_header_fields.enabled": "false",
    "routing.http2.enabled": "true",
}


class LoadBalancer(Elbv2Resource):
    """Ref is the ARN. Complete when it is active, deleted when it is gone, since its security groups wait for that."""

    type_name = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    missing = ("LoadBalancerNotFound",)
    refused = {
        "EnableCapacityReservationProvisionStabilize": "capacity is not reserved here",
        "EnablePrefixForIpv6SourceNat": "the rehearsal's networks are IPv4 only",
        "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "PrivateLink does not exist in the rehearsal",
        "Ipv4IpamPoolId": "IP address managers do not exist in the rehearsal",
        "MinimumLoadBalancerCapacity": "capacity is not reserved here",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("elbv2")
        wanted = {"Name": ctx.physical_name(NAME), **properties}
        arguments = self.some("create_load_balancer", wanted, wanted.keys() - _LATER)
        arn = api.create_load_balancer(**arguments, **self.tagged(ctx, properties))["LoadBalancers"][0][
            "LoadBalancerArn"
        ]
        ctx.created(arn)
        until_state(ctx, arn, lambda: self._find(ctx, arn)["State"]["Code"], {"active", "active_impaired"}, {"failed"})
        if "LoadBalancerAttributes" in properties:
            self._attributes(ctx, arn, pairs(properties, "LoadBalancerAttributes"))
        return arn

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("elbv2")
        if "LoadBalancerAttributes" in changed:
            before, after = pairs(old, "LoadBalancerAttributes"), pairs(new, "LoadBalancerAttributes")
            self._attributes(ctx, physical_id, reset(before, after, _DEFAULTS))
        if "SecurityGroups" in changed:
            api.set_security_groups(LoadBalancerArn=physical_id, SecurityGroups=new.get("SecurityGroups", []))
        if changed & {"Subnets", "SubnetMappings"}:
            arguments = self.args("set_subnets", new, "Subnets", "SubnetMappings")
            api.set_subnets(LoadBalancerArn=physical_id, **arguments)
        if "IpAddressType" in changed:
            api.set_ip_address_type(LoadBalancerArn=physical_id, IpAddressType=new.get("IpAddressType", "ipv4"))

    def _attributes(self, ctx: Context, arn: str, attributes: list[dict[str, str]]) -> None:
        if attributes:
            ctx.client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=attributes)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        # DeleteLoadBalancer succeeds for one that is gone; a protected one is refused in ELB's words.
        ctx.client("elbv2").delete_load_balancer(LoadBalancerArn=physical_id)
        until(ctx, f"{physical_id} deletion", lambda: not self.exists(ctx, physical_id, properties))

    def _find(self, ctx: Context, arn: str) -> dict[str, Any]:
        return ctx.client("elbv2").describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = self._find(ctx, physical_id)
        told = ctx.client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=physical_id)["Attributes"]
        model = self.model(found)
        model["Name"] = found["LoadBalancerName"]
        model["LoadBalancerFullName"] = physical_id.partition(":loadbalancer/")[2]
        zones = found.get("AvailabilityZones", [])
        model["Subnets"] = [zone["SubnetId"] for zone in zones]
        model["SubnetMappings"] = [_mapping(zone) for zone in zones]
        model["LoadBalancerAttributes"] = only_named(told, properties.get("LoadBalancerAttributes", []))
        model["Tags"] = self.read_tags(ctx, physical_id)
        return model


def _mapping(zone: dict[str, Any]) -> dict[str, Any]:
    address = zone["LoadBalancerAddresses"][0] if zone.get("LoadBalancerAddresses") else {}
    told = {"SubnetId": zone["SubnetId"], "AllocationId": address.get("AllocationId")}
    return {name: value for name, value in told.items() if value}
