"""CreateAccount, which answers before there is an account, and is asked later how it went.

https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html
https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccountStatus.html
"""

from __future__ import annotations

import threading
from typing import Any

from moto.core.utils import utcnow
from moto.organizations import utils
from moto.organizations.models import organizations_backends

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.organizations import management

# Some minutes on AWS at times; the documentation promises nothing.
CREATION_SECONDS = 10

_lock = threading.Lock()
# Management account -> what was asked for, by the request's id.
_requests: dict[str, dict[str, dict[str, Any]]] = {}


@tasks.on_reset
def _forget() -> None:
    _requests.clear()


@operation("organizations", "CreateAccount")
def create_account(call: Call) -> dict[str, Any]:
    management.check(call)
    params = call.params
    status = {
        "Id": utils.make_random_create_account_status_id(),
        "AccountName": params["AccountName"],
        "State": "IN_PROGRESS",
        "RequestedTimestamp": utcnow(),
    }
    with _lock:
        _requests.setdefault(call.account, {})[status["Id"]] = status
    tasks.spawn(f"create-account-{status['Id']}", _create, call.account, dict(params), status)
    return {"CreateAccountStatus": dict(status)}


def _create(management_account: str, params: dict[str, Any], status: dict[str, Any]) -> None:
    tasks.sleep(CREATION_SECONDS)
    backend = organizations_backends[management_account]["aws"]
    with _lock:
        tasks.check()
        # An email address is one account's alone.
        if any(account.email == params["Email"] for account in backend.accounts):
            status.update(State="FAILED", FailureReason="EMAIL_ALREADY_EXISTS")
        else:
            made = backend.create_account(**params)["CreateAccountStatus"]
            status.update(State="SUCCEEDED", AccountId=made["AccountId"])
        status["CompletedTimestamp"] = utcnow()


@operation("organizations", "DescribeCreateAccountStatus")
def describe_create_account_status(call: Call) -> dict[str, Any]:
    management.check(call)
    found = _requests.get(call.account, {}).get(call.params["CreateAccountRequestId"])
    if found is None:
        raise AwsError(
            "CreateAccountStatusNotFoundException",
            "You specified a create account request id that doesn't exist.",
        )
    return {"CreateAccountStatus": dict(found)}


@operation("organizations", "ListCreateAccountStatus")
def list_create_account_status(call: Call) -> dict[str, Any]:
    """In one page: nobody makes so many accounts here."""
    management.check(call)
    states = call.params.get("States")
    found = [dict(status) for status in _requests.get(call.account, {}).values()]
    return {"CreateAccountStatuses": [s for s in found if not states or s["State"] in states]}
