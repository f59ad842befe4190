"""Detailed monitoring of instances is switched, which costs nothing here.

These are methods of moto's own class, so an operation that the rehearsal does itself simply goes before them.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_MonitorInstances.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses.monitoring import Monitoring


def _switch(state: str) -> Callable[[Monitoring], ActionResult]:
    def call(self: Monitoring) -> ActionResult:
        rows: list[dict[str, Any]] = []
        for identifier in self._get_param("InstanceIds", []):
            self.ec2_backend.get_instance(identifier).monitoring_state = state
            rows.append({"InstanceId": identifier, "Monitoring": {"State": state}})
        return ActionResult({"InstanceMonitorings": rows})

    return call


def apply() -> None:
    response: Any = Monitoring
    response.monitor_instances = _switch("enabled")
    response.unmonitor_instances = _switch("disabled")
