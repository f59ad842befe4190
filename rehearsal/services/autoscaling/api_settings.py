"""Processes, metrics and notifications of a group.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.services.autoscaling import metrics, store
from rehearsal.services.autoscaling.api_constants import METRICS, NOTIFICATIONS, PROCESSES
from rehearsal.services.autoscaling.model import now
from rehearsal.services.autoscaling.validation import invalid


@operation("autoscaling", "SuspendProcesses", "ResumeProcesses")
def switch_processes(call: Call) -> dict[str, Any]:
    """Without names, all of them."""
    group = store.get(call)
    names = call.params.get("ScalingProcesses") or list(PROCESSES)
    wrong = [n for n in names if n not in PROCESSES]
    if wrong:
        raise invalid(f"Process type {wrong[0]} is not valid")
    with group.lock:
        for name in names:
            if call.operation == "SuspendProcesses":
                group.suspended.setdefault(name, f"User suspended at {now():%Y-%m-%dT%H:%M:%SZ}")
            else:
                group.suspended.pop(name, None)
    group.wake.set()
    return {}


@operation("autoscaling", "EnableMetricsCollection", "DisableMetricsCollection")
def switch_metrics(call: Call) -> dict[str, Any]:
    group = store.get(call)
    names = call.params.get("Metrics") or list(METRICS)
    wrong = [n for n in names if n not in METRICS]
    if wrong:
        raise invalid(f"{wrong[0]} is not a valid metric name")
    if call.operation == "EnableMetricsCollection":
        group.metrics = sorted({*group.metrics, *names})
        metrics.start()
    else:
        group.metrics = [m for m in group.metrics if m not in names]
    return {}


@operation("autoscaling", "PutNotificationConfiguration")
def put_notification_configuration(call: Call) -> dict[str, Any]:
    group, topic = store.get(call), call.params["TopicARN"]
    kinds = list(call.params["NotificationTypes"])
    if not set(kinds) <= set(NOTIFICATIONS):
        raise invalid(f"{kinds} is not a valid list of notification types")
    group.notifications = [n for n in group.notifications if n["TopicARN"] != topic]
    group.notifications.append({"TopicARN": topic, "NotificationTypes": kinds})
    return {}


@operation("autoscaling", "DeleteNotificationConfiguration")
def delete_notification_configuration(call: Call) -> dict[str, Any]:
    group = store.get(call)
    group.notifications = [n for n in group.notifications if n["TopicARN"] != call.params["TopicARN"]]
    return {}


@operation("autoscaling", "DescribeNotificationConfigurations")
def describe_notification_configurations(call: Call) -> dict[str, Any]:
    wanted = call.params.get("AutoScalingGroupNames") or []
    found = [
        {"AutoScalingGroupName": g.name, "TopicARN": n["TopicARN"], "NotificationType": kind}
        for g in store.listed(call.account, call.region)
        if not wanted or g.name in wanted
        for n in g.notifications
        for kind in n["NotificationTypes"]
    ]
    return {"NotificationConfigurations": found}
