"""Builds that run, against AWS's documented behaviour.

https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html
"""

from __future__ import annotations

import io
import subprocess
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from rehearsal.tests.codebuild.conftest import ACTIONS, IMAGE, finished

Make = Callable[..., Any]


def statuses(build: dict[str, Any]) -> dict[str, str]:
    return {phase["phaseType"]: phase.get("phaseStatus", "") for phase in build["phases"]}


def context(build: dict[str, Any], phase: str) -> dict[str, str]:
    return dict(next(p for p in build["phases"] if p["phaseType"] == phase)["contexts"][0])


def test_a_build_runs_its_phases_and_exports_its_variables(project: Make, run: Make, log: Make) -> None:
    name = project(
        "version: 0.2\nenv:\n  shell: bash\n  variables: {A: one}\n  exported-variables: [OUT]\nphases:\n"
        "  install:\n    commands: ['export B=two', 'mkdir d && cd d']\n"
        "  build:\n    commands: ['export OUT=\"$A $B $(basename $PWD)\"']\n"
        "  post_build:\n    commands: ['echo said $OUT']\n"
    )
    build = run(name, environmentVariablesOverride=[{"name": "A", "value": "mine"}])
    assert build["buildStatus"] == "SUCCEEDED"
    assert build["exportedEnvironmentVariables"] == [{"name": "OUT", "value": "mine two d"}]
    assert list(statuses(build)) == [
        "SUBMITTED", "QUEUED", "PROVISIONING", "DOWNLOAD_SOURCE", "INSTALL", "PRE_BUILD", "BUILD", "POST_BUILD",
        "UPLOAD_ARTIFACTS", "FINALIZING", "COMPLETED",
    ]  # fmt: skip
    assert build["logs"]["groupName"] == f"/aws/codebuild/{name}"
    assert "said mine two d" in log(build)


def test_a_failed_build_phase_still_runs_post_build(project: Make, run: Make, log: Make) -> None:
    name = project(
        "version: 0.2\nphases:\n  build:\n    commands: [exit 3, echo never]\n    finally: [echo last]\n"
        "  post_build:\n    commands: ['echo succeeding=$CODEBUILD_BUILD_SUCCEEDING']\n"
    )
    build = run(name)
    assert (build["buildStatus"], statuses(build)["POST_BUILD"]) == ("FAILED", "SUCCEEDED")
    assert context(build, "BUILD") == {
        "statusCode": "COMMAND_EXECUTION_ERROR",
        "message": "Error while executing command: exit 3. Reason: exit status 3",
    }
    text = log(build)
    assert "succeeding=0" in text and "\nlast\n" in f"\n{text}".replace("   ", "") and "\nnever\n" not in text


def test_a_failed_pre_build_ends_the_build_unless_told_to_continue(project: Make, run: Make) -> None:
    spec = "version: 0.2\nphases:\n  pre_build:\n{how}    commands: ['false']\n  build:\n    commands: ['true']\n"
    stopped = run(project(spec.format(how=""), "stops"))
    assert "BUILD" not in statuses(stopped) and stopped["buildStatus"] == "FAILED"
    gone_on = run(project(spec.format(how="    on-failure: CONTINUE\n"), "goes-on"))
    assert statuses(gone_on)["BUILD"] == "SUCCEEDED"


def test_a_malformed_buildspec_fails_download_source_with_its_line(project: Make, run: Make) -> None:
    build = run(project("version: 0.2\nphases:\n  build: [\n"))
    assert context(build, "DOWNLOAD_SOURCE")["statusCode"] == "YAML_FILE_ERROR"
    assert "line 4" in context(build, "DOWNLOAD_SOURCE")["message"]


def test_source_artifact_and_report_go_through_s3(aws: Make, project: Make, run: Make) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="work")
    s3.put_bucket_versioning(Bucket="work", VersioningConfiguration={"Status": "Enabled"})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("input.txt", "input")
        archive.writestr(
            "buildspec.yml",
            "version: 0.2\nphases:\n  build:\n    commands:\n      - mkdir -p out reports && cp input.txt out/\n"
            "      - echo '<testsuite><testcase name=\"t\"/></testsuite>' > reports/r.xml\n"
            "artifacts: {files: ['**/*'], base-directory: out}\nreports: {unit: {files: ['reports/*.xml']}}\n",
        )
    s3.put_object(Bucket="work", Key="in.zip", Body=packed.getvalue())
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


