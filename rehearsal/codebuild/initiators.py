"""Who starts a build, where the caller's ARN does not tell: a pipeline says its name before it calls StartBuild.

On AWS CodePipeline starts builds through an interface of its own; the token it passes is what the two share here.
"""

from __future__ import annotations

from rehearsal.kernel import tasks
from rehearsal.kernel.identity import Principal

_announced: dict[str, str] = {}


def announce(token: str, initiator: str) -> None:
    """`token` is StartBuild's idempotencyToken."""
    _announced[token] = initiator


def of(token: str, principal: Principal) -> str:
    """codepipeline/NAME, else ROLE/SESSION, USER or root, as CODEBUILD_INITIATOR is documented."""
    if token in _announced:
        return _announced.pop(token)
    last = principal.arn.rsplit(":", 1)[-1]
    return last.removeprefix("assumed-role/").removeprefix("user/")


@tasks.on_reset
def forget() -> None:
    _announced.clear()
