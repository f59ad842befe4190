"""Who may see and launch an image: accounts, everybody, organisations and their units.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharing-amis.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/share-amis-with-organizations-and-OUs.html
"""

from __future__ import annotations

import re
from typing import Any

from rehearsal.kernel.errors import AwsError
from rehearsal.services.organizations import membership

Permission = dict[str, str]

EVERYBODY: Permission = {"Group": "all"}
_ARNS = {
    "OrganizationArn": re.compile(r"arn:aws:organizations::\d{12}:organization/o-[a-z0-9]{10,32}"),
    "OrganizationalUnitArn": re.compile(
        r"arn:aws:organizations::\d{12}:ou/o-[a-z0-9]{10,32}/ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}"
    ),
}


def let_in(permissions: list[Permission], account: str) -> bool:
    """Whether an account is let in by itself, with everybody, or as a member of what it belongs to."""
    return EVERYBODY in permissions or shared_with(permissions, account)


def shared_with(permissions: list[Permission], account: str) -> bool:
    """The same, but for everybody."""
    if {"UserId": account} in permissions:
        return True
    if not any("OrganizationArn" in one or "OrganizationalUnitArn" in one for one in permissions):
        return False
    found = membership.of(account)
    if found is None:
        return False
    return {"OrganizationArn": found.arn} in permissions or any(
        {"OrganizationalUnitArn": unit} in permissions for unit in found.units
    )


def asked_for(params: dict[str, Any]) -> tuple[list[Permission], list[Permission]]:
    """What ModifyImageAttribute adds and removes, of its two ways to say it: LaunchPermission, or OperationType with
    lists. @raises AwsError for what names nobody."""
    given = params.get("LaunchPermission") or {}
    add, remove = list(given.get("Add") or []), list(given.get("Remove") or [])
    listed = [
        *({"UserId": u} for u in params.get("UserIds") or []),
        *({"Group": g} for g in params.get("UserGroups") or []),
        *({"OrganizationArn": a} for a in params.get("OrganizationArns") or []),
        *({"OrganizationalUnitArn": a} for a in params.get("OrganizationalUnitArns") or []),
    ]
    (remove if params.get("OperationType") == "remove" else add).extend(listed)
    for permission in [*add, *remove]:
        _check(permission)
    return add, remove


def _check(permission: Permission) -> None:
    user, group = permission.get("UserId"), permission.get("Group")
    if user is not None and not (len(user) == 12 and user.isdecimal()):
        raise AwsError("InvalidAMIAttributeItemValue", f'Invalid attribute item value "{user}" for userId item type.')
    if group is not None and group != "all":
        raise AwsError(
            "InvalidAMIAttributeItemValue", f'Invalid attribute item value "{group}" for UserGroup item type.'
        )
    for member, pattern in _ARNS.items():
        # unchecked: no page has the words
        if member in permission and not pattern.fullmatch(permission[member]):
            raise AwsError(
                "InvalidAMIAttributeItemValue",
                f'Invalid attribute item value "{permission[member]}" for {member} item type.',
            )
