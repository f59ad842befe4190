"""What an alarm does when its state changes.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-actions
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from rehearsal.kernel import clients
from rehearsal.services import events
from rehearsal.services.cloudwatch.alarms import Alarm

_ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
_TRIGGER = (
    "MetricName", "Namespace", "Statistic", "Unit", "Dimensions", "Metrics", "Period",
    "EvaluationPeriods", "DatapointsToAlarm", "ComparisonOperator", "Threshold", "TreatMissingData",
)  # fmt: skip


def prepare(alarm: Alarm, before: dict[str, str]) -> Callable[[], None]:
    """What the state that was just entered sets off: it tells of this state, whatever comes next."""
    detail, message = _event(alarm, before), _message(alarm, before)
    enabled = alarm.settings.get("ActionsEnabled", True)
    arns = list(alarm.settings.get(_ACTIONS[alarm.state]) or []) if enabled else []
    return lambda: _act(alarm, detail, message, arns)


def _act(alarm: Alarm, detail: dict[str, Any], message: dict[str, Any], arns: list[str]) -> None:
    events.emit("aws.cloudwatch", "CloudWatch Alarm State Change", detail, [alarm.alarm_arn], alarm.region)
    for arn in arns:
        try:
            _one(alarm, message, arn)
            alarm.note("Action", f"Successfully executed action {arn}", {"actionState": "Succeeded"})
        except Exception as error:
            # A failing action is history, never the alarm's end.
            alarm.note("Action", f"Failed to execute action {arn}", {"actionState": "Failed", "error": str(error)})


def _one(alarm: Alarm, message: dict[str, Any], arn: str) -> None:
    service, principal = arn.split(":")[2], clients.Service("cloudwatch.amazonaws.com", alarm.account)
    if service == "sns":
        clients.client("sns", arn.split(":")[3], principal=principal).publish(
            TopicArn=arn,
            Subject=f'{message["NewStateValue"]}: "{alarm.name}" in {alarm.region}'[:100],
            Message=json.dumps(message),
        )
    elif service == "autoscaling":
        clients.client("autoscaling", alarm.region, principal=principal).execute_policy(
            PolicyName=arn, HonorCooldown=True
        )
    else:
        raise ValueError(f"NotImplemented: the rehearsal does not run alarm actions of {service}")


def _message(alarm: Alarm, before: dict[str, str]) -> dict[str, Any]:
    """As in https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-notification-schema.html"""
    settings = alarm.settings
    message: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmDescription": settings.get("AlarmDescription"),
        "AWSAccountId": alarm.account,
        "AlarmConfigurationUpdatedTimestamp": alarm.configured.isoformat(),
        "NewStateValue": alarm.state,
        "NewStateReason": alarm.reason,
        "StateChangeTime": alarm.updated.isoformat(),
        "Region": alarm.region,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before["stateValue"],
        "OKActions": settings.get("OKActions") or [],
        "AlarmActions": settings.get("AlarmActions") or [],
        "InsufficientDataActions": settings.get("InsufficientDataActions") or [],
    }
    message["Trigger"] = {name: settings[name] for name in _TRIGGER if name in settings}
    return message


def _event(alarm: Alarm, before: dict[str, str]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html"""
    state = {"value": alarm.state, "reason": alarm.reason, "timestamp": alarm.updated.isoformat()}
    if alarm.reason_data is not None:
        state["reasonData"] = alarm.reason_data
    configuration = {
        "description": alarm.settings.get("AlarmDescription", ""),
        "metrics": alarm.settings.get("Metrics") or [_metric(alarm.settings)],
    }
    previous = {"value": before["stateValue"], "reason": before["stateReason"]}
    return {"alarmName": alarm.name, "state": state, "previousState": previous, "configuration": configuration}


def _metric(settings: dict[str, Any]) -> dict[str, Any]:
    dimensions = {d["Name"]: d["Value"] for d in settings.get("Dimensions") or []}
    metric = {"namespace": settings["Namespace"], "name": settings["MetricName"], "dimensions": dimensions}
    stat = settings.get("Statistic") or settings.get("ExtendedStatistic")
    query = {"metric": metric, "period": settings["Period"], "stat": stat}
    return {"id": "m1", "metricStat": query, "returnData": True}
