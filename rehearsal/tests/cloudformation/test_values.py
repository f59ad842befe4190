"""Values that come from elsewhere: dynamic references, and whose rights read them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.tests.cloudformation.conftest import Cloud
from rehearsal.tests.cloudformation.toys import parameter, topic


def test_a_plain_parameter_is_read_anew_at_each_update(cloud: Cloud) -> None:
    ssm = cloud.aws("ssm")
    ssm.put_parameter(Name="/a", Value="1", Type="String")
    template = {"Resources": {"P": parameter("v={{resolve:ssm:/a}}"), "Q": parameter("{{resolve:ssm:/a:1}}")}}
    cloud.create(template)
    assert cloud.parameters.lives[cloud.physical("P")]["Value"] == "v=1"
    ssm.put_parameter(Name="/a", Value="2", Type="String", Overwrite=True)
    cloud.update(template)
    assert cloud.parameters.lives[cloud.physical("P")]["Value"] == "v=2"
    assert cloud.parameters.lives[cloud.physical("Q")]["Value"] == "1"


def test_a_secret_reaches_the_handler_and_nothing_else(cloud: Cloud) -> None:
    cloud.aws("secretsmanager").create_secret(Name="db", SecretString='{"password":"hush"}')
    cloud.create({"Resources": {"P": parameter("{{resolve:secretsmanager:db:SecretString:password}}")}})
    assert cloud.parameters.lives[cloud.physical("P")]["Value"] == "hush"
    assert "hush" not in json.dumps(cloud.events(), default=str)
    found = cloud.change_set({"Resources": {"P": parameter("x")}})
    assert "hush" not in json.dumps(found, default=str)


def test_secure_parameters_are_for_few_places_only(cloud: Cloud) -> None:
    cloud.aws("ssm").put_parameter(Name="/s", Value="1", Type="SecureString")
    cloud.create({"Resources": {"P": parameter("{{resolve:ssm-secure:/s:1}}")}})
    assert cloud.reason("P", "CREATE_FAILED") == (
        "SSM Secure reference is not supported in: [AWS::SSM::Parameter/Properties/Value]"
    )


def test_a_missing_reference_fails_the_resource_by_name(cloud: Cloud) -> None:
    cloud.create({"Resources": {"P": parameter("{{resolve:ssm:/none}}")}})
    assert cloud.reason("P", "CREATE_FAILED") == "Parameters: [ssm:/none] cannot be found."


def role(cloud: Cloud, *actions: str) -> str:
    trust = {
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "cloudformation.amazonaws.com"}}
        ]
    }
    iam = cloud.aws("iam")
    arn = iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    allow: dict[str, Any] = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}],
    }
    if actions:
        iam.put_role_policy(RoleName="deploy", PolicyName="p", PolicyDocument=json.dumps(allow))
    return arn


def test_the_role_of_a_stack_works_is_remembered_and_its_limits_hold(cloud: Cloud) -> None:
    cloud.aws("ssm").put_parameter(Name="/a", Value="1", Type="String")
    arn = role(cloud)
    template = {"Resources": {"P": parameter("{{resolve:ssm:/a}}")}}
    cloud.create(template, RoleARN=arn)
    assert cloud.status() == "ROLLBACK_COMPLETE"
    assert "is not authorized to perform: ssm:GetParameter" in cloud.reason("P", "CREATE_FAILED")
    assert "HandlerErrorCode: AccessDenied" in cloud.reason("P", "CREATE_FAILED")
    cloud.delete()
    cloud.aws("iam").put_role_policy(
        RoleName="deploy", PolicyName="p", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}]}
        ),
    )  # fmt: skip
    cloud.create(template, RoleARN=arn)
    assert cloud.status() == "CREATE_COMPLETE"
    assert cloud.stack()["RoleARN"] == arn
    cloud.aws("iam").delete_role_policy(RoleName="deploy", PolicyName="p")
    cloud.aws("iam").delete_role(RoleName="deploy")
    from rehearsal.tests.cloudformation.conftest import refusal

    code, message = refusal(cloud.api.delete_stack, StackName="shop")
    assert (code, message) == ("ValidationError", f"Role {arn} is invalid or cannot be assumed")
    # Another role given at the deletion helps.
    stack_id = cloud.stack()["StackId"]
    cloud.api.delete_stack(StackName="shop", RoleARN=role(cloud, "*"))
    cloud.idle(stack_id)
    assert cloud.status(stack_id) == "DELETE_COMPLETE"


def test_a_template_in_a_bucket(cloud: Cloud) -> None:
    s3 = cloud.aws("s3")
    s3.create_bucket(Bucket="templates")
    s3.put_object(Bucket="templates", Key="a/t.json", Body=json.dumps({"Resources": {"T": topic("t")}}).encode())
    for number, url in enumerate([
        "https://templates.s3.us-east-1.amazonaws.com/a/t.json",
        "https://s3.amazonaws.com/templates/a/t.json",
        "https://templates.s3.amazonaws.com/a/t.json",
    ]):  # fmt: skip
        cloud.topics.lives.clear()
        name = f"stack{number}"
        cloud.api.create_stack(StackName=name, TemplateURL=url)
        cloud.idle(name)
        assert cloud.status(name) == "CREATE_COMPLETE"
    from rehearsal.tests.cloudformation.conftest import refusal

    code, message = refusal(cloud.api.validate_template, TemplateURL="https://templates.s3.amazonaws.com/none")
    assert (code, message.split("\n")[0]) == ("ValidationError", "S3 error: The specified key does not exist.")
    assert refusal(cloud.api.validate_template, TemplateURL="ftp://x/y")[1] == "TemplateURL must be a supported URL."
    assert refusal(cloud.api.validate_template)[1] == "Either Template URL or Template Body must be specified."


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("db", '{"password":"new","port":5432}'),
        ("db:SecretString", '{"password":"new","port":5432}'),
        ("db:SecretString:password", "new"),
        ("db:SecretString:port", "5432"),
        ("db:SecretString:password:AWSPREVIOUS", "old"),
        ("db:SecretString:password::{version}", "old"),
        ("{arn}", '{"password":"new","port":5432}'),
        ("{arn}:SecretString:::", '{"password":"new","port":5432}'),
        ("{arn}:SecretString:password:AWSCURRENT:", "new"),
    ],
)
def test_each_form_of_a_secret_resolves_in_properties_and_in_outputs(cloud: Cloud, reference: str, said: str) -> None:
    secrets = cloud.aws("secretsmanager")
    made = secrets.create_secret(Name="db", SecretString='{"password":"old","port":5432}')
    secrets.put_secret_value(SecretId="db", SecretString='{"password":"new","port":5432}')
    whole = "{{resolve:secretsmanager:" + reference.format(arn=made["ARN"], version=made["VersionId"]) + "}}"
    cloud.create({"Resources": {"P": parameter(whole)}, "Outputs": {"O": {"Value": {"Fn::Sub": f"<{whole}>"}}}})
    assert cloud.parameters.lives[cloud.physical("P")]["Value"] == said
    assert cloud.outputs() == {"O": f"<{said}>"}


def test_a_reference_is_not_judged_by_its_text(cloud: Cloud) -> None:
    """Neither by a name's pattern nor by whether something of that name is there."""
    cloud.aws("secretsmanager").create_secret(Name="name", SecretString="told-later")
    reference = "{{resolve:secretsmanager:name}}"
    cloud.topics.lives[reference] = {}
    found = cloud.change_set({"Resources": {"T": topic(reference)}}, ChangeSetType="CREATE")
    assert (found["Status"], found.get("StatusReason")) == ("CREATE_COMPLETE", None)
    cloud.api.execute_change_set(ChangeSetName="next", StackName="shop")
    cloud.idle("shop")
    assert cloud.physical("T") == "told-later"


