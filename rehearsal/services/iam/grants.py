"""KMS grants, which let a principal of any account use a key, whatever its own account's policies say.

https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
"""

from __future__ import annotations

from rehearsal.services.iam import keys


def allow(action: str, resource: str, names: list[str]) -> bool:
    """Whether a grant on the key lets one of these names do this. Their constraints are not looked at."""
    if not action.startswith("kms:") or ":key/" not in resource:
        return False
    key = keys.find("", "", resource)
    given = list(key.grants.values()) if key is not None else []
    return any(grant.grantee_principal in names and action.removeprefix("kms:") in grant.operations for grant in given)
