"""What CodeBuild does under a build's role through interfaces that are not public: judged and written down too.

https://docs.aws.amazon.com/codebuild/latest/userguide/test-permissions.html
https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
"""

from __future__ import annotations

import time
import uuid
from typing import Any

from rehearsal.kernel import clients, identity, journal
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.services.codebuild.store import Build
from rehearsal.services.iam import authorize

SERVICE = "codebuild.amazonaws.com"


def require(build: Build, session: str, service: str, operation: str, resource: str, **params: Any) -> None:
    """@raises AwsError in the service's words where the role may not do this."""
    found = clients.role_credentials(build.data["serviceRole"], session, SERVICE)
    who = identity.of_access_key(found["AccessKeyId"], found["SessionToken"])
    request = str(uuid.uuid4())
    call = Call(service, operation, params, build.account, build.region, who, request, forward=_no_moto)
    action, error = f"{service}:{operation}", None
    try:
        authorize.may(call, action, resource)
    except AwsError as refused:
        error = refused
        raise
    finally:
        journal.record(
            time=time.time(), principal=who.arn, service=service, operation=operation, region=build.region,
            status=error.status if error else 200, error=error.code if error else "",
            message=error.message if error else "", ms=0.0, request_id=request, fault="",
            actions=[action], resources=[resource],
        )  # fmt: skip


def _no_moto(params: dict[str, Any] | None, account: str | None) -> dict[str, Any]:
    raise NotImplementedByRehearsal("codebuild", "an internal interface")
