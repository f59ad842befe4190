"""Whether a principal may do what it asks: identity policies, boundary, session policy, resource policies."""

from __future__ import annotations

from rehearsal.kernel.authority import Decision
from rehearsal.kernel.call import Call
from rehearsal.kernel.identity import Principal
from rehearsal.services.iam import (
    actions,
    context,
    grants,
    key_use,
    owners,
    passing,
    resource_policies,
    resources,
    roles,
)
from rehearsal.services.iam.conditions import Context
from rehearsal.services.iam.denial import denied
from rehearsal.services.iam.matching import Question, Verdict, decide

# Anybody may ask who they are. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
_FREE = {("sts", "GetCallerIdentity"), ("sts", "GetSessionToken"), ("sts", "AssumeRole")}

# The account's administrator, and services that act by themselves.
_EVERYTHING: roles.Policy = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def check(call: Call) -> Decision:
    """@raises AwsError in the service's words for a denial."""
    who = call.principal
    # An administrator is one of their own account.
    free = not who.restricted and (who.type != "admin" or call.service not in owners.REACHED_BY_NAME)
    if (call.service, call.operation) in _FREE or free:
        return Decision([], [])
    wanted = [
        (action, resource) for action in actions.of(call) for resource in resources.of(call, action)
    ] + passing.passed_roles(call)
    if not who.restricted:
        wanted = [(action, resource) for action, resource in wanted if owners.abroad(who, resource)]
    for action, resource in wanted:
        may(call, action, resource)
    for use in key_use.of(call) if who.restricted else ():
        may(call, use.action, use.key, use.context)
        wanted.append((use.action, use.key))
    return Decision(sorted({a for a, _ in wanted}), sorted({r for _, r in wanted}))


def may(call: Call, action: str, resource: str, more: Context | None = None) -> None:
    """Holds one action on one resource against everything that has a say. @raises AwsError.

    `more` are condition keys that only the service which asks knows.
    """
    who = call.principal
    facts = {**context.of(call, action, resource), **(more or {})}
    own, other = _identity(who), resource_policies.of(call, action, resource)

    def decided(policies: list[roles.Policy], names: list[str]) -> Verdict:
        return decide(policies, Question(action, resource, facts, frozenset(names)))

    by_identity = decided(own, [])
    if by_identity == "deny":
        raise denied(call, action, resource, "with an explicit deny in an identity-based policy")
    if decided(other, _names(who) + _account(who)) == "deny":
        raise denied(call, action, resource, "with an explicit deny in a resource-based policy")
    # What a resource's policy allows the account is for the account's identity policies to give.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
    granted = decided(other, _names(who)) == "allow"
    left_to_account = decided(other, _account(who)) == "allow"
    limit = _boundary(who)
    if limit is not None and by_identity == "allow" and decided([limit], []) != "allow":
        raise denied(call, action, resource, f"because no permissions boundary allows the {action} action")
    if who.session_policy and decided([roles.parse(who.session_policy)], []) != "allow":
        raise denied(call, action, resource, f"because no session policy allows the {action} action")
    if grants.allow(action, resource, _names(who)):
        return
    # Another account's resource needs the leave of both accounts.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
    abroad = owners.abroad(who, resource)
    if (abroad or (other and resource_policies.must_allow(action))) and not granted and not left_to_account:
        raise denied(call, action, resource, f"because no resource-based policy allows the {action} action")
    granted = granted and not abroad
    if by_identity != "allow" and not granted:
        kind = "resource-based" if who.type == "anonymous" else "identity-based"
        raise denied(call, action, resource, f"because no {kind} policy allows the {action} action")


def _identity(who: Principal) -> list[roles.Policy]:
    if not who.restricted:
        return [_EVERYTHING]
    if who.type == "assumed-role":
        role = roles.find(who.role_arn)
        return roles.of_role(role) if role is not None else []
    return roles.of_user(who.arn) if who.type == "user" else []


def _boundary(who: Principal) -> roles.Policy | None:
    role = roles.find(who.role_arn) if who.type == "assumed-role" else None
    return roles.boundary(role) if role is not None else None


def _names(who: Principal) -> list[str]:
    """What a resource policy may call this principal by itself."""
    return [name for name in (who.arn, who.role_arn, who.service) if name]


def _account(who: Principal) -> list[str]:
    """The name of a principal's account; a service that acts by itself belongs to none."""
    return [f"arn:aws:iam::{who.account}:root"] if who.account and who.type != "service" else []
