"""AssumeRole, with the trust policy enforced (moto hands out credentials for any role, also for none)."""

from __future__ import annotations

from typing import Any

from rehearsal.iam import context, roles
from rehearsal.iam.matching import Question, decide
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation


def _refused(call: Call, role: str) -> AwsError:
    # One answer for a role that is missing and for one that does not trust the caller, as on AWS.
    # https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    who = call.principal.arn
    return AwsError(
        "AccessDenied", f"User: {who} is not authorized to perform: sts:AssumeRole on resource: {role}", 403
    )


@operation("sts", "AssumeRole")
def assume_role(call: Call) -> dict[str, Any]:
    from rehearsal.iam.authorize import _names, may

    arn = call.params["RoleArn"]
    role = roles.find(arn)
    if role is None:
        raise _refused(call, arn)
    facts = dict(context.of(call, "sts:AssumeRole", arn))
    if "ExternalId" in call.params:
        facts["sts:externalid"] = [call.params["ExternalId"]]
    question = Question("sts:AssumeRole", arn, facts, frozenset(_names(call.principal)))
    verdict = decide([roles.trust(role)], question)
    if verdict != "allow":
        raise _refused(call, arn)
    named = call.principal.arn in str(roles.trust(role)) or call.principal.role_arn in str(roles.trust(role))
    if call.principal.restricted and not named:
        # The account is trusted, so the caller's own policies must allow it, too.
        may(call, "sts:AssumeRole", arn)
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
