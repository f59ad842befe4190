"""Making, reading and removing alarms.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.kernel.paging import start_of
from rehearsal.services.cloudwatch import alarms, evaluator
from rehearsal.services.cloudwatch.alarms import Alarm
from rehearsal.services.cloudwatch.validation import check_metric_alarm


def _put(call: Call, settings: dict[str, Any]) -> Alarm:
    """Puts an alarm: an update keeps the state until the next evaluation."""
    name = settings["AlarmName"]
    known = alarms.find(call.account, call.region, name)
    for member in ("OKActions", "AlarmActions", "InsufficientDataActions"):
        settings.setdefault(member, [])
    settings.setdefault("ActionsEnabled", True)
    if known is None:
        alarm = Alarm(call.account, call.region, name, settings)
        alarms.table(call.account, call.region)[name] = alarm
        alarm.note("ConfigurationUpdate", f'Alarm "{name}" created', {"type": "Create"})
        if settings.get("Tags"):
            tagger = get_backend("cloudwatch")[call.account][call.region].tagger
            tagger.tag_resource(alarm.alarm_arn, settings["Tags"])
    else:
        alarm = known
        alarm.settings, alarm.configured, alarm.evaluated = settings, alarms.now(), 0
        alarm.note("ConfigurationUpdate", f'Alarm "{name}" updated', {"type": "Update"})
    evaluator.start()
    return alarm


@operation("cloudwatch", "PutMetricAlarm")
def put_metric_alarm(call: Call) -> dict[str, Any]:
    settings = dict(call.params)
    check_metric_alarm(settings)
    if not settings.get("Metrics"):
        settings.setdefault("Dimensions", [])
    _put(call, settings)
    return {}


@operation("cloudwatch", "PutCompositeAlarm")
def put_composite_alarm(call: Call) -> dict[str, Any]:
    # moto would keep it and never judge it.
    raise NotImplementedByRehearsal("cloudwatch", "PutCompositeAlarm")


@operation("cloudwatch", "DeleteAlarms")
def delete_alarms(call: Call) -> dict[str, Any]:
    table = alarms.table(call.account, call.region)
    names = call.params["AlarmNames"]
    missing = [n for n in names if n not in table]
    # Unknown names are an error only when nothing else is asked for (unchecked).
    if missing and len(missing) == len(names):
        raise AwsError("ResourceNotFound", f"Unknown alarm names: {', '.join(missing)}", 404)
    for name in names:
        gone = table.pop(name, None)
        if gone:
            get_backend("cloudwatch")[call.account][call.region].tagger.delete_all_tags_for_resource(gone.alarm_arn)
    return {}


@operation("cloudwatch", "DescribeAlarms")
def describe_alarms(call: Call) -> dict[str, Any]:
    params = call.params
    for member in ("ChildrenOfAlarmName", "ParentsOfAlarmName"):
        if params.get(member):
            raise NotImplementedByRehearsal("cloudwatch", "DescribeAlarms", member)
    every = sorted(alarms.table(call.account, call.region).values(), key=lambda a: a.name)
    found = [a for a in every if _asked(a, call)]
    start, limit = start_of(params.get("NextToken")), int(params.get("MaxRecords") or 50)
    page = found[start : start + limit]
    result: dict[str, Any] = {
        "MetricAlarms": [a.described() for a in page],
        "CompositeAlarms": [],
    }
    if start + limit < len(found):
        result["NextToken"] = str(start + limit)
    return result


def _asked(alarm: Alarm, call: Call) -> bool:
    params = call.params
    if "MetricAlarm" not in (params.get("AlarmTypes") or ["MetricAlarm"]):
        return False
    if params.get("AlarmNames") and alarm.name not in params["AlarmNames"]:
        return False
    if not alarm.name.startswith(params.get("AlarmNamePrefix") or ""):
        return False
    if params.get("StateValue") not in (None, alarm.state):
        return False
    prefix = params.get("ActionPrefix")
    every = [a for m in ("OKActions", "AlarmActions", "InsufficientDataActions") for a in alarm.settings.get(m) or []]
    return not prefix or any(a.startswith(prefix) for a in every)


_NARROWING = ("Period", "Statistic", "ExtendedStatistic", "Unit")


@operation("cloudwatch", "DescribeAlarmsForMetric")
def describe_alarms_for_metric(call: Call) -> dict[str, Any]:
    params = call.params
    wanted = {(d["Name"], d["Value"]) for d in params.get("Dimensions") or []}
    found = [
        a.described()
        for a in alarms.table(call.account, call.region).values()
        if (a.settings.get("Namespace"), a.settings.get("MetricName")) == (params["Namespace"], params["MetricName"])
        and {(d["Name"], d["Value"]) for d in a.settings.get("Dimensions") or []} == wanted
        and all(params.get(m) in (None, a.settings.get(m)) for m in _NARROWING)
    ]
    return {"MetricAlarms": found}
