"""Managed policies' names: moto tells them apart by path, AWS does not.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
"""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation


@operation("iam", "CreatePolicy")
def create_policy(call: Call) -> dict[str, Any]:
    name = str(call.params.get("PolicyName", ""))
    known = list(get_backend("iam")[call.account]["aws"].managed_policies.values())
    # AWS's own policies stand there, too, under the account `aws`.
    if any(p.name.lower() == name.lower() and p.arn.split(":")[4] == call.account for p in known):
        raise AwsError(
            "EntityAlreadyExists", f"A policy called {name} already exists. Duplicate names are not allowed.", 409
        )
    return call.moto()