def test_a_build_has_its_roles_credentials_and_no_other(project: Make, run: Make, log: Make) -> None:
    """https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html"""
    name = project(
        "version: 0.2\nphases:\n  build:\n    commands:\n      - aws sts get-caller-identity --query Arn --output text\n"
        "      - aws s3api create-bucket --bucket mine && exit 1 || true\n      - env | grep -c ^AWS_SECRET && exit 1 || true\n"
    )
    build = run(name)
    text = log(build)
    assert build["buildStatus"] == "SUCCEEDED", text
    assert "assumed-role/project-role/AWSCodeBuild-" in text
    assert "is not authorized to perform: s3:CreateBucket" in text


@pytest.mark.parametrize(
    ("lacking", "phase", "words"),
    [
        ("logs:*", "PROVISIONING", "does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams"),
        ("s3:PutObject", "UPLOAD_ARTIFACTS", "AccessDenied"),
    ],
)
def test_a_permission_that_the_role_lacks_fails_the_build(
    aws: Make, project: Make, run: Make, lacking: str, phase: str, words: str
) -> None:
    aws("s3").create_bucket(Bucket="work")
    name = project(
        "version: 0.2\nphases:\n  build:\n    commands: [touch a]\nartifacts: {files: [a]}\n",
        actions=[action for action in ACTIONS if action != lacking],
        artifacts={"type": "S3", "location": "work"},
    )
    build = run(name)
    assert build["buildStatus"] == "FAILED"
    assert words in context(build, phase)["message"]


def test_secrets_are_read_under_the_role_and_masked_in_the_log(aws: Make, project: Make, run: Make, log: Make) -> None:
    aws("ssm").put_parameter(Name="/build/token", Value="very-secret", Type="SecureString")
    spec = "version: 0.2\nenv:\n  parameter-store: {TOKEN: /build/token}\nphases:\n  build:\n    commands: ['echo <$TOKEN>']\n"
    denied = run(project(spec, "poor"))
    assert context(denied, "DOWNLOAD_SOURCE")["statusCode"] == "Decrypted Variables Error"
    allowed = run(project(spec.replace("<", "is ").replace(">", ""), "rich", actions=[*ACTIONS, "ssm:GetParameters"]))
    assert "is ***" in log(allowed) and "very-secret" not in log(allowed)


def test_parameters_need_getparameters_and_must_be_there(aws: Make, project: Make, run: Make) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.parameter-store"""
    aws("ssm").put_parameter(Name="/build/token", Value="very-secret", Type="SecureString")
    spec = "version: 0.2\nenv:\n  parameter-store: {TOKEN: /build/token}\nphases:\n  build:\n    commands: ['true']\n"
    denied = context(run(project(spec, "single", actions=[*ACTIONS, "ssm:GetParameter"])), "DOWNLOAD_SOURCE")
    assert "ssm:GetParameters" in denied["message"]
    gone = run(project(spec.replace("/token", "/none"), "plural", actions=[*ACTIONS, "ssm:GetParameters"]))
    assert context(gone, "DOWNLOAD_SOURCE") == {
        "statusCode": "Decrypted Variables Error",
        "message": "TOKEN: parameter does not exist: /build/none",
    }


def test_a_secrets_version_is_chosen_by_stage_or_id(aws: Make, project: Make, run: Make) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.secrets-manager"""
    secrets = aws("secretsmanager")
    made = secrets.create_secret(Name="token", SecretString='{"key": "first"}')
    secrets.put_secret_value(SecretId="token", SecretString='{"key": "second"}')
    wanted = {
        "NOW": "token:key",
        "BEFORE": "token:key:AWSPREVIOUS",
        "FIRST": f"{made['ARN']}:key::{made['VersionId']}",
        "WHOLE": "token::AWSPREVIOUS",
    }
    spec = {
        "version": 0.2,
        "env": {"secrets-manager": wanted, "exported-variables": ["SEEN"]},
        # In capitals, for what is masked in the log is so in exported variables, too.
        "phases": {"build": {"commands": ['export SEEN="$(echo $NOW $BEFORE $FIRST $WHOLE | tr a-z A-Z)"']}},
    }
    build = run(project(yaml.safe_dump(spec), actions=[*ACTIONS, "secretsmanager:GetSecretValue"]))
    seen = {v["name"]: v["value"] for v in build["exportedEnvironmentVariables"]}
    assert seen["SEEN"] == 'SECOND FIRST FIRST {"KEY": "FIRST"}'


