"""Route 53: hosted zones, record sets and groups of record sets."""

from typing import Any

from rehearsal.cloudformation.handler import Context, HandlerFailure, Model, UpdateRequiresReplacement
from rehearsal.cloudformation.handlers.base import Resource
from rehearsal.cloudformation.handlers.shapes import to_model
from rehearsal.cloudformation.handlers.tags import TagCalls
from rehearsal.cloudformation.handlers.wait import until

_ZONE = "/hostedzone/"
_KEY = ("Name", "Type", "SetIdentifier")


def _in_sync(ctx: Context, change: dict[str, Any]) -> None:
    """Changes reach all name servers before CloudFormation calls the resource complete."""
    api = ctx.client("route53")
    identifier = change["Id"].rpartition("/")[2]
    until(ctx, f"change {identifier}", lambda: api.get_change(Id=identifier)["ChangeInfo"]["Status"] == "INSYNC")


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
        zone = reply["HostedZone"]["Id"].removeprefix(_ZONE)
        ctx.created(zone)
        for vpc in vpcs[1:]:
            api.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=vpc)
        self._log(api, zone, properties)
        self.tags.update(self, ctx, zone, {}, properties)
        _in_sync(ctx, reply["ChangeInfo"])
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
            "Name": _as_given(zone["Name"], properties.get("Name")),
            "NameServers": reply.get("DelegationSet", {}).get("NameServers", []),
            "VPCs": [{"VPCId": vpc["VPCId"], "VPCRegion": vpc["VPCRegion"]} for vpc in reply.get("VPCs", [])],
            "HostedZoneTags": tags,
        }
        if comment:
            model["HostedZoneConfig"] = {"Comment": comment}
        if logging:
            model["QueryLoggingConfig"] = {"CloudWatchLogsLogGroupArn": logging[0]["CloudWatchLogsLogGroupArn"]}
        return model


def _as_given(name: str, given: str | None) -> str:
    """Names with and without the last dot are the same; Route 53 tells them with it, and a star as \\052."""
    plain = name.replace("\\052", "*")
    return given if given and given.rstrip(".").lower() == plain.rstrip(".").lower() else plain


def _record(properties: Model) -> dict[str, Any]:
    """A ResourceRecordSet of a template's properties."""
    other = {"HostedZoneId", "HostedZoneName", "Comment", "ResourceRecords", "TTL", "CidrRoutingConfig"}
    record = {name: value for name, value in properties.items() if name not in other}
    if "ResourceRecords" in properties:
        record["ResourceRecords"] = [{"Value": value} for value in properties["ResourceRecords"]]
    if "TTL" in properties:
        record["TTL"] = int(properties["TTL"])
    if "Weight" in record:
        record["Weight"] = int(record["Weight"])
    if "AliasTarget" in record:
        record["AliasTarget"] = {"EvaluateTargetHealth": False, **record["AliasTarget"]}
    return record


def _zone(ctx: Context, properties: Model) -> str:
    if "HostedZoneId" in properties:
        return properties["HostedZoneId"].removeprefix(_ZONE)
    name = properties["HostedZoneName"]
    pages = ctx.client("route53").get_paginator("list_hosted_zones").paginate()
    found = [zone for page in pages for zone in page["HostedZones"]]
    zones = [zone for zone in found if zone["Name"].rstrip(".") == name.rstrip(".")]
    if len(zones) != 1:
        raise HandlerFailure(f"{'No' if not zones else 'More than one'} hosted zone is named {name}", "InvalidRequest")
    return zones[0]["Id"].removeprefix(_ZONE)


def _change(ctx: Context, zone: str, changes: list[tuple[str, dict[str, Any]]], comment: str = "") -> None:
    batch = {"Comment": comment, "Changes": [{"Action": action, "ResourceRecordSet": item} for action, item in changes]}
    reply = ctx.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    _in_sync(ctx, reply["ChangeInfo"])


