"""What a call is about, as ARNs of schedules say it: `Name` is a schedule's in some calls, a group's in others."""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.services.iam import lookups


@lookups.completed_by("scheduler")
def names(call: Call) -> dict[str, Any]:
    name = call.params.get("Name")
    if name is None:
        return {}
    if call.operation.endswith("ScheduleGroup"):
        return {"GroupName": name}
    return {"GroupName": call.params.get("GroupName") or "default", "ScheduleName": name}
