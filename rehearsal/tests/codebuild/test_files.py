"""What goes into a build and comes out of it: sources, artifacts, reports."""

from __future__ import annotations

import io
import zipfile

from rehearsal.tests.codebuild.conftest import Make, packed


def test_source_artifact_and_report_go_through_s3(aws: Make, project: Make, run: Make) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="work")
    s3.put_bucket_versioning(Bucket="work", VersioningConfiguration={"Status": "Enabled"})
    spec = (
        "version: 0.2\nphases:\n  build:\n    commands:\n      - mkdir -p out reports && cp input.txt out/\n"
        "      - echo '<testsuite><testcase name=\"t\"/></testsuite>' > reports/r.xml\n"
        "artifacts: {files: ['**/*'], base-directory: out}\nreports: {unit: {files: ['reports/*.xml']}}\n"
    )
    s3.put_object(Bucket="work", Key="in.zip", Body=packed(input__txt="input", buildspec__yml=spec))
    artifacts = {"type": "S3", "location": "work", "path": "made", "packaging": "ZIP", "name": "out.zip"}
    build = run(project("", source={"type": "S3", "location": "work/in.zip"}, artifacts=artifacts))
    assert build["buildStatus"] == "SUCCEEDED", build["phases"]
    assert "resolvedSourceVersion" not in build, "does not apply to S3: API_Build.html"
    made = s3.get_object(Bucket="work", Key="made/out.zip")["Body"].read()
    assert zipfile.ZipFile(io.BytesIO(made)).namelist() == ["input.txt"]
    codebuild = aws("codebuild")
    report = codebuild.batch_get_reports(reportArns=build["reportArns"])["reports"][0]
    assert (report["status"], report["testSummary"]["total"]) == ("SUCCEEDED", 1)
    assert codebuild.describe_test_cases(reportArn=report["arn"])["testCases"][0]["name"] == "t"
    assert codebuild.list_report_groups()["reportGroups"] == [report["reportGroupArn"]]


def test_a_report_without_files_stays_incomplete_in_a_group_that_nobody_manages(
    aws: Make, project: Make, run: Make
) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/userguide/report-create.html: a name makes a group."""
    spec = "version: 0.2\nphases:\n  build:\n    commands: ['true']\nreports:\n  own: {files: ['*.xml']}\n"
    build = run(project(spec))
    assert build["buildStatus"] == "SUCCEEDED"
    codebuild = aws("codebuild")
    reports = codebuild.batch_get_reports(reportArns=build["reportArns"])["reports"]
    assert [report["status"] for report in reports] == ["INCOMPLETE"]
    assert [arn.rsplit("/", 1)[1] for arn in codebuild.list_report_groups()["reportGroups"]] == ["project-own"]


def test_a_link_in_a_source_is_a_file_with_its_target_and_modes_are_kept(aws: Make, project: Make, run: Make) -> None:
    """https://github.com/aws/aws-cdk/pull/14520"""
    s3 = aws("s3")
    s3.create_bucket(Bucket="work")
    links = io.BytesIO()
    with zipfile.ZipFile(links, "w") as archive:
        for name, mode, content in (("run", 0o100755, "#!/bin/sh"), ("link", 0o120777, "run")):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, content)
    s3.put_object(Bucket="work", Key="in.zip", Body=links.getvalue())
    spec = "version: 0.2\nphases:\n  build:\n    commands: ['test ! -L link', 'test \"$(cat link)\" = run', 'test -x run']\n"
    build = run(project("", source={"type": "S3", "location": "work/in.zip", "buildspec": spec}))
    assert build["buildStatus"] == "SUCCEEDED", build["phases"]


def test_secondary_sources_and_artifacts_have_places_of_their_own(aws: Make, project: Make, run: Make) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/userguide/sample-multi-in-out.html"""
    s3 = aws("s3")
    s3.create_bucket(Bucket="work")
    for name in ("first", "second"):
        s3.put_object(Bucket="work", Key=f"{name}.zip", Body=packed(name__txt=name))
    build = run(
        project(
            "",
            source={
                "type": "S3",
                "location": "work/first.zip",
                "buildspec": "version: 0.2\nphases:\n  build:\n    commands: ['cat name.txt $CODEBUILD_SRC_DIR_more/name.txt > both.txt']\n"
                "artifacts: {files: [both.txt], secondary-artifacts: {extra: {files: [name.txt], discard-paths: yes}}}\n",
            },
            secondarySources=[{"type": "S3", "location": "work/second.zip", "sourceIdentifier": "more"}],
            artifacts={"type": "S3", "location": "work", "path": "out", "packaging": "NONE", "name": "main"},
            secondaryArtifacts=[
                {
                    "type": "S3",
                    "location": "work",
                    "path": "out",
                    "packaging": "NONE",
                    "name": "extra",
                    "artifactIdentifier": "extra",
                }
            ],
        )
    )
    assert build["buildStatus"] == "SUCCEEDED", build["phases"]
    assert s3.get_object(Bucket="work", Key="out/main/both.txt")["Body"].read() == b"firstsecond"
    assert s3.get_object(Bucket="work", Key="out/extra/name.txt")["Body"].read() == b"first"
    assert build["secondaryArtifacts"][0]["artifactIdentifier"] == "extra"
