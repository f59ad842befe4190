"""Schedules and their groups: moto's own, held to what AWS refuses, and watched from then on.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError
from moto.backends import get_backend

from rehearsal.kernel import calendar, clients
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.scheduler import expressions, targets, watch


def register() -> None:
    operation("scheduler", "CreateSchedule")(create_schedule)
    operation("scheduler", "UpdateSchedule")(update_schedule)
    operation("scheduler", "CreateScheduleGroup")(create_group)
    operation("scheduler", "DeleteScheduleGroup")(delete_group)


def create_schedule(call: Call) -> dict[str, Any]:
    _check(call)
    reply = call.moto()
    watch.begin(_kept(call), call.account, call.region)
    return reply


def update_schedule(call: Call) -> dict[str, Any]:
    """All of it anew: what is not said goes back to its default."""
    _check(call)
    reply = call.moto()
    kept = _kept(call)
    # moto leaves this as it was.
    kept.action_after_completion = call.params.get("ActionAfterCompletion")
    kept.state = call.params.get("State") or "ENABLED"
    watch.begin(kept, call.account, call.region)
    return reply


def create_group(call: Call) -> dict[str, Any]:
    name = call.params["Name"]
    if name in _groups(call):
        raise AwsError("ConflictException", f"Schedule group {name} already exists.", 409)
    return call.moto()


def delete_group(call: Call) -> dict[str, Any]:
    name = call.params["Name"]
    if name == "default":
        raise AwsError("ValidationException", "The default schedule group cannot be deleted.")
    _need_group(call, name)
    return call.moto()


def _groups(call: Call) -> dict[str, Any]:
    return dict(get_backend("scheduler")[call.account][call.region].schedule_groups)


def _need_group(call: Call, name: str) -> Any:
    found = _groups(call).get(name)
    if found is None:
        raise AwsError("ResourceNotFoundException", f"Schedule group {name} does not exist.", 404)
    return found


def _kept(call: Call) -> Any:
    """moto's own record of it."""
    return _need_group(call, call.params.get("GroupName") or "default").schedules[call.params["Name"]]


def _check(call: Call) -> None:
    """@raises AwsError."""
    asked = call.params
    _need_group(call, asked.get("GroupName") or "default")
    try:
        zone = asked.get("ScheduleExpressionTimezone") or "UTC"
        expressions.parse(asked["ScheduleExpression"], zone, calendar.now())
        targets.check(asked["Target"])
    except ValueError as error:
        raise AwsError("ValidationException", str(error)) from error
    window = asked["FlexibleTimeWindow"]
    if (window["Mode"] == "FLEXIBLE") != ("MaximumWindowInMinutes" in window):
        # A call anywhere in the window keeps it; here all come at its beginning.
        raise AwsError("ValidationException", "MaximumWindowInMinutes belongs to the mode FLEXIBLE, which needs it.")
    _check_dates(asked)
    _check_role(asked["Target"]["RoleArn"])


def _check_dates(asked: dict[str, Any]) -> None:
    start, end = asked.get("StartDate"), asked.get("EndDate")
    if start is not None and end is not None and watch.moment(end) <= watch.moment(start):
        raise AwsError("ValidationException", "The EndDate you specify must be later than the StartDate.")
    if end is not None and watch.moment(end) <= calendar.now():
        raise AwsError("ValidationException", "The EndDate you specify cannot be in the past.")


def _check_role(role: str) -> None:
    """https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role"""
    try:
        clients.role_credentials(role, "EventBridgeScheduler", targets.SERVICE)
    except ClientError as error:
        message = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
        raise AwsError("ValidationException", message) from error