def test_stop_build_kills_every_process_of_the_build(aws: Make, project: Make) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StopBuild.html"""
    mark = f"31{int(time.time()) % 100000}"
    name = project(
        f"version: 0.2\nphases:\n  build:\n    commands: ['(setsid sleep {mark} &) ; sleep {mark}']\n    finally: [echo never]\n"
    )
    codebuild = aws("codebuild")
    build_id = codebuild.start_build(projectName=name)["build"]["id"]
    deadline = time.monotonic() + 10
    while _sleeping(mark) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    codebuild.stop_build(id=build_id)
    build = finished(codebuild, build_id)
    assert (build["buildStatus"], statuses(build)["BUILD"]) == ("STOPPED", "STOPPED")
    assert _sleeping(mark) == 0


def _sleeping(mark: str) -> int:
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return sum(line == f"sleep {mark}" for line in found.splitlines())


def test_a_token_starts_one_build_only_and_the_limit_holds(aws: Make, project: Make) -> None:
    name = project("version: 0.2\nphases:\n  build:\n    commands: [sleep 1]\n", concurrentBuildLimit=1)
    codebuild = aws("codebuild")
    first = codebuild.start_build(projectName=name, idempotencyToken="t")["build"]
    assert codebuild.start_build(projectName=name, idempotencyToken="t")["build"]["id"] == first["id"]
    with pytest.raises(codebuild.exceptions.AccountLimitExceededException):
        codebuild.start_build(projectName=name)
    finished(codebuild, first["id"])
    again = codebuild.start_build(projectName=name)["build"]
    assert again["buildNumber"] == 2
    assert codebuild.list_builds_for_project(projectName=name)["ids"] == [again["id"], first["id"]]
    finished(codebuild, again["id"])


def test_projects_are_checked_in_awss_words(aws: Make, project: Make) -> None:
    codebuild = aws("codebuild")
    name = project("version: 0.2\nphases:\n  build:\n    commands: [x]\n")
    with pytest.raises(codebuild.exceptions.ResourceAlreadyExistsException, match="Project already exists: arn:aws"):
        codebuild.create_project(
            name=name, source={"type": "NO_SOURCE", "buildspec": "a\nb"}, artifacts={"type": "NO_ARTIFACTS"}, environment=IMAGE,
            serviceRole="x",
        )  # fmt: skip
    with pytest.raises(codebuild.exceptions.InvalidInputException, match="sts:AssumeRole on service role"):
        codebuild.update_project(name=name, serviceRole="arn:aws:iam::123456789012:role/nobody")
    with pytest.raises(codebuild.exceptions.ResourceNotFoundException, match="Project cannot be found"):
        codebuild.start_build(projectName="other")
    assert codebuild.batch_get_projects(names=[name, "other"])["projectsNotFound"] == ["other"]
    with pytest.raises(ClientError) as caught:
        codebuild.create_webhook(projectName=name)
    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    codebuild.delete_project(name=name)
    codebuild.delete_project(name=name)
    assert codebuild.list_projects()["projects"] == []


def test_without_a_network_of_its_own_a_build_says_so_and_still_has_its_credentials(
    project: Make, run: Make, log: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rehearsal.machines.network.available", lambda: (False, "not root"))
    build = run(
        project(
            "version: 0.2\nphases:\n  build:\n    commands: [aws sts get-caller-identity --query Arn --output text]\n"
        )
    )
    text = log(build)
    assert "no network of its own for this build (not root)" in text
    assert "assumed-role/project-role/AWSCodeBuild-" in text


def vpc_config(ec2: Any) -> dict[str, Any]:
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.50.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="builds", Description="builds", VpcId=vpc)["GroupId"]
    return {"vpcId": vpc, "subnets": [subnet], "securityGroupIds": [group]}


def test_a_build_in_a_vpc_has_an_interface_there_while_it_runs(aws: Make, project: Make, run: Make) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/userguide/vpc-support.html"""
    ec2 = aws("ec2")
    config = vpc_config(ec2)
    vpc, subnet = config["vpcId"], config["subnets"][0]
    spec = "version: 0.2\nphases:\n  build:\n    commands: ['true']\n"
    denied = run(project(spec, "poor", vpcConfig=config))
    assert context(denied, "PROVISIONING")["statusCode"] == "VPC_CLIENT_ERROR"
    build = run(project(spec, "rich", actions=[*ACTIONS, "ec2:Describe*", "ec2:*NetworkInterface*"], vpcConfig=config))
    assert build["buildStatus"] == "SUCCEEDED", build["phases"]
    assert build["networkInterface"]["subnetId"] == subnet
    assert ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkInterfaces"] == []


