"""What a pipeline says of a build before it calls StartBuild: its own name, and the revision of the source.

On AWS CodePipeline starts builds through an interface of its own; the token it passes is what the two share here.
"""

from __future__ import annotations

from rehearsal.kernel import tasks
from rehearsal.kernel.identity import Principal

_announced: dict[str, str] = {}
_revisions: dict[str, str] = {}


def announce(token: str, initiator: str, revision: str) -> None:
    """`token` is StartBuild's idempotencyToken; `revision` is empty where the source is another action's output."""
    _announced[token], _revisions[token] = initiator, revision


def revision(token: str) -> str:
    return _revisions.pop(token, "")


def of(token: str, principal: Principal) -> str:
    """codepipeline/NAME, else ROLE/SESSION, USER or root, as CODEBUILD_INITIATOR is documented."""
    if token in _announced:
        return _announced.pop(token)
    last = principal.arn.rsplit(":", 1)[-1]
    return last.removeprefix("assumed-role/").removeprefix("user/")


@tasks.on_reset
def forget() -> None:
    _announced.clear()
    _revisions.clear()
