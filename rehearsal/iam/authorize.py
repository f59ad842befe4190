"""Whether a principal may do what it asks: identity policies, boundary, session policy, resource policies."""

from __future__ import annotations

from dataclasses import dataclass

from rehearsal.iam import actions, context, resource_policies, resources, roles
from rehearsal.iam.denial import denied
from rehearsal.iam.matching import Question, decide
from rehearsal.kernel.call import Call
from rehearsal.kernel.identity import Principal


@dataclass(frozen=True)
class Decision:
    """What was asked for, for the journal."""

    actions: list[str]
    resources: list[str]


# Anybody may ask who they are. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
_FREE = {("sts", "GetCallerIdentity"), ("sts", "GetSessionToken"), ("sts", "AssumeRole")}


def check(call: Call) -> Decision:
    """@raises AwsError in the service's words for a denial."""
    if (call.service, call.operation) in _FREE or not call.principal.restricted:
        return Decision([], [])
    wanted = [
        (action, resource) for action in actions.of(call) for resource in resources.of(call, action)
    ] + resources.passed_roles(call)
    for action, resource in wanted:
        may(call, action, resource)
    return Decision(sorted({a for a, _ in wanted}), sorted({r for _, r in wanted}))


def may(call: Call, action: str, resource: str) -> None:
    """Holds one action on one resource against everything that has a say. @raises AwsError."""
    who = call.principal
    facts = context.of(call, action, resource)
    question = Question(action, resource, facts, frozenset(_names(who)))
    own, other = _identity(who), resource_policies.of(call, action, resource)
    by_identity, by_resource = decide(own, question), decide(other, question)
    if by_identity == "deny":
        raise denied(call, action, resource, "with an explicit deny in an identity-based policy")
    if by_resource == "deny":
        raise denied(call, action, resource, "with an explicit deny in a resource-based policy")
    limit = _boundary(who)
    if limit is not None and by_identity == "allow" and decide([limit], question) != "allow":
        raise denied(call, action, resource, f"because no permissions boundary allows the {action} action")
    if who.session_policy and decide([roles.parse(who.session_policy)], question) != "allow":
        raise denied(call, action, resource, f"because no session policy allows the {action} action")
    if "allow" not in (by_identity, by_resource):
        kind = "resource-based" if who.type == "anonymous" else "identity-based"
        raise denied(call, action, resource, f"because no {kind} policy allows the {action} action")


def _identity(who: Principal) -> list[roles.Policy]:
    if who.type == "assumed-role":
        role = roles.find(who.role_arn)
        return roles.of_role(role) if role is not None else []
    return roles.of_user(who.arn) if who.type == "user" else []


def _boundary(who: Principal) -> roles.Policy | None:
    role = roles.find(who.role_arn) if who.type == "assumed-role" else None
    return roles.boundary(role) if role is not None else None


def _names(who: Principal) -> list[str]:
    """What a resource policy may call this principal."""
    names = [who.arn, who.role_arn, who.service]
    if who.account:
        names.append(f"arn:aws:iam::{who.account}:root")
    return [name for name in names if name]
