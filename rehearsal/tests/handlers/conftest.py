"""A world for handlers: the rehearsal's services in this process, reached as the administrator."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rehearsal.services.ec2 import lifecycle, states
from rehearsal.tests.conftest import client_of, post
from rehearsal.tests.handlers.harness import World

ROLE = "handlers"


def _run_at_once(found: lifecycle.Machine) -> None:
    """In place of a machine that boots: EC2's record of one."""
    if found.instance.state == "pending":
        states.put(found.instance, "running")


@pytest.fixture(scope="package")
def world(endpoint: str) -> Iterator[World]:
    """Handlers act under a role of their own, so that the journal tells their calls from those of the tests."""
    post(endpoint, "/moto-api/reset")
    admin = _clients(endpoint)
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "123456789012"}}],
    }
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    role = admin("iam").create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    admin("iam").put_role_policy(RoleName=ROLE, PolicyName="all", PolicyDocument=json.dumps(everything))
    given = admin("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    acting = _clients(endpoint, given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lifecycle, "_start", _run_at_once)
        yield World(admin, acting)


def _clients(endpoint: str, *credentials: str) -> Callable[[str], Any]:
    clients: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in clients:
            clients[service] = client_of(endpoint, service, *credentials)
        return clients[service]

    return client
