"""The phases of a build as BatchGetBuilds shows them and as EventBridge hears of them.

https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications-ref.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from rehearsal.services import events
from rehearsal.services.codebuild.store import Build, now


class PhaseFailed(Exception):
    """Ends a phase as FAILED with a context. `code` and `text` are what BatchGetBuilds shows."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code, self.text = code, text


class Ended(Exception):
    """The build was stopped or ran out of time; build.ending says which."""


_TIMED_OUT = {"statusCode": "BUILD_TIMED_OUT", "message": "Build has timed out. "}


@contextmanager
def phase(build: Build, kind: str) -> Iterator[None]:
    """Runs one phase; how the block ends is how the phase ends."""
    begin(build, kind)
    try:
        yield
        if build.ending:
            raise Ended
    except PhaseFailed as failure:
        finish(build, "FAILED", failure.code, failure.text)
        raise
    except Ended:
        finish(build, build.ending, **({"code": "BUILD_TIMED_OUT"} if build.ending == "TIMED_OUT" else {}))
        raise
    except Exception as error:
        finish(build, "FAULT", "INTERNAL_SERVICE_ERROR", str(error))
        raise
    finish(build, "SUCCEEDED")


def begin(build: Build, kind: str) -> None:
    build.data["currentPhase"] = kind
    build.data["phases"] = [*build.data["phases"], {"phaseType": kind, "startTime": now()}]


def finish(build: Build, status: str, code: str = "", text: str = "") -> None:
    *earlier, last = build.data["phases"]
    ended = now()
    if code == _TIMED_OUT["statusCode"]:
        text = _TIMED_OUT["message"]
    done = {
        **last,
        "phaseStatus": status,
        "endTime": ended,
        "durationInSeconds": round((ended - last["startTime"]).total_seconds()),
        "contexts": [{"statusCode": code, "message": text}],
    }
    build.data["phases"] = [*earlier, done]
    detail = {
        "completed-phase": done["phaseType"],
        "completed-phase-status": status,
        "completed-phase-context": _context(done),
        "completed-phase-duration-seconds": done["durationInSeconds"],
        "completed-phase-start": _date(done["startTime"]),
        "completed-phase-end": _date(ended),
    }
    _emit(build, "CodeBuild Build Phase Change", detail)


def complete(build: Build, status: str) -> None:
    """The build's end: after this nothing changes any more."""
    ended = now()
    build.data.update(currentPhase="COMPLETED", endTime=ended, buildStatus=status, buildComplete=True)
    build.data["phases"] = [*build.data["phases"], {"phaseType": "COMPLETED", "startTime": ended}]
    state_changed(build)


def state_changed(build: Build) -> None:
    last = build.data["phases"][-1]
    detail = {
        "build-status": build.data["buildStatus"],
        "current-phase": build.data["currentPhase"],
        "current-phase-context": _context(last),
    }
    _emit(build, "CodeBuild Build State Change", detail)


def _emit(build: Build, kind: str, detail: dict[str, Any]) -> None:
    data = build.data
    information = {
        "artifact": {"md5sum": "", "sha256sum": "", "location": (data.get("artifacts") or {}).get("location", "")},
        "environment": {
            "image": data["environment"]["image"],
            "privileged-mode": data["environment"].get("privilegedMode", False),
            "compute-type": data["environment"]["computeType"],
            "type": data["environment"]["type"],
            # Values may be secrets; only the names are anybody's business here.
            "environment-variables": [{"name": v["name"]} for v in data["environment"].get("environmentVariables", [])],
        },
        "timeout-in-minutes": data["timeoutInMinutes"],
        "build-complete": data["buildComplete"],
        "initiator": data["initiator"],
        "build-start-time": _date(data["startTime"]),
        "source": {k: v for k, v in data["source"].items() if k in ("type", "location", "buildspec")},
        "source-version": data.get("sourceVersion", ""),
        "logs": {
            "group-name": data["logs"].get("groupName"),
            "stream-name": data["logs"].get("streamName"),
            "deep-link": data["logs"].get("deepLink"),
        },
        "phases": [_phase(entry) for entry in data["phases"]],
    }
    events.emit(
        "aws.codebuild",
        kind,
        {
            **detail,
            "project-name": data["projectName"],
            "build-id": data["arn"],
            "additional-information": information,
            "version": "1",
        },
        [data["arn"]],
        build.region,
        build.account,
    )


def _phase(entry: dict[str, Any]) -> dict[str, Any]:
    found = {"phase-type": entry["phaseType"], "start-time": _date(entry["startTime"])}
    if "endTime" in entry:
        found["end-time"] = _date(entry["endTime"])
        found["duration-in-seconds"] = entry["durationInSeconds"]
        found["phase-status"] = entry["phaseStatus"]
        found["phase-context"] = [_context(entry)]
    return found


def _context(entry: dict[str, Any]) -> str:
    return "; ".join(f"{c['statusCode']}: {c['message']}" for c in entry.get("contexts", []))


def _date(time: datetime) -> str:
    """As CodeBuild's events write it: Sep 1, 2017 4:12:29 PM."""
    return f"{time:%b} {time.day}, {time.year} {time.hour % 12 or 12}:{time:%M:%S %p}"
