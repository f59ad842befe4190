"""Test reports: made by a build from its buildspec's `reports`, and read through the API.

https://docs.aws.amazon.com/codebuild/latest/userguide/test-report-group-naming.html
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.kernel.errors import AwsError
from rehearsal.services.codebuild import files, junit, permissions, store
from rehearsal.services.codebuild.buildspec import Buildspec
from rehearsal.services.codebuild.ground import said
from rehearsal.services.codebuild.phases import PhaseFailed
from rehearsal.services.codebuild.store import Build, Place, Report

Say = Callable[[str], None]
# https://docs.aws.amazon.com/codebuild/latest/userguide/test-report.html: a report expires 30 days after it was made.
EXPIRES = timedelta(days=30)


def upload(codebuild: Any, s3: Any, session: str, build: Build, spec: Buildspec, src: Path, say: Say) -> None:
    """Makes a report for each entry of the buildspec. `codebuild` and `s3` act under the service role's `session`.

    @raises PhaseFailed where the role may not.
    """
    for name, wanted in spec.reports.items():
        found = [
            base / hit
            for base in files.base_directories(src, wanted.base)
            if base.is_dir()
            for hit in files.matching(base, wanted.files)
        ]
        if not found:
            say(f"No test report files found for {name}")
        group = _group(codebuild, build, name)
        cases: list[dict[str, Any]] = []
        # A report that no file came for is made all the same, and stays incomplete. Not on a page of AWS: unchecked.
        problem = "" if found else "no files"
        for file in found:
            try:
                cases += [{**case, "testRawDataPath": file.name} for case in junit.cases(file.read_text())]
            except ValueError as error:
                problem = f"Error processing report {file}: {error}"
                say(problem)
        for operation in ("CreateReport", "BatchPutTestCases", "UpdateReport"):
            _may(build, session, operation, group["arn"])
        report = _report(build, group, cases, bool(problem))
        _export(s3, build, group, report, found)
        build.data["reportArns"] = [*build.data["reportArns"], report.data["arn"]]
        say(f"Uploaded test report {report.data['arn']}: {report.data['testSummary']['statusCounts']}")


def _may(build: Build, session: str, operation: str, group: str) -> None:
    try:
        permissions.require(build, session, "codebuild", operation, group)
    except AwsError as error:
        text = f"Error in UPLOAD_ARTIFACTS phase: {error.code}: {error.message}"
        raise PhaseFailed("CLIENT_ERROR", text) from error


def _group(codebuild: Any, build: Build, name: str) -> dict[str, Any]:
    place = store.place(build.account, build.region)
    if name.startswith("arn:"):
        group = place.groups.get(name)
        if group is None:
            raise PhaseFailed("CLIENT_ERROR", f"Report group not found: {name}")
        return group
    # A name alone is a group of the project's own, made when it is first used.
    full = f"{build.data['projectName']}-{name}"
    arn = group_arn(build.account, build.region, full)
    if arn not in place.groups:
        try:
            codebuild.create_report_group(name=full, type="TEST", exportConfig={"exportConfigType": "NO_EXPORT"})
        except ClientError as error:
            # Another build of the project may have made it meanwhile.
            if error.response["Error"].get("Code") != "ResourceAlreadyExistsException":
                raise PhaseFailed("CLIENT_ERROR", f"Error in UPLOAD_ARTIFACTS phase: {said(error)}") from error
    return place.groups[arn]


def group_arn(account: str, region: str, name: str) -> str:
    return f"arn:aws:codebuild:{region}:{account}:report-group/{name}"


def _report(build: Build, group: dict[str, Any], cases: list[dict[str, Any]], broken: bool) -> Report:
    place = store.place(build.account, build.region)
    arn = f"{group['arn'].replace(':report-group/', ':report/')}:{uuid.uuid4()}"
    bad = any(case["status"] in ("FAILED", "ERROR") for case in cases)
    created = store.now()
    data = {
        "arn": arn,
        "type": "TEST",
        "name": f"{group['name']}:{arn.rsplit(':', 1)[1]}",
        "reportGroupArn": group["arn"],
        "executionId": build.data["arn"],
        "status": "INCOMPLETE" if broken else "FAILED" if bad else "SUCCEEDED",
        "created": created,
        "expired": created + EXPIRES,
        "exportConfig": group["exportConfig"],
        "truncated": False,
        "testSummary": junit.summary(cases),
    }
    report = Report(data, [{**case, "reportArn": arn, "expired": created + EXPIRES} for case in cases])
    with store.lock:
        place.reports[arn] = report
    return report


def _export(s3: Any, build: Build, group: dict[str, Any], report: Report, found: list[Path]) -> None:
    config = group["exportConfig"]
    if config.get("exportConfigType") != "S3":
        return
    target = config["s3Destination"]
    prefix = "/".join(p for p in (target.get("path", "").strip("/"), group["name"], report.data["name"]) if p)
    for file in found:
        try:
            s3.put_object(Bucket=target["bucket"], Key=f"{prefix}/{file.name}", Body=file.read_bytes())
        except ClientError as error:
            raise PhaseFailed("CLIENT_ERROR", f"Error in UPLOAD_ARTIFACTS phase: {said(error)}") from error


def of_group(place: Place, arn: str) -> list[Report]:
    """Newest first."""
    return sorted(
        (r for r in list(place.reports.values()) if r.data["reportGroupArn"] == arn),
        key=lambda r: r.data["created"],
        reverse=True,
    )
