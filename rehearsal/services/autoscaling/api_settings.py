"""Processes and metrics of a group.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.services.autoscaling import metrics, store
from rehearsal.services.autoscaling.model import now
from rehearsal.services.autoscaling.validation import invalid

PROCESSES = (
    "AddToLoadBalancer", "AlarmNotification", "AZRebalance", "HealthCheck", "InstanceRefresh", "Launch",
    "ReplaceUnhealthy", "ScheduledActions", "Terminate",
)  # fmt: skip
METRICS = (
    "GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity", "GroupInServiceInstances", "GroupPendingInstances",
    "GroupStandbyInstances", "GroupTerminatingInstances", "GroupTotalInstances",
)  # fmt: skip


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
