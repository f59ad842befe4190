"""Managed policies as resources of an account.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.tests.iam.test_enforcement import allow, refusal

DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [allow("s3:ListAllMyBuckets")]})


@pytest.mark.parametrize("path", ["/", "/acme-shop/", "/acme-blog/"])
@pytest.mark.parametrize("name", ["limit", "Limit"])
def test_a_name_is_taken_whatever_the_path_and_the_case(aws: Callable[..., Any], name: str, path: str) -> None:
    iam = aws("iam")
    kept = iam.create_policy(PolicyName="limit", Path="/acme-shop/", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    assert refusal(lambda: iam.create_policy(PolicyName=name, Path=path, PolicyDocument=DOCUMENT)) == (
        "EntityAlreadyExists", f"A policy called {name} already exists. Duplicate names are not allowed.",
    )  # fmt: skip
    assert [policy["Arn"] for policy in iam.list_policies(Scope="Local")["Policies"]] == [kept]


def test_a_name_is_free_again_when_its_policy_is_gone(aws: Callable[..., Any]) -> None:
    iam = aws("iam")
    first = iam.create_policy(PolicyName="limit", Path="/a/", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    iam.delete_policy(PolicyArn=first)
    iam.create_policy(PolicyName="limit", Path="/b/", PolicyDocument=DOCUMENT)