def _find(ctx: Context, zone: str, wanted: Model) -> dict[str, Any] | None:
    """The record set as it is now; its deletion must repeat it exactly."""
    name = wanted["Name"].rstrip(".").lower()
    reply = ctx.client("route53").list_resource_record_sets(
        HostedZoneId=zone, StartRecordName=wanted["Name"], StartRecordType=wanted["Type"]
    )
    for item in reply["ResourceRecordSets"]:
        same_name = item["Name"].replace("\\052", "*").rstrip(".").lower() == name
        if same_name and item["Type"] == wanted["Type"] and item.get("SetIdentifier") == wanted.get("SetIdentifier"):
            return item
    return None


def _told(found: dict[str, Any], given: Model) -> Model:
    model = to_model("AWS::Route53::RecordSet", {n: v for n, v in found.items() if n != "ResourceRecords"})
    if found.get("ResourceRecords"):
        model["ResourceRecords"] = [item["Value"] for item in found["ResourceRecords"]]
    model["Name"] = _as_given(found["Name"], given.get("Name"))
    if "AliasTarget" in model and "AliasTarget" in given:
        target = model["AliasTarget"]
        target["DNSName"] = _as_given(target["DNSName"], given["AliasTarget"].get("DNSName"))
    return model


class RecordSet(Resource):
    """Ref is the record's name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-recordset.html
    """

    type_name = "AWS::Route53::RecordSet"
    service = "route53"
    refused = {"CidrRoutingConfig": "routing by address is not done here"}

    def make(self, ctx: Context, properties: Model) -> str:
        zone = _zone(ctx, properties)
        _change(ctx, zone, [("CREATE", _record(properties))], properties.get("Comment", ""))
        return properties["Name"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        if changed & set(_KEY):
            raise UpdateRequiresReplacement(", ".join(sorted(changed & set(_KEY))))
        _change(ctx, _zone(ctx, new), [("UPSERT", _record(new))], new.get("Comment", ""))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        zone = _zone(ctx, properties)
        found = _find(ctx, zone, properties)
        if found:
            _change(ctx, zone, [("DELETE", found)])

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        zone = _zone(ctx, properties)
        found = _find(ctx, zone, properties)
        if found is None:
            return None
        return {**_told(found, properties), "HostedZoneId": properties.get("HostedZoneId", zone)}


class RecordSetGroup(Resource):
    """One change batch for all of its records. CloudFormation makes the id that Ref gives.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-recordsetgroup.html
    """

    type_name = "AWS::Route53::RecordSetGroup"
    service = "route53"
    unreadable = frozenset({"Comment", "HostedZoneName"})

    def make(self, ctx: Context, properties: Model) -> str:
        changes = [("CREATE", _record(item)) for item in properties.get("RecordSets", [])]
        if changes:
            _change(ctx, _zone(ctx, properties), changes, properties.get("Comment", ""))
        return ctx.physical_name(128)

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        zone = _zone(ctx, new)
        kept = {_key(item) for item in new.get("RecordSets", [])}
        gone = [_find(ctx, zone, item) for item in old.get("RecordSets", []) if _key(item) not in kept]
        changes = [("DELETE", item) for item in gone if item]
        changes += [("UPSERT", _record(item)) for item in new.get("RecordSets", [])]
        if changes:
            _change(ctx, zone, changes, new.get("Comment", ""))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        zone = _zone(ctx, properties)
        found = [_find(ctx, zone, item) for item in properties.get("RecordSets", [])]
        changes = [("DELETE", item) for item in found if item]
        if changes:
            _change(ctx, zone, changes)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        zone = _zone(ctx, properties)
        pairs = [(_find(ctx, zone, item), item) for item in properties.get("RecordSets", [])]
        told = [_told(found, item) for found, item in pairs if found]
        if pairs and not told:
            return None
        return {"Id": physical_id, "HostedZoneId": properties.get("HostedZoneId", zone), "RecordSets": told}


def _key(record: Model) -> tuple[Any, ...]:
    return (record["Name"].rstrip(".").lower(), record["Type"], record.get("SetIdentifier"))


HANDLERS = (HostedZone(), RecordSet(), RecordSetGroup())
