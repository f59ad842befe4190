"""What may stand in the description of a security group and of its rules.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
"""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.tests.ec2.conftest import refusal

ALLOWED = "strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
GROUP = ("InvalidParameterValue", f"Invalid security group description. Valid descriptions are {ALLOWED}")
RULE = ("InvalidParameterValue", f"Invalid rule description. Valid descriptions are {ALLOWED}")
EVERY = "aZ9. _-:/()#,@[]+=&;{}!$*"
BAD = ("the group's own", "a > b", "a" * 256, "two\nlines")


@pytest.fixture
def vpc(ec2: Any) -> str:
    return ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]


@pytest.fixture
def group(ec2: Any, vpc: str) -> str:
    return ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]


def rule(peer: str, description: str, group: str) -> dict[str, Any]:
    peers: dict[str, dict[str, Any]] = {
        "IpRanges": {"CidrIp": "10.0.0.0/8"},
        "Ipv6Ranges": {"CidrIpv6": "fd00::/8"},
        "UserIdGroupPairs": {"GroupId": group},
    }
    return {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, peer: [{**peers[peer], "Description": description}]}


@pytest.mark.parametrize("description", BAD)
def test_a_group_is_refused(ec2: Any, vpc: str, description: str) -> None:
    assert refusal(ec2.create_security_group, GroupName="x", Description=description, VpcId=vpc) == GROUP
    assert not ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["x"]}])["SecurityGroups"]


def test_a_group_beyond_ascii_is_told_so(ec2: Any, vpc: str) -> None:
    """In the words of https://github.com/hashicorp/terraform-provider-aws/pull/43854"""
    message = "Value (für) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported."
    found = refusal(ec2.create_security_group, GroupName="x", Description="für", VpcId=vpc)
    assert found == ("InvalidParameterValue", message)


@pytest.mark.parametrize("description", [*BAD, "für"])
@pytest.mark.parametrize("peer", ["IpRanges", "Ipv6Ranges", "UserIdGroupPairs"])
@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_a_rule_is_refused(ec2: Any, group: str, direction: str, peer: str, description: str) -> None:
    authorize = getattr(ec2, f"authorize_security_group_{direction}")
    bad = rule(peer, description, group)
    assert refusal(authorize, GroupId=group, IpPermissions=[bad]) == RULE
    authorize(GroupId=group, IpPermissions=[rule(peer, EVERY, group)])
    reword = getattr(ec2, f"update_security_group_rule_descriptions_{direction}")
    assert refusal(reword, GroupId=group, IpPermissions=[bad]) == RULE
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    assert [r["Description"] for r in rules if r.get("Description")] == [EVERY]


def test_a_rule_that_is_changed_by_its_id_is_refused(ec2: Any, group: str) -> None:
    made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule("IpRanges", "SSH", group)])
    identifier = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    change = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "10.0.0.0/8", "Description": "it's SSH"}
    changes = [{"SecurityGroupRuleId": identifier, "SecurityGroupRule": change}]
    assert refusal(ec2.modify_security_group_rules, GroupId=group, SecurityGroupRules=changes) == RULE
    reworded = [{"SecurityGroupRuleId": identifier, "Description": "it's SSH"}]
    reword = ec2.update_security_group_rule_descriptions_ingress
    assert refusal(reword, GroupId=group, SecurityGroupRuleDescriptions=reworded) == RULE


def test_everything_that_aws_allows_is_kept(ec2: Any, vpc: str) -> None:
    longest = EVERY + "a" * (255 - len(EVERY))
    made = ec2.create_security_group(GroupName="x", Description=longest, VpcId=vpc)["GroupId"]
    assert ec2.describe_security_groups(GroupIds=[made])["SecurityGroups"][0]["Description"] == longest
