"""A member account is administered by the role that Organizations makes in it, with every right; moto gives it none.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.iam import iam_backends
from moto.organizations.models import FakeAccount

_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def apply() -> None:
    made = FakeAccount.__init__

    def make(self: FakeAccount, organization: Any, **named: Any) -> None:
        made(self, organization, **named)
        role = named.get("RoleName", "OrganizationAccountAccessRole")
        # AWS attaches its managed policy AdministratorAccess, which moto loads only when it is told to.
        iam_backends[self.id]["aws"].put_role_policy(role, "AdministratorAccess", json.dumps(_EVERYTHING))

    account: Any = FakeAccount
    account.__init__ = make
