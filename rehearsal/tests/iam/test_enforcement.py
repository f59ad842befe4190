"""What a role may do is what its policies say.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
TRUST = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}}]}


def make_role(aws: Callable[..., Any], *statements: dict[str, Any], name: str = "worker", **options: Any) -> str:
    iam = aws("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), **options)["Role"]
    if statements:
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document)
    return str(role["Arn"])


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def refusal(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call()
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def test_a_role_without_policies_may_only_ask_who_it_is(aws: Callable[..., Any]) -> None:
    role = make_role(aws)
    assert aws("sts", role=role).get_caller_identity()["Arn"].endswith(":assumed-role/worker/test")
    code, message = refusal(aws("ssm", role=role).describe_parameters)
    assert code == "AccessDeniedException"
    assert f"User: arn:aws:sts::{ACCOUNT}:assumed-role/worker/test is not authorized to perform" in message
    assert message.endswith("because no identity-based policy allows the ssm:DescribeParameters action")
    code, message = refusal(aws("ec2", role=role).describe_instances)
    assert code == "UnauthorizedOperation"
    assert "Encoded authorization failure message: " in message


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltag
def test_a_roles_own_tags_stand_in_what_its_policies_say(aws: Callable[..., Any]) -> None:
    mine = f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/${{aws:PrincipalTag/Environment}}/*"
    team = {"StringEquals": {"aws:PrincipalTag/Team": "blue"}}
    tags = [{"Key": "Environment", "Value": "staging"}, {"Key": "Team", "Value": "blue"}]
    role = make_role(aws, allow("ssm:GetParameter", mine), allow("ssm:DeleteParameter", Condition=team), Tags=tags)
    for name in ("/staging/a", "/production/a"):
        aws("ssm").put_parameter(Name=name, Value="1", Type="String")
    ssm = aws("ssm", role=role)
    assert ssm.get_parameter(Name="/staging/a")["Parameter"]["Value"] == "1"
    assert refusal(lambda: ssm.get_parameter(Name="/production/a"))[0] == "AccessDeniedException"
    ssm.delete_parameter(Name="/staging/a")
    aws("iam").untag_role(RoleName="worker", TagKeys=["Environment", "Team"])
    assert refusal(lambda: ssm.get_parameter(Name="/production/a"))[0] == "AccessDeniedException"
    assert refusal(lambda: ssm.delete_parameter(Name="/production/a"))[0] == "AccessDeniedException"


def test_resource_scope_is_held(aws: Callable[..., Any]) -> None:
    role = make_role(aws, allow("ssm:GetParameter", f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/mine/*"))
    aws("ssm").put_parameter(Name="/mine/a", Value="1", Type="String")
    aws("ssm").put_parameter(Name="/other/a", Value="1", Type="String")
    ssm = aws("ssm", role=role)
    assert ssm.get_parameter(Name="/mine/a")["Parameter"]["Value"] == "1"
    code, message = refusal(lambda: ssm.get_parameter(Name="/other/a"))
    assert code == "AccessDeniedException"
    assert f"on resource: arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/other/a" in message


def test_s3_actions_have_their_own_names(aws: Callable[..., Any]) -> None:
    role = make_role(aws, allow("s3:ListBucket", "arn:aws:s3:::kept"), allow("s3:GetObject", "arn:aws:s3:::kept/in/*"))
    aws("s3").create_bucket(Bucket="kept")
    aws("s3").put_object(Bucket="kept", Key="in/a", Body=b"x")
    s3 = aws("s3", role=role)
    assert s3.list_objects_v2(Bucket="kept")["KeyCount"] == 1
    assert s3.get_object(Bucket="kept", Key="in/a")["Body"].read() == b"x"
    assert s3.head_object(Bucket="kept", Key="in/a")["ContentLength"] == 1
    assert refusal(lambda: s3.put_object(Bucket="kept", Key="in/b", Body=b""))[0] == "AccessDenied"
    assert refusal(lambda: s3.get_object(Bucket="kept", Key="out/a"))[0] == "AccessDenied"


def test_an_explicit_deny_wins(aws: Callable[..., Any]) -> None:
    deny = {"Effect": "Deny", "Action": "sns:CreateTopic", "Resource": "arn:aws:sns:*:*:secret-*"}
    role = make_role(aws, allow("sns:*"), deny)
    sns = aws("sns", role=role)
    sns.create_topic(Name="open")
    code, message = refusal(lambda: sns.create_topic(Name="secret-1"))
    assert code == "AuthorizationError" or code == "AccessDenied"
    assert "with an explicit deny in an identity-based policy" in message


def test_a_boundary_limits_what_policies_allow(aws: Callable[..., Any]) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow("ssm:*")]})
    boundary = aws("iam").create_policy(PolicyName="limit", PolicyDocument=document)["Policy"]["Arn"]
    role = make_role(aws, allow(["ssm:*", "sns:*"]), PermissionsBoundary=boundary)
    assert aws("ssm", role=role).describe_parameters()["Parameters"] == []
    assert "permissions boundary" in refusal(aws("sns", role=role).list_topics)[1]


def test_tag_conditions_see_the_request_and_the_resource(aws: Callable[..., Any]) -> None:
    role = make_role(
        aws,
        allow("ec2:CreateVpc"),
        allow(
            "ec2:CreateTags",
            Condition={"StringEquals": {"ec2:CreateAction": "CreateVpc", "aws:RequestTag/Team": "a"}},
        ),
        allow("ec2:DeleteVpc", Condition={"StringEquals": {"aws:ResourceTag/Team": "a"}}),
    )
    ec2 = aws("ec2", role=role)

    def make(team: str, client: Any) -> str:
        tags = [{"ResourceType": "vpc", "Tags": [{"Key": "Team", "Value": team}]}]
        return str(client.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=tags)["Vpc"]["VpcId"])

    mine, other = make("a", ec2), make("b", aws("ec2"))
    assert refusal(lambda: make("b", ec2))[0] == "UnauthorizedOperation"
    assert refusal(lambda: ec2.delete_vpc(VpcId=other))[0] == "UnauthorizedOperation"
    ec2.delete_vpc(VpcId=mine)


def test_passing_a_role_needs_leave(aws: Callable[..., Any]) -> None:
    passed = make_role(aws, name="passed")
    statements = [allow("cloudformation:*")]
    plain = make_role(aws, *statements, name="plain")
    template = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'
    stack = {"StackName": "s", "TemplateBody": template, "RoleARN": passed}
    code, message = refusal(lambda: aws("cloudformation", role=plain).create_stack(**stack))
    assert code == "AccessDenied"
    assert f"iam:PassRole on resource: {passed}" in message


def test_a_role_that_does_not_trust_the_caller_cannot_be_assumed(aws: Callable[..., Any]) -> None:
    trust = {
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "x.amazonaws.com"}}]
    }
    aws("iam").create_role(RoleName="closed", AssumeRolePolicyDocument=json.dumps(trust))
    arn = f"arn:aws:iam::{ACCOUNT}:role/closed"
    code, message = refusal(lambda: aws("sts").assume_role(RoleArn=arn, RoleSessionName="test"))
    assert (code, message.endswith(f"is not authorized to perform: sts:AssumeRole on resource: {arn}")) == (
        "AccessDenied",
        True,
    )


@pytest.mark.parametrize(
    ("service", "call", "code"),
    [
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("ec2", "describe_vpcs", "AuthFailure"),
        ("s3", "list_buckets", "InvalidAccessKeyId"),
        ("ssm", "describe_parameters", "UnrecognizedClientException"),
    ],
)
def test_unknown_keys_are_refused_in_each_family_s_words(
    aws: Callable[..., Any], service: str, call: str, code: str
) -> None:
    assert refusal(getattr(aws(service, key="AKIANOBODYKNOWSTHIS0", secret="x"), call))[0] == code


def test_a_bucket_policy_is_judged_with_its_conditions(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html"""
    role = make_role(aws, allow("s3:*"))
    s3 = aws("s3")
    s3.create_bucket(Bucket="guarded")

    def deny(condition: dict[str, Any], resource: str) -> dict[str, Any]:
        statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{resource}"}
        return {**statement, "Condition": condition} if condition else statement

    plain = deny({"Bool": {"aws:SecureTransport": "false"}}, "guarded/*")
    policy = {"Version": "2012-10-17", "Statement": [plain, deny({}, "guarded/secret/*")]}
    s3.put_bucket_policy(Bucket="guarded", Policy=json.dumps(policy))
    aws("s3", role=role).put_object(Bucket="guarded", Key="a", Body=b"")
    code, message = refusal(lambda: aws("s3", role=role).put_object(Bucket="guarded", Key="secret/a", Body=b""))
    assert (code, "explicit deny in a resource-based policy" in message) == ("AccessDenied", True)


