"""What `make aws-status` shows."""

from __future__ import annotations

import json
import urllib.request

from rehearsal import report


def test_a_rehearsal_tells_how_it_is_in_a_few_lines(fresh: str) -> None:
    with urllib.request.urlopen(fresh + "/_rehearsal/status", timeout=10) as reply:
        status = json.load(reply)
    shown = report.lines(status | {"uptime": 3725.2, "memory": 170 * 2**20, "peak_memory": 600 * 2**20})
    assert shown[0].startswith(f"rehearsal       {status['name']}, up for 1 h 2 min (pid ")
    assert f"endpoint        http://127.0.0.1:{status['port']}" in shown
    assert "memory          170 MiB, 600 MiB at most" in shown
    assert "stacks          0" in shown


def test_says_why_instances_do_not_boot(fresh: str) -> None:
    with urllib.request.urlopen(fresh + "/_rehearsal/status", timeout=10) as reply:
        status = json.load(reply)
    shown = report.lines(status | {"instances_boot": False, "instances_reason": "it takes root"})
    assert "instances       0; they do not boot: it takes root" in shown
