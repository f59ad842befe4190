"""A place among the builds of an account that run at once; the others wait in QUEUED."""

from __future__ import annotations

import threading
import time

from rehearsal.kernel import tasks
from rehearsal.services.codebuild import limits
from rehearsal.services.codebuild.phases import Ended
from rehearsal.services.codebuild.store import Build

_free = threading.Condition()
_running: dict[tuple[str, str], set[str]] = {}


def wait(build: Build) -> None:
    """Returns when the build has a place. @raises Ended when it was stopped, or waited too long (build.ending says)."""
    deadline = time.monotonic() + limits.seconds(build.data["queuedTimeoutInMinutes"])
    place = (build.account, build.region)
    with _free:
        while len(_running.setdefault(place, set())) >= limits.BUILDS and not build.ending:
            left = deadline - time.monotonic()
            if left <= 0:
                build.ending = "TIMED_OUT"
                break
            _free.wait(min(left, 0.5))
            tasks.check()
        if build.ending:
            raise Ended
        _running[place].add(build.id)


def free(build: Build) -> None:
    with _free:
        _running.get((build.account, build.region), set()).discard(build.id)
        _free.notify_all()


@tasks.on_reset
def forget() -> None:
    with _free:
        _running.clear()
        _free.notify_all()
