"""Policy documents against IAM's grammar.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.kernel.wildcards import like
from rehearsal.services.iam.documents import Malformed, refuse_malformed
from rehearsal.tests.iam.test_enforcement import refusal

ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
TRUST: dict[str, Any] = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}


def policy(*statements: Any, **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


SOUND: list[tuple[str, str]] = [
    (policy(ALLOW), "identity"),
    (json.dumps({"Statement": ALLOW}), "identity"),
    (policy({**ALLOW, "Condition": {"NumericLessThan": {"s3:max-keys": 10}, "Bool": {"aws:SecureTransport": False}}}), "identity"),
    (policy({**ALLOW, "Condition": {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": ["a", "b*"]}}}), "identity"),
    (policy({"Effect": "Deny", "NotAction": ["s3:Get*"], "NotResource": []}), "identity"),
    (policy(TRUST, {**TRUST, "Principal": "*"}), "trust"),
    (policy({**ALLOW, "Principal": {"AWS": ["123456789012"], "CanonicalUser": "x"}}), "resource"),
]  # fmt: skip
WRONG: list[tuple[str, str, str]] = [
    ("", "identity", "This policy contains invalid Json"),
    ("[" * 5000, "identity", "This policy contains invalid Json"),
    ('{"Statement": NaN}', "identity", "This policy contains invalid Json"),
    ('{"Statement": "\\ud800"}', "identity", "This policy contains invalid Json"),
    ('"text"', "identity", "Syntax errors in policy."),
    (policy(), "identity", "Syntax errors in policy."),
    (policy("Deny"), "identity", "Syntax errors in policy."),
    (policy(ALLOW, Version="2020-01-01"), "identity", "Syntax errors in policy."),
    (policy(ALLOW, Extra=1), "identity", "Syntax errors in policy."),
    (policy({**ALLOW, "Effect": "allow"}), "identity", "Syntax errors in policy."),
    (policy({**ALLOW, "Action": [{}]}), "identity", "Syntax errors in policy."),
    (policy({**ALLOW, "NotAction": "x"}), "identity", "Syntax errors in policy."),
    (policy({**ALLOW, "Sid": 1}), "identity", "Syntax errors in policy."),
    (policy({**ALLOW, "Condition": "a"}), "identity", "Syntax errors in policy."),
    (policy({**ALLOW, "Condition": {"StringEquals": "a"}}), "identity", "Syntax errors in policy."),
    (policy({**ALLOW, "Condition": {"StringEquals": {"a": {}}}}), "identity", "Syntax errors in policy."),
    (policy({**ALLOW, "Condition": {"StringIs": {"a": "b"}}}), "identity", "Syntax errors in policy."),
    (policy({"Effect": "Allow", "Resource": "*"}), "identity", "Policy statement must contain actions."),
    (policy({**ALLOW, "Principal": "*"}), "identity", "Policy document should not specify a principal."),
    (policy({"Action": "*"}), "trust", "Missing required field Effect"),
    (policy({"Effect": "Allow", "Action": "*"}), "trust", "Missing required field Principal"),
    (policy({**TRUST, "Resource": "*"}), "trust", "Has prohibited field Resource"),
    (policy({**TRUST, "Principal": {"AWS": {}}}), "trust", "Invalid principal in policy"),
    (policy({**TRUST, "Principal": {"Group": "x"}}), "trust", "Invalid principal in policy"),
    (policy({**TRUST, "Principal": 7}), "trust", "Invalid principal in policy"),
    (policy(TRUST), "resource", "Missing required field Resource"),
]


@pytest.mark.parametrize(("document", "kind"), SOUND)
def test_takes_what_is_sound(document: str, kind: str) -> None:
    refuse_malformed(document, kind)


@pytest.mark.parametrize(("document", "kind", "said"), WRONG)
def test_refuses_what_is_not(document: str, kind: str, said: str) -> None:
    with pytest.raises(Malformed) as caught:
        refuse_malformed(document, kind)
    assert str(caught.value) == said


def test_each_service_says_it_under_its_own_code(aws: Callable[..., Any]) -> None:
    iam, s3, kms, sts = aws("iam"), aws("s3"), aws("kms"), aws("sts")
    s3.create_bucket(Bucket="shop")
    iam.create_role(RoleName="build", AssumeRolePolicyDocument=policy(TRUST))
    arn = "arn:aws:iam::123456789012:role/build"
    wrong = policy("Deny")
    malformed = ("MalformedPolicyDocument", "Syntax errors in policy.")
    assert refusal(lambda: iam.create_role(RoleName="x", AssumeRolePolicyDocument=wrong)) == malformed
    assert refusal(lambda: iam.update_assume_role_policy(RoleName="build", PolicyDocument=wrong)) == malformed
    assert refusal(lambda: iam.put_role_policy(RoleName="build", PolicyName="p", PolicyDocument=wrong)) == malformed
    assert refusal(lambda: iam.create_policy(PolicyName="p", PolicyDocument=wrong)) == malformed
    assert refusal(lambda: sts.assume_role(RoleArn=arn, RoleSessionName="session", Policy=wrong)) == malformed
    assert refusal(lambda: s3.put_bucket_policy(Bucket="shop", Policy=wrong))[0] == "MalformedPolicy"
    assert refusal(lambda: kms.create_key(Policy=wrong))[0] == "MalformedPolicyDocumentException"


def test_a_number_in_a_condition_is_taken_and_holds(aws: Callable[..., Any]) -> None:
    iam = aws("iam")
    iam.create_role(RoleName="build", AssumeRolePolicyDocument=policy({**TRUST, "Principal": {"AWS": "*"}}))
    few = {**ALLOW, "Condition": {"NumericLessThanEquals": {"s3:max-keys": 10}}}
    iam.put_role_policy(RoleName="build", PolicyName="few", PolicyDocument=policy(few))
    aws("s3").create_bucket(Bucket="shop")
    s3 = aws("s3", role="arn:aws:iam::123456789012:role/build")
    s3.list_objects_v2(Bucket="shop", MaxKeys=10)
    assert refusal(lambda: s3.list_objects_v2(Bucket="shop", MaxKeys=11))[0] == "AccessDenied"


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("s3:Get*", "s3:GetObject", True),
        ("*a*b*c", "xaxbxc", True),
        ("*a*b*c", "xaxcxb", False),
        ("a*a", "a", False),
        ("a**a", "aa", True),
        ("?.?", "a.b", True),
        ("[a]", "a", False),
        ("*a" * 40, "a" * 5000 + "b", False),
    ],
)
def test_wildcards_fit_in_linear_time(pattern: str, text: str, fits: bool) -> None:
    assert like(pattern, text) is fits
