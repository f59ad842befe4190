"""Who is calling: from the access key of a request to a principal, with AWS's refusals for keys it does not know.

Signatures are not recomputed: a caller on this machine's loopback could read the secret anyway. Keys, session tokens
and their expiry are checked; request_time checks when a request was signed.
"""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass

from moto.backends import get_backend
from moto.core.utils import utcnow

from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.settings import ACCOUNT, ADMIN_ACCESS_KEY

_CREDENTIAL = re.compile(r"Credential=([A-Za-z0-9]+)/")


@dataclass(frozen=True)
class Principal:
    """`type` is admin, user, assumed-role, service or anonymous; only users, roles and the anonymous are restricted."""

    arn: str
    type: str
    account: str
    access_key: str = ""
    role_arn: str = ""
    session: str = ""
    session_policy: str = ""
    service: str = ""

    @property
    def restricted(self) -> bool:
        return self.type in ("user", "assumed-role", "anonymous")


ADMIN = Principal(f"arn:aws:iam::{ACCOUNT}:root", "admin", ACCOUNT, ADMIN_ACCESS_KEY)
ANONYMOUS = Principal("anonymous", "anonymous", "")
_services: dict[str, Principal] = {}


def service_principal(service: str, account: str = ACCOUNT) -> Principal:
    """A service that acts by itself (Auto Scaling's launches, say): journalled under its name, not restricted."""
    for principal in _services.values():
        if principal.service == service and principal.account == account:
            return principal
    key = "ASVC" + "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(16))
    principal = Principal(service, "service", account, key, service=service)
    _services[key] = principal
    return principal


def of_access_key(key: str, token: str | None) -> Principal:
    """@raises AwsError InvalidClientTokenId | ExpiredToken."""
    if key == ADMIN_ACCESS_KEY:
        return ADMIN
    if key in _services:
        return _services[key]
    for account, partitions in list(get_backend("sts").items()):
        for role in list(partitions["aws"].assumed_roles):
            if role.access_key_id != key:
                continue
            if token != role.session_token:
                break
            if role.expiration < utcnow():
                raise AwsError("ExpiredToken", "The security token included in the request is expired", 403)
            return Principal(
                role.arn, "assumed-role", account, key, role.role_arn, role.session_name, role.policy or ""
            )
    for account, partitions in list(get_backend("iam").items()):
        entry = partitions["aws"].access_keys.get(key)
        if entry is not None and entry.user_name:
            user = partitions["aws"].get_user(entry.user_name)
            return Principal(user.arn, "user", account, key)
    raise AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403)


def access_key_of(authorization: str, query: str) -> str | None:
    """The access key of a signed header or of a presigned query string; None for an unsigned request."""
    found = _CREDENTIAL.search(authorization)
    if found:
        return found.group(1)
    presigned = re.search(r"X-Amz-Credential=([A-Za-z0-9]+)(?:%2F|/)", query)
    return presigned.group(1) if presigned else None


def credentials_of(principal: Principal) -> dict[str, str]:
    """The credentials that a request was made with, for a service that acts as its caller."""
    if principal.type == "assumed-role":
        for role in list(get_backend("sts")[principal.account]["aws"].assumed_roles):
            if role.access_key_id == principal.access_key:
                return {
                    "AccessKeyId": role.access_key_id,
                    "SecretAccessKey": role.secret_access_key,
                    "SessionToken": role.session_token,
                }
    entry = get_backend("iam")[principal.account]["aws"].access_keys.get(principal.access_key)
    return {
        "AccessKeyId": principal.access_key,
        "SecretAccessKey": entry.secret_access_key if entry else "service",
    }
