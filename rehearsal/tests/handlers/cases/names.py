"""Names: hosted zones and their records."""

from __future__ import annotations

from rehearsal.tests.handlers.cases.networks import tags, vpc
from rehearsal.tests.handlers.harness import Case, World


def zone(world: World) -> str:
    def make() -> str:
        reply = world.client("route53").create_hosted_zone(Name="shared.internal", CallerReference="shared")
        return reply["HostedZone"]["Id"].rpartition("/")[2]

    return world.once("zone", make)


CASES = (
    Case(
        "AWS::Route53::HostedZone",
        lambda w: {
            "Name": "hand.internal",
            "HostedZoneConfig": {"Comment": "one"},
            "VPCs": [{"VPCId": vpc(w), "VPCRegion": "us-east-1"}],
            "HostedZoneTags": tags(("Name", "one")),
        },
        (
            lambda w: {"HostedZoneConfig": {"Comment": "two"}, "HostedZoneTags": tags(("Name", "two"))},
            lambda w: {"VPCs": [{"VPCId": v, "VPCRegion": "us-east-1"} for v in (vpc(w), vpc(w, "10.7.0.0/16"))]},
        ),
    ),
    Case(
        "AWS::Route53::RecordSet",
        lambda w: {
            "HostedZoneId": zone(w),
            "Name": "db.shared.internal",
            "Type": "CNAME",
            "TTL": "60",
            "ResourceRecords": ["a.example.com"],
        },
        (lambda w: {"ResourceRecords": ["b.example.com"], "TTL": "30"},),
    ),
    Case(
        "AWS::Route53::RecordSet",
        lambda w: {
            "HostedZoneName": "shared.internal." if zone(w) else "",
            "Name": "web.shared.internal.",
            "Type": "A",
            "AliasTarget": {"DNSName": "lb.example.com", "HostedZoneId": "Z35SXDOTRQ7X7K"},
        },
        label="alias",
    ),
    Case(
        "AWS::Route53::RecordSetGroup",
        lambda w: {
            "HostedZoneId": zone(w),
            "RecordSets": [
                {"Name": f"{n}.shared.internal", "Type": "A", "TTL": "60", "ResourceRecords": ["10.1.0.1"]}
                for n in "ab"
            ],
        },
        (
            lambda w: {
                "RecordSets": [
                    {"Name": f"{n}.shared.internal", "Type": "A", "TTL": "90", "ResourceRecords": ["10.1.0.2"]}
                    for n in "bc"
                ]
            },
        ),
    ),
)
