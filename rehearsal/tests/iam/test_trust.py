"""Who may assume a role: the role's trust and the caller's own policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.tests.iam.test_enforcement import ACCOUNT, allow, make_role, refusal

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
DENY = {"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*"}


def trusting(aws: Callable[..., Any], principal: Any, **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": principal}, **more}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(aws("iam").create_role(RoleName="wanted", AssumeRolePolicyDocument=document)["Role"]["Arn"])


def user(aws: Callable[..., Any], *statements: dict[str, Any]) -> Any:
    iam = aws("iam")
    iam.create_user(UserName="ann")
    if statements:
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        iam.put_user_policy(UserName="ann", PolicyName="own", PolicyDocument=document)
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    return aws("sts", key=key["AccessKeyId"], secret=key["SecretAccessKey"])


@pytest.mark.parametrize("caller", ["user", "role"])
def test_a_trust_in_the_account_needs_the_callers_own_leave(aws: Callable[..., Any], caller: str) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts"""
    wanted = trusting(aws, ROOT)
    sts = user(aws) if caller == "user" else aws("sts", role=make_role(aws, name="caller"))
    code, message = refusal(lambda: sts.assume_role(RoleArn=wanted, RoleSessionName="test"))
    assert code == "AccessDenied"
    assert message.endswith(f"sts:AssumeRole on resource: {wanted} because no identity-based policy allows the "
                            "sts:AssumeRole action")  # fmt: skip
    if caller == "role":
        own = aws("sts", role=make_role(aws, allow("sts:AssumeRole", wanted), name="allowed"))
        assert own.assume_role(RoleArn=wanted, RoleSessionName="test")["AssumedRoleUser"]["Arn"].endswith("wanted/test")


def test_a_caller_that_the_trust_names_needs_nothing_else(aws: Callable[..., Any]) -> None:
    wanted = trusting(aws, make_role(aws, name="caller"))
    aws("sts", role=f"arn:aws:iam::{ACCOUNT}:role/caller").assume_role(RoleArn=wanted, RoleSessionName="test")


def test_a_name_that_only_begins_alike_is_another(aws: Callable[..., Any]) -> None:
    named, other = make_role(aws, name="app-admin"), make_role(aws, name="app")
    wanted = trusting(aws, [named, ROOT])
    order = {"RoleArn": wanted, "RoleSessionName": "test"}
    assert "no identity-based policy" in refusal(lambda: aws("sts", role=other).assume_role(**order))[1]
    aws("sts", role=named).assume_role(**order)


def test_a_trust_in_others_leaves_nothing_to_the_account(aws: Callable[..., Any]) -> None:
    wanted = trusting(aws, f"arn:aws:iam::{ACCOUNT}:user/ben")
    ann = user(aws, allow("sts:*"))
    code, message = refusal(lambda: ann.assume_role(RoleArn=wanted, RoleSessionName="test"))
    assert (code, message.endswith(f"sts:AssumeRole on resource: {wanted}")) == ("AccessDenied", True)


def test_a_deny_of_the_caller_s_own_holds_where_the_trust_names_it(aws: Callable[..., Any]) -> None:
    caller = make_role(aws, DENY, name="caller")
    wanted = trusting(aws, caller)
    _, message = refusal(lambda: aws("sts", role=caller).assume_role(RoleArn=wanted, RoleSessionName="test"))
    assert message.endswith("with an explicit deny in an identity-based policy")


def test_an_external_id_is_held(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html"""
    wanted = trusting(aws, ROOT, Condition={"StringEquals": {"sts:ExternalId": "x1"}})
    caller = aws("sts", role=make_role(aws, allow("sts:AssumeRole"), name="caller"))
    order = {"RoleArn": wanted, "RoleSessionName": "test"}
    assert refusal(lambda: caller.assume_role(**order))[0] == "AccessDenied"
    caller.assume_role(**order, ExternalId="x1")


def _created(organizations: Any, request: str) -> dict[str, Any]:
    for _ in range(200):
        status = organizations.describe_create_account_status(CreateAccountRequestId=request)["CreateAccountStatus"]
        if status["State"] != "IN_PROGRESS":
            return status
        time.sleep(0.05)
    raise AssertionError("there is no account yet")


def test_the_administrator_of_a_member_account_may_do_everything_there(aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html"""
    organizations = aws("organizations")
    organizations.create_organization(FeatureSet="ALL")
    asked = organizations.create_account(Email="them@example.com", AccountName="them")["CreateAccountStatus"]
    made = _created(organizations, asked["Id"])
    role = f"arn:aws:iam::{made['AccountId']}:role/OrganizationAccountAccessRole"
    assert aws("sts", role=role).get_caller_identity()["Account"] == made["AccountId"]
    vpcs = aws("ec2", role=role).describe_vpcs()["Vpcs"]
    assert {vpc["OwnerId"] for vpc in vpcs} == {made["AccountId"]}
