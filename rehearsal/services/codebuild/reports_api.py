"""Report groups and test reports. https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateReportGroup.html"""

from __future__ import annotations

import re
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.kernel.paging import page
from rehearsal.services.codebuild import reports, store
from rehearsal.services.codebuild.projects_api import invalid
from rehearsal.services.codebuild.store import Report


@operation("codebuild", "CreateReportGroup")
def create_report_group(call: Call) -> dict[str, Any]:
    name, place = call.params.get("name", ""), store.of(call)
    if not re.fullmatch(r"[A-Za-z0-9\-_]{2,128}", name):
        raise invalid(f"Invalid report group name: {name}")
    if call.params.get("type") != "TEST":
        raise NotImplementedByRehearsal("codebuild", "CreateReportGroup", f"type {call.params.get('type')}")
    arn = reports.group_arn(call.account, call.region, name)
    if arn in place.groups:
        raise AwsError("ResourceAlreadyExistsException", f"Report group already exists: {arn}")
    created = store.now()
    group = {
        "arn": arn,
        "name": name,
        "type": "TEST",
        "exportConfig": call.params.get("exportConfig") or {"exportConfigType": "NO_EXPORT"},
        "created": created,
        "lastModified": created,
        "tags": call.params.get("tags") or [],
        "status": "ACTIVE",
    }
    with store.lock:
        place.groups[arn] = group
    return {"reportGroup": group}


@operation("codebuild", "UpdateReportGroup")
def update_report_group(call: Call) -> dict[str, Any]:
    group = _group(call, call.params.get("arn", ""))
    for member in ("exportConfig", "tags"):
        if call.params.get(member) is not None:
            group[member] = call.params[member]
    group["lastModified"] = store.now()
    return {"reportGroup": group}


@operation("codebuild", "DeleteReportGroup")
def delete_report_group(call: Call) -> dict[str, Any]:
    arn, place = call.params.get("arn", ""), store.of(call)
    kept = reports.of_group(place, arn)
    if kept and not call.params.get("deleteReports"):
        raise invalid(f"Report group {arn} cannot be deleted because it contains reports")
    with store.lock:
        for report in kept:
            del place.reports[report.data["arn"]]
        place.groups.pop(arn, None)
    return {}


@operation("codebuild", "DeleteReport")
def delete_report(call: Call) -> dict[str, Any]:
    with store.lock:
        store.of(call).reports.pop(call.params.get("arn", ""), None)
    return {}


@operation("codebuild", "BatchGetReportGroups")
def batch_get_report_groups(call: Call) -> dict[str, Any]:
    arns, groups = call.params.get("reportGroupArns", []), store.of(call).groups
    return {
        "reportGroups": [groups[arn] for arn in arns if arn in groups],
        "reportGroupsNotFound": [arn for arn in arns if arn not in groups],
    }


@operation("codebuild", "BatchGetReports")
def batch_get_reports(call: Call) -> dict[str, Any]:
    arns, found = call.params.get("reportArns", []), store.of(call).reports
    return {
        "reports": [found[arn].data for arn in arns if arn in found],
        "reportsNotFound": [arn for arn in arns if arn not in found],
    }


@operation("codebuild", "ListReportGroups")
def list_report_groups(call: Call) -> dict[str, Any]:
    found = sorted(store.of(call).groups.values(), key=lambda g: g["name"])
    if call.params.get("sortOrder") == "DESCENDING":
        found.reverse()
    return page(call, "reportGroups", [group["arn"] for group in found])


@operation("codebuild", "ListReports")
def list_reports(call: Call) -> dict[str, Any]:
    return page(call, "reports", _arns(call, list(store.of(call).reports.values())))


@operation("codebuild", "ListReportsForReportGroup")
def list_reports_for_report_group(call: Call) -> dict[str, Any]:
    group = _group(call, call.params.get("reportGroupArn", ""))
    return page(call, "reports", _arns(call, reports.of_group(store.of(call), group["arn"])))


@operation("codebuild", "DescribeTestCases")
def describe_test_cases(call: Call) -> dict[str, Any]:
    report = store.of(call).reports.get(call.params.get("reportArn", ""))
    if report is None:
        raise AwsError("ResourceNotFoundException", f"Report does not exist: {call.params.get('reportArn')}")
    wanted = call.params.get("filter") or {}
    cases = [
        case
        for case in report.cases
        if wanted.get("status", case["status"]) == case["status"] and wanted.get("keyword", "") in case["name"]
    ]
    return page(call, "testCases", cases)


def _arns(call: Call, found: list[Report]) -> list[str]:
    wanted = (call.params.get("filter") or {}).get("status")
    kept = [r for r in found if wanted in (None, r.data["status"])]
    kept.sort(key=lambda r: r.data["created"], reverse=call.params.get("sortOrder") != "ASCENDING")
    return [report.data["arn"] for report in kept]


def _group(call: Call, arn: str) -> dict[str, Any]:
    group = store.of(call).groups.get(arn)
    if group is None:
        raise AwsError("ResourceNotFoundException", f"Report group not found: {arn}")
    return group
