"""A member account is administered by the role that Organizations makes in it, with every right; moto gives it none.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.iam import iam_backends
from moto.organizations.models import FakeAccount, organizations_backends
from moto.organizations.utils import MASTER_ACCOUNT_EMAIL

from rehearsal.kernel import tasks

_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def install() -> None:
    made = FakeAccount.__init__

    def make(self: FakeAccount, organization: Any, **named: Any) -> None:
        made(self, organization, **named)
        if named["Email"] == MASTER_ACCOUNT_EMAIL:
            # moto makes the management account like a member, with a role in an account that nobody has.
            del iam_backends[self.id]
            return
        role = named.get("RoleName", "OrganizationAccountAccessRole")
        # AWS attaches its managed policy AdministratorAccess, which moto loads only when it is told to.
        iam_backends[self.id]["aws"].put_role_policy(role, "AdministratorAccess", json.dumps(_EVERYTHING))

    account: Any = FakeAccount
    account.__init__ = make
    # moto's list of members stands outside of what its reset forgets.
    tasks.on_reset(organizations_backends.master_accounts.clear)
