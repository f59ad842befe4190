"""With whose rights a stack works: its role's, or those of the caller.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.kernel import clients
from rehearsal.kernel.identity import Principal
from rehearsal.kernel.settings import ACCOUNT
from rehearsal.services.cloudformation.errors import invalid

SERVICE = "cloudformation.amazonaws.com"


def client_of(principal: Principal, role: str | None, region: str) -> Callable[[str], Any]:
    """Clients by service name."""

    def client(service: str) -> Any:
        if role:
            return clients.client(service, region, role=role, session_name="AWSCloudFormation", assumed_by=SERVICE)
        if principal.type in ("service", "anonymous"):
            account = principal.account or ACCOUNT
            return clients.client(service, region, principal=clients.Service(principal.service or SERVICE, account))
        return clients.of_principal(service, region, principal)

    return client


def check_role(role: str | None) -> None:
    """@raises AwsError ValidationError for a role that is gone or does not trust CloudFormation."""
    if role is None:
        return
    try:
        clients.role_credentials(role, "AWSCloudFormation", SERVICE)
    except ClientError as error:
        raise invalid(f"Role {role} is invalid or cannot be assumed") from error
