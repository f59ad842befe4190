"""Gives an operation up from outside: when its time runs out, or when an alarm goes off.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-rollback-triggers.html
"""

from __future__ import annotations

import time

from botocore.exceptions import ClientError

from rehearsal.kernel import tasks
from rehearsal.services.cloudformation import access, limits
from rehearsal.services.cloudformation.model import Operation, Stack
from rehearsal.services.cloudformation.store import lock

# Real seconds between two looks at the alarms.
_INTERVAL = 0.2


def begin(stack: Stack, operation: Operation) -> None:
    limit = stack.timeout_minutes if operation.type == "CREATE_STACK" else None
    triggers = stack.settings.rollback_configuration.get("RollbackTriggers") or []
    if limit or triggers:
        tasks.spawn(f"cloudformation-watch-{stack.name}", _watch, stack, operation, limit)


def stop(operation: Operation, reason: str) -> None:
    with lock:
        if not operation.stop_flag:
            operation.stop_reason, operation.stop_flag = reason, True


def _watch(stack: Stack, operation: Operation, limit_minutes: int | None) -> None:
    until = limits.deadline(limit_minutes * 60) if limit_minutes else None
    while not operation.finished.is_set() and not operation.stop_flag:
        if until and time.monotonic() > until:
            stop(operation, "Stack creation time exceeded the specified timeout. ")
            return
        alarm = _alarmed(stack, operation)
        if alarm:
            # The exact words of CloudFormation are unchecked.
            stop(operation, f"Rollback triggered by alarm: [{alarm}]. ")
            return
        tasks.real_sleep(_INTERVAL if until is None else min(_INTERVAL, max(0.05, until - time.monotonic())))


def _alarmed(stack: Stack, operation: Operation) -> str | None:
    """The first trigger that is in ALARM, or does not exist (which CloudFormation treats as a failure)."""
    client = access.client_of(operation.principal, operation.role, stack.region)
    for trigger in stack.settings.rollback_configuration.get("RollbackTriggers") or []:
        name = trigger["Arn"].rsplit(":", 1)[1]
        kind = "CompositeAlarm" if trigger["Type"].endswith("CompositeAlarm") else "MetricAlarm"
        try:
            found = client("cloudwatch").describe_alarms(AlarmNames=[name], AlarmTypes=[kind])
        except ClientError:
            return str(trigger["Arn"])
        alarms = found["CompositeAlarms" if kind == "CompositeAlarm" else "MetricAlarms"]
        if not alarms or alarms[0]["StateValue"] == "ALARM":
            return str(trigger["Arn"])
    return None


def monitor(stack: Stack, operation: Operation) -> None:
    """Waits as long as the alarms shall be watched after the last resource."""
    minutes = stack.settings.rollback_configuration.get("MonitoringTimeInMinutes") or 0
    if not stack.settings.rollback_configuration.get("RollbackTriggers"):
        return
    until = time.monotonic() + minutes * 60 / tasks.speed()
    while time.monotonic() < until and not operation.stop_flag:
        tasks.real_sleep(min(0.5, max(0.01, until - time.monotonic())))