def test_a_build_that_runs_too_long_is_timed_out(
    aws: Make, project: Make, run: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html: five minutes at least."""
    # Three seconds in all: on a busy machine a build may need one before its first command.
    monkeypatch.setattr("rehearsal.services.codebuild.limits.MINUTE", 0.6)
    build = run(project("version: 0.2\nphases:\n  build:\n    commands: [sleep 60]\n", timeoutInMinutes=5))
    assert (build["buildStatus"], statuses(build)["BUILD"]) == ("TIMED_OUT", "TIMED_OUT")
    assert context(build, "BUILD")["statusCode"] == "BUILD_TIMED_OUT"


def test_time_limits_are_real_at_any_speed(project: Make, run: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build's work is real: 5 minutes at speed 600 would be half a second."""
    monkeypatch.setattr("rehearsal.kernel.settings.settings.speed", 600.0)
    name = project("version: 0.2\nphases:\n  build:\n    commands: [sleep 1]\n", timeoutInMinutes=5)
    assert run(name)["buildStatus"] == "SUCCEEDED"


def test_a_build_that_queues_too_long_is_timed_out(project: Make, run: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/userguide/builds-working.html: without a limit of the project a
    build above the account's waits, as long as its queue timeout says."""
    monkeypatch.setattr("rehearsal.services.codebuild.limits.MINUTE", 0.05)
    monkeypatch.setattr("rehearsal.services.codebuild.limits.BUILDS", 0)
    name = project("version: 0.2\nphases:\n  build:\n    commands: [x]\n", queuedTimeoutInMinutes=5)
    build = run(name)
    assert (build["buildStatus"], statuses(build)["QUEUED"]) == ("TIMED_OUT", "TIMED_OUT")


def test_a_project_cannot_have_a_limit_above_the_accounts(
    aws: Make, project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the words seen in https://github.com/hashicorp/terraform-provider-aws/pull/37748"""
    codebuild, spec = aws("codebuild"), "version: 0.2\nphases:\n  build:\n    commands: [x]\n"
    said = "Project-level concurrent build limit cannot exceed the account-level concurrent build limit of"
    with pytest.raises(codebuild.exceptions.InvalidInputException, match=f"{said} 60"):
        project(spec, "wide", concurrentBuildLimit=61)
    name = project(spec, "narrow", concurrentBuildLimit=60)
    monkeypatch.setattr("rehearsal.services.codebuild.limits.BUILDS", 1)
    with pytest.raises(codebuild.exceptions.InvalidInputException, match=f"{said} 1"):
        codebuild.update_project(name=name, concurrentBuildLimit=2)


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
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, mode, content in (("run", 0o100755, "#!/bin/sh"), ("link", 0o120777, "run")):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, content)
    s3.put_object(Bucket="work", Key="in.zip", Body=packed.getvalue())
    spec = "version: 0.2\nphases:\n  build:\n    commands: ['test ! -L link', 'test \"$(cat link)\" = run', 'test -x run']\n"
    build = run(project("", source={"type": "S3", "location": "work/in.zip", "buildspec": spec}))
    assert build["buildStatus"] == "SUCCEEDED", build["phases"]


def test_secondary_sources_and_artifacts_have_places_of_their_own(aws: Make, project: Make, run: Make) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/userguide/sample-multi-in-out.html"""
    s3 = aws("s3")
    s3.create_bucket(Bucket="work")
    for name in ("first", "second"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("name.txt", name)
        s3.put_object(Bucket="work", Key=f"{name}.zip", Body=packed.getvalue())
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
