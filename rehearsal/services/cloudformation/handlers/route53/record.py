"""A record set in a template's words and in Route 53's, and its changes."""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, HandlerFailure, Model
from rehearsal.services.cloudformation.handlers.route53.changes import ZONE, as_given, in_sync
from rehearsal.services.cloudformation.handlers.shapes import to_model


def record(properties: Model) -> dict[str, Any]:
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


def zone(ctx: Context, properties: Model) -> str:
    if "HostedZoneId" in properties:
        return properties["HostedZoneId"].removeprefix(ZONE)
    name = properties["HostedZoneName"]
    pages = ctx.client("route53").get_paginator("list_hosted_zones").paginate()
    found = [zone for page in pages for zone in page["HostedZones"]]
    zones = [zone for zone in found if zone["Name"].rstrip(".") == name.rstrip(".")]
    if len(zones) != 1:
        raise HandlerFailure(f"{'No' if not zones else 'More than one'} hosted zone is named {name}", "InvalidRequest")
    return zones[0]["Id"].removeprefix(ZONE)


def change(ctx: Context, zone: str, changes: list[tuple[str, dict[str, Any]]], comment: str = "") -> None:
    batch = {"Comment": comment, "Changes": [{"Action": action, "ResourceRecordSet": item} for action, item in changes]}
    reply = ctx.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    in_sync(ctx, reply["ChangeInfo"])


def find(ctx: Context, zone: str, wanted: Model) -> dict[str, Any] | None:
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


def told(found: dict[str, Any], given: Model) -> Model:
    model = to_model("AWS::Route53::RecordSet", {n: v for n, v in found.items() if n != "ResourceRecords"})
    if found.get("ResourceRecords"):
        model["ResourceRecords"] = [item["Value"] for item in found["ResourceRecords"]]
    model["Name"] = as_given(found["Name"], given.get("Name"))
    if "AliasTarget" in model and "AliasTarget" in given:
        target = model["AliasTarget"]
        target["DNSName"] = as_given(target["DNSName"], given["AliasTarget"].get("DNSName"))
    return model
