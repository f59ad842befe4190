"""What only the management account may ask of Organizations, and what the rehearsal would not act upon.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_getting-started_concepts.html
"""

from __future__ import annotations

from typing import Any

from moto.organizations.models import organizations_backends

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.kernel.operations import operation


def check(call: Call) -> None:
    """@raises AwsError AccessDeniedException in a member account, AWSOrganizationsNotInUseException in no one's."""
    if call.account in organizations_backends.master_accounts:
        raise AwsError("AccessDeniedException", "You don't have permissions to access this resource.")
    if organizations_backends[call.account]["aws"].org is None:
        raise AwsError(
            "AWSOrganizationsNotInUseException", "Your account is not a member of an organization."
        )


@operation(
    "organizations",
    "CloseAccount", "CreateOrganizationalUnit", "DeleteOrganization", "DeleteOrganizationalUnit", "DescribeAccount",
    "DescribeOrganizationalUnit", "ListAccounts", "ListAccountsForParent", "ListChildren",
    "ListOrganizationalUnitsForParent", "ListParents", "ListRoots", "MoveAccount", "RemoveAccountFromOrganization",
    "UpdateOrganizationalUnit",
)  # fmt: skip
def manage(call: Call) -> dict[str, Any]:
    check(call)
    return call.moto()


@operation("organizations", "CreatePolicy", "UpdatePolicy", "EnablePolicyType")
def refuse_policies(call: Call) -> dict[str, Any]:
    raise NotImplementedByRehearsal("organizations", call.operation, "policies of organisations are not enforced")
