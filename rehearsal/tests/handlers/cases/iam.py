"""IAM's resources."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.tests.handlers.cases.networks import tags
from rehearsal.tests.handlers.harness import Case, World


def trust(service: str = "ec2") -> dict[str, Any]:
    return document("sts:AssumeRole", Principal={"Service": f"{service}.amazonaws.com"})


def document(action: str, **more: Any) -> dict[str, Any]:
    where = {} if "Principal" in more else {"Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, **where, **more}]}


def role(world: World, name: str = "one", service: str = "ec2") -> str:
    def make() -> str:
        world.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust(service)))
        return name

    return world.once(f"role {name}", make)


def role_arn(world: World, name: str, service: str) -> str:
    return f"arn:aws:iam::123456789012:role/{role(world, name, service)}"


def policy(world: World, name: str) -> str:
    return world.once(
        f"policy {name}",
        lambda: world.client("iam").create_policy(PolicyName=name, PolicyDocument=json.dumps(document("s3:*")))[
            "Policy"
        ]["Arn"],
    )


CASES = (
    Case(
        "AWS::IAM::Role",
        lambda w: {
            "AssumeRolePolicyDocument": trust(),
            "Description": "one",
            "MaxSessionDuration": 3600,
            "Path": "/app/",
            "ManagedPolicyArns": [policy(w, "a")],
            "PermissionsBoundary": policy(w, "boundary"),
            "Tags": tags(("Name", "one")),
            "Policies": [
                {"PolicyName": "read", "PolicyDocument": document("s3:GetObject")},
                {"PolicyName": "write", "PolicyDocument": document("s3:PutObject")},
            ],
        },
        (
            lambda w: {
                "AssumeRolePolicyDocument": trust("codebuild"),
                "Description": "two",
                "MaxSessionDuration": 7200,
            },
            lambda w: {"ManagedPolicyArns": [policy(w, "b")], "PermissionsBoundary": None},
            lambda w: {"Policies": [{"PolicyName": "write", "PolicyDocument": document("s3:DeleteObject")}]},
            lambda w: {"PermissionsBoundary": policy(w, "b"), "Tags": tags(("Name", "two"))},
        ),
    ),
    Case(
        "AWS::IAM::Policy",
        lambda w: {"PolicyName": "own", "PolicyDocument": document("s3:GetObject"), "Roles": [role(w)]},
        (
            lambda w: {"PolicyDocument": document("s3:PutObject"), "Roles": [role(w, "two")]},
            lambda w: {"PolicyName": "renamed"},
        ),
    ),
    Case(
        "AWS::IAM::ManagedPolicy",
        lambda w: {"PolicyDocument": document("s3:GetObject"), "Description": "one", "Path": "/", "Roles": [role(w)]},
        tuple(lambda w, n=n: {"PolicyDocument": document(f"s3:Get{n}"), "Roles": [role(w, "two")]} for n in range(6)),
    ),
    Case(
        "AWS::IAM::InstanceProfile",
        lambda w: {"Roles": [role(w)], "Path": "/"},
        (lambda w: {"Roles": [role(w, "two")]},),
    ),
    Case(
        "AWS::IAM::ServiceLinkedRole",
        lambda w: {"AWSServiceName": "autoscaling.amazonaws.com", "CustomSuffix": "hand", "Description": "one"},
        (lambda w: {"Description": "two"},),
    ),
)
