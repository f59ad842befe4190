"""Reading roles and users from moto's IAM backend."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.backends import get_backend

Policy = dict[str, Any]


def parse(document: Any) -> Policy:
    """A policy document that moto keeps as text, sometimes URL-encoded, sometimes parsed already."""
    if isinstance(document, dict):
        return document
    text = str(document)
    return json.loads(unquote(text) if text.lstrip().startswith("%") else text)


def find(arn: str) -> Any | None:
    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    backends = get_backend("iam")
    if account not in backends:
        return None
    for role in list(backends[account]["aws"].roles.values()):
        if role.arn == arn:
            return role
    return None


def id_of(account: str, name: str) -> str:
    """moto keeps roles by id; "" for a name that no role has."""
    roles = list(get_backend("iam")[account]["aws"].roles.items())
    return next((key for key, role in roles if role.name == name), "")


def exists(arn: str) -> bool:
    return find(arn) is not None


def tags_of(arn: str | None) -> dict[str, str]:
    """The tags of a role, which whoever acts under it has as a principal; none for anybody else."""
    role = find(arn) if arn else None
    return {} if role is None else {tag["Key"]: tag["Value"] for tag in role.tags}


def trust(role: Any) -> Policy:
    return parse(role.assume_role_policy_document)


def default_version(policy: Any) -> Policy:
    """A managed policy's document in force: that of its default version."""
    chosen = next(v for v in policy.versions if v.version_id == policy.default_version_id)
    return parse(chosen.document)


def _attached(holder: Any) -> list[Policy]:
    return [default_version(policy) for policy in list(holder.managed_policies.values())]


def of_role(role: Any) -> list[Policy]:
    """All identity policies of a role, inline and managed."""
    return [parse(document) for document in list(role.policies.values())] + _attached(role)


def of_user(arn: str) -> list[Policy]:
    backend = get_backend("iam")[arn.split(":")[4]]["aws"]
    name = arn.rsplit("/", 1)[-1]
    user = backend.users.get(name)
    if user is None:
        return []
    found = [parse(document) for document in list(user.policies.values())] + _attached(user)
    for group in list(backend.groups.values()):
        if any(member.name == name for member in group.users):
            found += [parse(document) for document in list(group.policies.values())] + _attached(group)
    return found


def boundary(holder: Any) -> Policy | None:
    """The permissions boundary, if the role has one."""
    arn = holder.permissions_boundary_arn
    if not isinstance(arn, str) or not arn.startswith("arn:"):
        return None
    backend = get_backend("iam")[arn.split(":")[4] if arn.split(":")[4].isdigit() else holder.account_id]["aws"]
    policy = backend.managed_policies.get(arn)
    return default_version(policy) if policy else {"Statement": []}
