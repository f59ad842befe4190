"""An alarm's changes of state, and what they set off."""

from __future__ import annotations

import threading
from collections.abc import Callable

from rehearsal.kernel import tasks
from rehearsal.services.cloudwatch import actions
from rehearsal.services.cloudwatch.alarms import Alarm, now

Listener = Callable[[Alarm], None]

# Serialises changes of state; the actions run outside of it.
_lock = threading.RLock()
_listeners: list[Listener] = []


def on_change(listener: Listener) -> Listener:
    """Registers who is told of every change of state, in the thread that caused it: return soon."""
    _listeners.append(listener)
    return listener


def enter(alarm: Alarm, state: str, reason: str, reason_data: str | None = None) -> None:
    """Enters a state. Only a change of it is history, acts, and is told to others."""
    with _lock:
        before = {"stateValue": alarm.state, "stateReason": alarm.reason}
        changed = state != alarm.state
        alarm.state, alarm.reason, alarm.reason_data, alarm.updated = state, reason, reason_data, now()
        if not changed:
            return
        alarm.transitioned = alarm.updated
        alarm.note(
            "StateUpdate",
            f"Alarm updated from {before['stateValue']} to {state}",
            {"oldState": before, "newState": {"stateValue": state, "stateReason": reason}},
        )
        act = actions.prepare(alarm, before)
    tasks.spawn(f"alarm-{alarm.name}", act)
    for listener in list(_listeners):
        listener(alarm)
