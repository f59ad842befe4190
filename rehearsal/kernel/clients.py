"""boto3 clients at our own endpoint, for services that call other services: as themselves, or under a role.

A role's calls pass the same door as a user's, so a permission that is missing fails here as it would on AWS.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from rehearsal.kernel import authority, identity, tasks
from rehearsal.kernel.settings import ACCOUNT, REGION, settings

_CONFIG = Config(
    retries={"mode": "standard", "max_attempts": 6},
    max_pool_connections=64,
    read_timeout=300,
    connect_timeout=10,
    s3={"addressing_style": "path"},
    proxies={},
)


@dataclass(frozen=True)
class Service:
    """An AWS service that acts by itself for an account, named as in a trust policy: autoscaling.amazonaws.com."""

    name: str
    account: str = ACCOUNT


_lock = threading.RLock()
_loader = botocore.session.get_session().get_component("data_loader")
_clients: dict[tuple[str, str, str], Any] = {}
_roles: dict[tuple[str, str, str], tuple[float, dict[str, Any]]] = {}


def endpoint() -> str:
    return f"http://127.0.0.1:{settings.port}"


def _client(service: str, region: str, key: str, secret: str, token: str | None) -> Any:
    with _lock:
        known = _clients.get((service, region, key))
        if known is None:
            session = botocore.session.Session()
            # One loader for all sessions: the service models are parsed once.
            session.register_component("data_loader", _loader)
            known = boto3.Session(
                botocore_session=session, region_name=region,
                aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token,
            ).client(service, endpoint_url=endpoint(), config=_CONFIG)  # fmt: skip
            _clients[(service, region, key)] = known
        return known


def client(
    service: str,
    region: str = REGION,
    *,
    principal: Service | None = None,
    role: str | None = None,
    session_name: str = "rehearsal",
    assumed_by: str = "",
    credentials: dict[str, Any] | None = None,
) -> Any:
    """A client for `service`: under `role` (assumed by the service principal `assumed_by`, whose trust is checked),
    under given `credentials` (members as STS returns them), or as the unrestricted `principal`.

    @raises botocore ClientError AccessDenied when the role cannot be assumed.
    """
    if credentials is not None:
        return _client(
            service,
            region,
            credentials["AccessKeyId"],
            credentials["SecretAccessKey"],
            credentials.get("SessionToken"),
        )
    if role is not None:
        found = role_credentials(role, session_name, assumed_by)
        return client(service, region, credentials=found)
    acting = principal or Service("rehearsal.amazonaws.com")
    who = identity.service_principal(acting.name, acting.account)
    return _client(service, region, who.access_key, "service", None)


def role_credentials(role: str, session_name: str, service: str) -> dict[str, Any]:
    """Temporary credentials (AccessKeyId, SecretAccessKey, SessionToken, Expiration) of a role that `service` assumes.

    Kept for half their hour; a role that is deleted meanwhile is refused at the next use of this function.
    @raises botocore ClientError AccessDenied.
    """
    key = (role, session_name, service)
    with _lock:
        until, known = _roles.get(key, (0.0, {}))
    if known and time.monotonic() < until and authority.appointed().has_role(role):
        return known
    acting = Service(service or "rehearsal.amazonaws.com", role.split(":")[4])
    sts = client("sts", principal=acting)
    found = sts.assume_role(RoleArn=role, RoleSessionName=session_name[:64])["Credentials"]
    with _lock:
        _roles[key] = (time.monotonic() + 1800, found)
    return found


def of_principal(service: str, region: str, principal: identity.Principal) -> Any:
    """A client that acts as the caller of a request did: forward access, as CloudFormation without a role."""
    if principal.type == "assumed-role":
        return client(service, region, credentials=identity.credentials_of(principal))
    if principal.type == "admin":
        return _client(service, region, principal.access_key, "service", None)
    return client(service, region, credentials=identity.credentials_of(principal))


@tasks.on_reset
def _forget() -> None:
    with _lock:
        _roles.clear()
        for key in [k for k in _clients if not k[2].startswith("ASVC")]:
            del _clients[key]
