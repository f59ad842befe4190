"""Waiting until a service has finished, as CloudFormation does before it calls a resource complete."""

from collections.abc import Callable, Collection
from typing import Any

from rehearsal.services.cloudformation.handler import Context, HandlerFailure

_SECONDS = 5.0


def until(ctx: Context, what: str, probe: Callable[[], Any], timeout: float = 1800, pause: float = _SECONDS) -> Any:
    """Polls until `probe` answers something true, and answers that; `timeout` and `pause` are AWS's seconds."""
    waited = 0.0
    while True:
        found = probe()
        if found:
            return found
        if waited >= timeout:
            raise HandlerFailure(f"Exceeded attempts to wait: {what}", "NotStabilized")
        ctx.sleep(pause)
        waited += pause


def until_state(
    ctx: Context,
    what: str,
    probe: Callable[[], str | None],
    good: Collection[str | None],
    bad: Collection[str] = (),
    timeout: float = 1800,
) -> None:
    """Polls a state until it is one of `good`; one of `bad` is a failure that names it."""

    def reached() -> bool:
        state = probe()
        if state in bad:
            raise HandlerFailure(f"{what} did not stabilize: it is in state {state}", "NotStabilized")
        return state in good

    until(ctx, what, reached, timeout)