def test_public_parameters_belong_to_no_account(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html"""
    role = make_role(aws, allow("ssm:GetParameter", "arn:aws:ssm:us-east-1::parameter/aws/service/none/*"))
    with pytest.raises(ClientError) as caught:
        aws("ssm", role=role).get_parameter(Name="/aws/service/none/here")
    assert caught.value.response["Error"]["Code"] == "ParameterNotFound"
    code, _ = refusal(lambda: aws("ssm", role=role).get_parameter(Name="/aws/service/other"))
    assert code == "AccessDeniedException"


def test_images_and_snapshots_are_tagged_under_an_arn_without_account(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html"""
    role = make_role(aws, allow("ec2:CreateImage"), allow("ec2:CreateTags", "arn:aws:ec2:us-east-1::image/*"))

    def create(kind: str) -> tuple[str, str]:
        tags = [{"ResourceType": kind, "Tags": [{"Key": "a", "Value": "b"}]}]
        ec2 = aws("ec2", role=role)
        return refusal(lambda: ec2.create_image(InstanceId="i-0123456789abcdef0", Name="new", TagSpecifications=tags))

    assert create("image")[0] == "InvalidInstanceID.NotFound"
    code, message = create("snapshot")
    assert code == "UnauthorizedOperation"
    assert "on resource: arn:aws:ec2:us-east-1::snapshot/*" in message


def test_a_change_set_named_by_its_arn_is_its_stack_s(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html"""
    role = make_role(aws, allow("cloudformation:DescribeChangeSet", f"arn:aws:cloudformation:*:{ACCOUNT}:stack/mine/*"))
    template = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'

    def planned(stack: str) -> str:
        order = {"StackName": stack, "ChangeSetName": "c", "ChangeSetType": "CREATE", "TemplateBody": template}
        return str(aws("cloudformation").create_change_set(**order)["Id"])

    mine, other = planned("mine"), planned("other")
    assert aws("cloudformation", role=role).describe_change_set(ChangeSetName=mine)["StackName"] == "mine"
    assert refusal(lambda: aws("cloudformation", role=role).describe_change_set(ChangeSetName=other))[0] == "AccessDenied"


def test_launches_can_be_bound_to_launch_templates(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html"""
    by_template = {"ArnLike": {"ec2:LaunchTemplate": f"arn:aws:ec2:*:{ACCOUNT}:launch-template/*"}}
    role = make_role(aws, allow("ec2:RunInstances", Condition=by_template))
    image = aws("ec2").describe_images(Owners=["136693071363"])["Images"][0]["ImageId"]
    data = {"ImageId": image, "InstanceType": "t3.micro"}
    aws("ec2").create_launch_template(LaunchTemplateName="bound", LaunchTemplateData=data)
    once = {"MinCount": 1, "MaxCount": 1, "DryRun": True}
    template = {"LaunchTemplateName": "bound"}
    assert refusal(lambda: aws("ec2", role=role).run_instances(LaunchTemplate=template, **once))[0] == "DryRunOperation"
    assert refusal(lambda: aws("ec2", role=role).run_instances(**data, **once))[0] == "UnauthorizedOperation"


def test_metrics_may_be_bound_to_a_namespace(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html"""
    bound = allow("cloudwatch:PutMetricData", Condition={"StringEquals": {"cloudwatch:namespace": "shop"}})
    cloudwatch = aws("cloudwatch", role=make_role(aws, bound))
    data = [{"MetricName": "Age", "Value": 1}]
    cloudwatch.put_metric_data(Namespace="shop", MetricData=data)
    code, _ = refusal(lambda: cloudwatch.put_metric_data(Namespace="others", MetricData=data))
    assert code.startswith("AccessDenied")
