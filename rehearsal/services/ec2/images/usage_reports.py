"""Image usage reports: how many resources of other accounts refer to an image, without their permission.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/your-ec2-ami-usage.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from moto.core.utils import utcnow

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2 import support
from rehearsal.services.ec2.images import image_store, uses

REPORT_SECONDS = 20
_KINDS = ("ec2:Instance", "ec2:LaunchTemplate", "imagebuilder:ImageRecipe", "imagebuilder:ContainerRecipe")


@dataclass
class Report:
    id: str
    account: str
    region: str
    image: str
    kinds: list[dict[str, Any]]
    accounts: list[str]
    created: datetime
    state: str = "pending"
    entries: list[dict[str, Any]] = field(default_factory=list)


_reports: dict[str, Report] = {}


@tasks.on_reset
def _forget() -> None:
    _reports.clear()


@operation("ec2", "CreateImageUsageReport")
def create_report(call: Call) -> dict[str, Any]:
    params = call.params
    image = image_store.owned(call, params.get("ImageId"))
    kinds = params.get("ResourceTypes") or []
    if not kinds:
        raise AwsError("MissingParameter", "The request must contain the parameter ResourceType")
    for kind in kinds:
        if kind.get("ResourceType") not in _KINDS:
            raise AwsError("InvalidParameterValue", f"Invalid value '{kind.get('ResourceType')}' for ResourceType.")
        if uses.options(kind) and kind["ResourceType"] != "ec2:LaunchTemplate":
            raise AwsError("InvalidParameterValue", "ResourceTypeOptions are for ec2:LaunchTemplate alone.")
    tags = params.get("TagSpecifications")
    support.check_tag_types(tags, ("image-usage-report",))
    support.end_dry_run(call)
    accounts = list(params.get("AccountIds") or [])
    report = Report(support.new_id("amiur"), call.account, call.region, image.id, kinds, accounts, utcnow())
    _reports[report.id] = report
    if tags:
        support.backend_of(call.account, call.region).create_tags(
            [report.id], support.tags_for(tags, "image-usage-report")
        )
    tasks.spawn(f"usage-report-{report.id}", _count, report)
    return {"ReportId": report.id}


def _count(report: Report) -> None:
    tasks.sleep(REPORT_SECONDS)
    for backend in support.known_backends(report.region):
        account = backend.account_id
        if account == report.account or (report.accounts and account not in report.accounts):
            continue
        for kind in report.kinds:
            count = len(list(uses.of(backend, report.image, kind["ResourceType"], uses.options(kind))))
            if count:
                report.entries.append({
                    "ResourceType": kind["ResourceType"], "ReportId": report.id, "UsageCount": count,
                    "AccountId": account, "ImageId": report.image, "ReportCreationTime": report.created,
                })  # fmt: skip
    report.state = "available"


@operation("ec2", "DescribeImageUsageReports")
def describe_reports(call: Call) -> dict[str, Any]:
    backend = support.backend_of(call.account, call.region)
    found = [
        {
            "ImageId": one.image, "ReportId": one.id, "ResourceTypes": one.kinds, "AccountIds": one.accounts,
            "State": one.state, "CreationTime": one.created, "ExpirationTime": one.created + timedelta(days=30),
            "Tags": support.tag_list(backend, one.id),
        }
        for one in _chosen(call)
    ]  # fmt: skip
    shown, token = support.page(call, found)
    return {"ImageUsageReports": shown, **({"NextToken": token} if token else {})}


@operation("ec2", "DescribeImageUsageReportEntries")
def describe_entries(call: Call) -> dict[str, Any]:
    found = [entry for one in _chosen(call) if one.state == "available" for entry in one.entries]
    shown, token = support.page(call, found)
    return {"ImageUsageReportEntries": shown, **({"NextToken": token} if token else {})}


@operation("ec2", "DeleteImageUsageReport")
def delete_report(call: Call) -> dict[str, Any]:
    call.params["ReportIds"] = [call.params.get("ReportId")]
    (found,) = _chosen(call)
    del _reports[found.id]
    return {"Return": True}


def _chosen(call: Call) -> list[Report]:
    """One's own reports that are asked for. @raises AwsError for one that is not there, in words that are unchecked."""
    filters = support.Filters(
        call.params.get("Filters"), ("account-id", "creation-time", "resource-type", "state")
    )
    support.end_dry_run(call)
    mine = [one for one in list(_reports.values()) if (one.account, one.region) == (call.account, call.region)]
    for ident in call.params.get("ReportIds") or []:
        if ident not in {one.id for one in mine}:
            raise AwsError("InvalidImageUsageReportId.NotFound", f"The report '{ident}' does not exist")
    reports, images = call.params.get("ReportIds"), call.params.get("ImageIds")
    return [
        one for one in mine
        if (not reports or one.id in reports) and (not images or one.image in images)
        and filters.match({"state": one.state, "account-id": one.accounts,
                           "resource-type": [kind["ResourceType"] for kind in one.kinds],
                           "creation-time": f"{one.created:%Y-%m-%dT%H:%M:%S.000Z}"}, {})
    ]  # fmt: skip
