"""AssumeRole, with the trust policy enforced (moto hands out credentials for any role, also for none)."""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.services.iam import authorize, roles
from rehearsal.services.iam.denial import denied


@operation("sts", "AssumeRole")
def assume_role(call: Call) -> dict[str, Any]:
    arn = call.params["RoleArn"]
    if roles.find(arn) is None:
        raise denied(call, "sts:AssumeRole", arn, "")
    authorize.may(call, "sts:AssumeRole", arn)
    return call.moto()


@operation("sts", "GetCallerIdentity")
def get_caller_identity(call: Call) -> dict[str, Any]:
    who = call.principal
    if who.type == "assumed-role":
        role = roles.find(who.role_arn)
        return {
            "UserId": f"{role.id if role else 'AROA'}:{who.session}",
            "Account": who.account,
            "Arn": who.arn,
        }
    return {"UserId": who.account or call.account, "Account": call.account, "Arn": who.arn}
