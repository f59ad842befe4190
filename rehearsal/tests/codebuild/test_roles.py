"""What a build may do and read: all of it under its project's role."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from rehearsal.tests.codebuild.conftest import ACTIONS, Make, context


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
