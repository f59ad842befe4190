"""AWS::Route53::HostedZone."""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model, UpdateRequiresReplacement
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.route53.changes import ZONE, as_given, in_sync
from rehearsal.services.cloudformation.handlers.tags import TagCalls


class HostedZone(Resource):
    """Ref is the zone's id. A zone with records of others in it is refused by Route 53 on deletion.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-hostedzone.html
    """

    type_name = "AWS::Route53::HostedZone"
    service = "route53"
    tags = TagCalls(
        add="change_tags_for_resource", remove="change_tags_for_resource", resource="ResourceId",
        tags="AddTags", keys="RemoveTagKeys", property="HostedZoneTags", fixed={"ResourceType": "hostedzone"},
    )  # fmt: skip
    refused = {
        "DelegationSetId": "delegation sets do not exist in the rehearsal",
        "HostedZoneFeatures": "accelerated recovery does not exist in the rehearsal",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("route53")
        vpcs = properties.get("VPCs", [])
        config = {**properties.get("HostedZoneConfig", {}), "PrivateZone": bool(vpcs)}
        first = {"VPC": vpcs[0]} if vpcs else {}
        reply = api.create_hosted_zone(
            Name=properties["Name"], CallerReference=ctx.token, HostedZoneConfig=config, **first
        )
        zone = reply["HostedZone"]["Id"].removeprefix(ZONE)
        ctx.created(zone)
        for vpc in vpcs[1:]:
            api.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=vpc)
        self._log(api, zone, properties)
        self.tags.update(self, ctx, zone, {}, properties)
        in_sync(ctx, reply["ChangeInfo"])
        return zone

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("route53")
        if "HostedZoneConfig" in changed:
            comment = new.get("HostedZoneConfig", {}).get("Comment", "")
            api.update_hosted_zone_comment(Id=physical_id, Comment=comment)
        before, after = old.get("VPCs", []), new.get("VPCs", [])
        if bool(before) != bool(after):
            raise UpdateRequiresReplacement("VPCs")  # a public zone never becomes a private one
        for vpc in [item for item in after if item not in before]:
            api.associate_vpc_with_hosted_zone(HostedZoneId=physical_id, VPC=vpc)
        for vpc in [item for item in before if item not in after]:
            api.disassociate_vpc_from_hosted_zone(HostedZoneId=physical_id, VPC=vpc)
        if "QueryLoggingConfig" in changed:
            for found in api.list_query_logging_configs(HostedZoneId=physical_id)["QueryLoggingConfigs"]:
                api.delete_query_logging_config(Id=found["Id"])
            self._log(api, physical_id, new)

    def _log(self, api: Any, zone: str, properties: Model) -> None:
        if "QueryLoggingConfig" in properties:
            group = properties["QueryLoggingConfig"]["CloudWatchLogsLogGroupArn"]
            api.create_query_logging_config(HostedZoneId=zone, CloudWatchLogsLogGroupArn=group)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        api = ctx.client("route53")
        for found in api.list_query_logging_configs(HostedZoneId=physical_id)["QueryLoggingConfigs"]:
            api.delete_query_logging_config(Id=found["Id"])
        api.delete_hosted_zone(Id=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("route53")
        reply = api.get_hosted_zone(Id=physical_id)
        zone = reply["HostedZone"]
        comment = zone.get("Config", {}).get("Comment")
        tags = api.list_tags_for_resource(ResourceType="hostedzone", ResourceId=physical_id)["ResourceTagSet"]["Tags"]
        logging = api.list_query_logging_configs(HostedZoneId=physical_id)["QueryLoggingConfigs"]
        model: Model = {
            "Id": physical_id,
            "Name": as_given(zone["Name"], properties.get("Name")),
            "NameServers": reply.get("DelegationSet", {}).get("NameServers", []),
            "VPCs": [{"VPCId": vpc["VPCId"], "VPCRegion": vpc["VPCRegion"]} for vpc in reply.get("VPCs", [])],
            "HostedZoneTags": tags,
        }
        if comment:
            model["HostedZoneConfig"] = {"Comment": comment}
        if logging:
            model["QueryLoggingConfig"] = {"CloudWatchLogsLogGroupArn": logging[0]["CloudWatchLogsLogGroupArn"]}
        return model
