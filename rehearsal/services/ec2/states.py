"""An instance's states, and who wants to know when they change.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models.instances import InstanceState, StateReason

from rehearsal.kernel import bugs

CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}

# Called with the instance's account, region, id and its new state.
Listener = Callable[[str, str, str, str], None]
_listeners: list[Listener] = []


def on_change(listener: Listener) -> Listener:
    """Registers who is told of each change of state, in the thread that changes it: be quick."""
    _listeners.append(listener)
    return listener


def put(instance: Any, name: str, code: str = "", message: str = "", transition: str = "") -> None:
    """Sets a state; `code` and `message` are its StateReason, `transition` the StateTransitionReason."""
    instance._state = InstanceState(name, CODES[name])
    text = f"{code}: {message}" if code and message else message
    instance.state_reason = StateReason(text, code) if text or code else None
    instance._reason = transition
    backend = instance.ec2_backend
    for listener in _listeners:
        try:
            listener(backend.account_id, backend.region_name, instance.id, name)
        except Exception:  # one listener's bug must not stop an instance
            bugs.report(f"listener of {instance.id}")


def described(name: str) -> dict[str, Any]:
    return {"Code": CODES[name], "Name": name}


def by_user() -> str:
    return f"User initiated ({utcnow():%Y-%m-%d %H:%M:%S} GMT)"


USER_SHUTDOWN = ("Client.UserInitiatedShutdown", "User initiated shutdown")
GUEST_SHUTDOWN = ("Client.InstanceInitiatedShutdown", "Instance initiated shutdown")
