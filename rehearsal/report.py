"""A rehearsal's state as a person reads it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any


def lines(status: Mapping[str, Any]) -> list[str]:
    """One line a fact; `status` is what the rehearsal's status endpoint answers."""
    boots = "boot" if status["instances_boot"] else f"do not boot: {status['instances_reason']}"
    facts = {
        "rehearsal": f"{status['name']}, up for {_span(status['uptime'])} (pid {status['pid']})",
        "endpoint": f"http://127.0.0.1:{status['port']}",
        "speed": f"AWS's own waits are divided by {status['speed']:g}",
        "requests": f"{status['requests']:,}",
        "memory": f"{_mebibytes(status['memory'])}, {_mebibytes(status['peak_memory'])} at most",
        "stacks": str(status["stacks"]),
        "instances": f"{status['instances']}; they {boots}",
        "load balancers": str(status["load_balancers"]),
        "groups": f"{status['auto_scaling_groups']} Auto Scaling groups",
    }
    shown = [f"{name:16}{value}" for name, value in facts.items()]
    now = time.time()
    for request in status["underway"]:
        who = request["principal"] or "somebody"
        took = now - request["since"]
        shown.append(f"{'at work':16}{request['service']}:{request['operation']} of {who}, for {took:.1f} s")
    return shown


def _mebibytes(count: int) -> str:
    return f"{count / 2**20:.0f} MiB"


def _span(seconds: float) -> str:
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {whole % 60} s"
