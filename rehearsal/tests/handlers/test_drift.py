"""What read tells is comparable with the template: only what differs in meaning differs.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.services.cloudformation.handlers import find
from rehearsal.services.cloudformation.handlers.drift import align, same
from rehearsal.tests.handlers.cases.networks import ANY, group, rule, tags, vpc
from rehearsal.tests.handlers.harness import World


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("80", 80),
        (True, "true"),
        (3.0, "3"),
        (["b", "a"], ["a", "b"]),
        ([{"Key": "a", "Value": "1"}], [{"Key": "a", "Value": "1", "ResourceId": "x"}]),
        ({"Statement": [{"Action": "s3:*"}]}, '{"Statement": [{"Action": "s3:*"}]}'),
        ({"Statement": [{"Action": ["s3:Get*"]}]}, {"Statement": [{"Action": "s3:Get*"}]}),
        ({"Rules": [{"Days": 1}]}, {"Rules": [{"Days": "1", "Default": "x"}], "More": 1}),
    ],
)
def test_what_means_the_same_is_told_as_the_template_has_it(expected: Any, actual: Any) -> None:
    assert align(expected, actual) == expected


@pytest.mark.parametrize(
    ("expected", "actual", "told"),
    [
        (["a"], ["a", "b"], ["a", "b"]),
        (["a", "b"], ["b"], ["b"]),
        ([{"Id": 1, "At": 2}], [{"Id": 1, "At": 3, "Default": 0}], [{"Id": 1, "At": 3, "Default": 0}]),
        ("80", 81, 81),
        ({"A": 1}, {}, {}),
    ],
)
def test_what_differs_stays_different(expected: Any, actual: Any, told: Any) -> None:
    assert align(expected, actual) == told
    assert not same(align(expected, actual), expected)


def test_a_rule_opened_by_hand_shows_beside_the_template_s_own(world: World) -> None:
    handler = find("AWS::EC2::SecurityGroup")
    ctx = world.context("AWS::EC2::SecurityGroup", "Opened")
    own = [rule({"SourceSecurityGroupId": group(world)}, 80, Description="requests"), rule(ANY, 443)]
    properties = {
        "GroupDescription": "web",
        "VpcId": vpc(world),
        "SecurityGroupIngress": own,
        "SecurityGroupEgress": [rule(ANY, 443)],
    }
    identifier = handler.create(ctx, properties)
    assert handler.read(ctx, identifier, properties)["SecurityGroupIngress"] == own

    api = world.client("ec2")
    ssh = {
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 22,
        "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "me"}],
    }
    api.authorize_security_group_ingress(GroupId=identifier, IpPermissions=[ssh])
    told = handler.read(ctx, identifier, properties)
    assert told["SecurityGroupIngress"] == [*own, rule(ANY, 22, Description="me")]
    assert told["SecurityGroupEgress"] == properties["SecurityGroupEgress"]

    api.revoke_security_group_ingress(GroupId=identifier, IpPermissions=[{**ssh, "FromPort": 443, "ToPort": 443}])
    told = handler.read(ctx, identifier, properties)
    assert told["SecurityGroupIngress"] == [own[0], rule(ANY, 22, Description="me")]
    handler.delete(ctx, identifier, properties)


def test_tags_of_the_stack_are_no_drift_and_a_tag_set_by_hand_is(world: World) -> None:
    handler = find("AWS::EC2::InternetGateway")
    ctx = world.context("AWS::EC2::InternetGateway", "Tagged")
    properties = {"Tags": tags(("Name", "one"))}
    identifier = handler.create(ctx, properties)
    assert handler.read(ctx, identifier, properties)["Tags"] == properties["Tags"]
    world.client("ec2").create_tags(Resources=[identifier], Tags=tags(("Name", "other"), ("More", "x")))
    assert sorted(tag["Value"] for tag in handler.read(ctx, identifier, properties)["Tags"]) == ["other", "x"]
    world.client("ec2").delete_tags(Resources=[identifier], Tags=[{"Key": "Name"}, {"Key": "More"}])
    assert handler.read(ctx, identifier, properties)["Tags"] == []
    handler.delete(ctx, identifier, properties)


def test_an_inline_policy_taken_off_by_hand_shows(world: World) -> None:
    handler = find("AWS::IAM::Role")
    ctx = world.context("AWS::IAM::Role", "Stripped")
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
    policies = [{"PolicyName": "a", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}]
    properties = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}, "Policies": policies}
    role = handler.create(ctx, properties)
    world.client("iam").delete_role_policy(RoleName=role, PolicyName="a")
    assert handler.read(ctx, role, properties)["Policies"] == []
    handler.delete(ctx, role, properties)
