"""States, history and actions of alarms.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.kernel.paging import start_of
from rehearsal.services.cloudwatch import alarms, states
from rehearsal.services.cloudwatch.validation import invalid

_STATES = ("OK", "ALARM", "INSUFFICIENT_DATA")


@operation("cloudwatch", "SetAlarmState")
def set_alarm_state(call: Call) -> dict[str, Any]:
    """Temporary: a metric alarm returns to its own state at its next evaluation."""
    params = call.params
    alarm = alarms.find(call.account, call.region, params["AlarmName"])
    if alarm is None:
        raise AwsError("ResourceNotFound", f"Unknown alarm: {params['AlarmName']}", 404)
    if params["StateValue"] not in _STATES:
        raise invalid(
            f"1 validation error detected: Value '{params['StateValue']}' at 'stateValue' failed to satisfy "
            "constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]"
        )
    states.enter(alarm, params["StateValue"], params["StateReason"], params.get("StateReasonData"))
    return {}


@operation("cloudwatch", "EnableAlarmActions", "DisableAlarmActions")
def switch_actions(call: Call) -> dict[str, Any]:
    for name in call.params["AlarmNames"]:
        alarm = alarms.find(call.account, call.region, name)
        if alarm:
            alarm.settings["ActionsEnabled"] = call.operation == "EnableAlarmActions"
            alarm.note("ConfigurationUpdate", f'Alarm "{name}" updated', {"type": "Update"})
    return {}


@operation("cloudwatch", "DescribeAlarmHistory")
def describe_alarm_history(call: Call) -> dict[str, Any]:
    """Deleted alarms' history, which AWS keeps for a while, is gone here."""
    params = call.params
    table = alarms.table(call.account, call.region)
    told = bool(params.get("AlarmName")) or "MetricAlarm" in (params.get("AlarmTypes") or ["MetricAlarm"])
    items = [
        item
        for alarm in list(table.values())
        if told and params.get("AlarmName") in (None, alarm.name)
        for item in list(alarm.history)
        if params.get("HistoryItemType") in (None, item["HistoryItemType"])
        and ("StartDate" not in params or item["Timestamp"] >= _aware(params["StartDate"]))
        and ("EndDate" not in params or item["Timestamp"] <= _aware(params["EndDate"]))
    ]
    items.sort(key=lambda i: i["Timestamp"], reverse=params.get("ScanBy") != "TimestampAscending")
    start, limit = start_of(params.get("NextToken")), int(params.get("MaxRecords") or 100)
    result: dict[str, Any] = {"AlarmHistoryItems": items[start : start + limit]}
    if start + limit < len(items):
        result["NextToken"] = str(start + limit)
    return result


def _aware(moment: Any) -> Any:
    return moment if moment.tzinfo else moment.replace(tzinfo=alarms.now().tzinfo)
