"""AWS::Route53::RecordSet and AWS::Route53::RecordSetGroup."""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model, UpdateRequiresReplacement
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.route53 import record

_KEY = ("Name", "Type", "SetIdentifier")


class RecordSet(Resource):
    """Ref is the record's name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-recordset.html
    """

    type_name = "AWS::Route53::RecordSet"
    service = "route53"
    refused = {"CidrRoutingConfig": "routing by address is not done here"}

    def make(self, ctx: Context, properties: Model) -> str:
        zone = record.zone(ctx, properties)
        record.change(ctx, zone, [("CREATE", record.record(properties))], properties.get("Comment", ""))
        return properties["Name"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        if changed & set(_KEY):
            raise UpdateRequiresReplacement(", ".join(sorted(changed & set(_KEY))))
        record.change(ctx, record.zone(ctx, new), [("UPSERT", record.record(new))], new.get("Comment", ""))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        zone = record.zone(ctx, properties)
        found = record.find(ctx, zone, properties)
        if found:
            record.change(ctx, zone, [("DELETE", found)])

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        zone = record.zone(ctx, properties)
        found = record.find(ctx, zone, properties)
        if found is None:
            return None
        return {**record.told(found, properties), "HostedZoneId": properties.get("HostedZoneId", zone)}


class RecordSetGroup(Resource):
    """One change batch for all of its records. CloudFormation makes the id that Ref gives.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-recordsetgroup.html
    """

    type_name = "AWS::Route53::RecordSetGroup"
    service = "route53"
    unreadable = frozenset({"Comment", "HostedZoneName"})

    def make(self, ctx: Context, properties: Model) -> str:
        changes = [("CREATE", record.record(item)) for item in properties.get("RecordSets", [])]
        if changes:
            record.change(ctx, record.zone(ctx, properties), changes, properties.get("Comment", ""))
        return ctx.physical_name(128)

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        zone = record.zone(ctx, new)
        kept = {_key(item) for item in new.get("RecordSets", [])}
        gone = [record.find(ctx, zone, item) for item in old.get("RecordSets", []) if _key(item) not in kept]
        changes = [("DELETE", item) for item in gone if item]
        changes += [("UPSERT", record.record(item)) for item in new.get("RecordSets", [])]
        if changes:
            record.change(ctx, zone, changes, new.get("Comment", ""))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        zone = record.zone(ctx, properties)
        found = [record.find(ctx, zone, item) for item in properties.get("RecordSets", [])]
        changes = [("DELETE", item) for item in found if item]
        if changes:
            record.change(ctx, zone, changes)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        zone = record.zone(ctx, properties)
        pairs = [(record.find(ctx, zone, item), item) for item in properties.get("RecordSets", [])]
        told = [record.told(found, item) for found, item in pairs if found]
        if pairs and not told:
            return None
        return {"Id": physical_id, "HostedZoneId": properties.get("HostedZoneId", zone), "RecordSets": told}


def _key(item: Model) -> tuple[Any, ...]:
    return (item["Name"].rstrip(".").lower(), item["Type"], item.get("SetIdentifier"))