def test_a_new_value_behind_an_outputs_reference_is_a_change(cloud: Cloud) -> None:
    ssm = cloud.aws("ssm")
    ssm.put_parameter(Name="/a", Value="1", Type="String")
    template = {"Resources": {"P": parameter("x")}, "Outputs": {"O": {"Value": "{{resolve:ssm:/a}}"}}}
    cloud.create(template)
    assert cloud.outputs() == {"O": "1"}
    ssm.put_parameter(Name="/a", Value="2", Type="String", Overwrite=True)
    cloud.update(template)
    assert cloud.outputs() == {"O": "2"}


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("secretsmanager:none", "Secrets Manager can't find the specified secret."),
        ("ssm:/none", "Parameters: [ssm:/none] cannot be found."),
        ("ssm-secure:/s:1", "SSM Secure reference is not supported in: [Outputs/O/Value]"),
    ],
)
def test_an_output_that_cannot_be_told_undoes_the_creation(cloud: Cloud, reference: str, said: str) -> None:
    cloud.create({"Resources": {"P": parameter("x")}, "Outputs": {"O": {"Value": "{{resolve:" + reference + "}}"}}})
    assert cloud.status() == "ROLLBACK_COMPLETE"
    assert cloud.reason("shop", "ROLLBACK_IN_PROGRESS").startswith(said.rstrip("."))
