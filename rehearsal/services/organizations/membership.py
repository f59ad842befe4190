"""Which organisation an account belongs to, and where in it: asked by IAM's conditions and by sharing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.organizations.models import organizations_backends


@dataclass(frozen=True)
class Membership:
    """`units` are the ARNs of the organisational units above the account, `path` as in aws:PrincipalOrgPaths."""

    id: str
    arn: str
    units: tuple[str, ...]
    path: str


def of(account: str) -> Membership | None:
    """None for an account of no organisation."""
    manager = organizations_backends.master_accounts.get(account, (account, "aws"))[0]
    if manager not in organizations_backends:
        return None
    backend: Any = organizations_backends[manager]["aws"]
    member = next((one for one in backend.accounts if one.id == account), None)
    if backend.org is None or member is None:
        return None
    known = {unit.id: unit for unit in backend.ou}
    above: list[Any] = []
    parent = known.get(member.parent_id)
    while parent is not None:
        above.insert(0, parent)
        parent = known.get(parent.parent_id)
    units = tuple(unit.arn for unit in above if unit.type == "ORGANIZATIONAL_UNIT")
    return Membership(backend.org.id, backend.org.arn, units, "/".join([backend.org.id, *(u.id for u in above), ""]))
