"""Builds. https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.kernel.paging import page
from rehearsal.services.codebuild import runner, starting, store
from rehearsal.services.codebuild.projects_api import find, invalid
from rehearsal.services.codebuild.store import Build


@operation("codebuild", "StartBuild")
def start_build(call: Call) -> dict[str, Any]:
    return {"build": dict(starting.start(call, find(call, call.params.get("projectName", "")), call.params).data)}


@operation("codebuild", "StopBuild")
def stop_build(call: Call) -> dict[str, Any]:
    """Only attempts it: the answer comes at once, the processes get SIGTERM and, if they stay, SIGKILL.

    https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StopBuild.html
    """
    build = _existing(call, call.params.get("id", ""))
    runner.end(build, "STOPPED")
    return {"build": dict(build.data)}


@operation("codebuild", "BatchGetBuilds")
def batch_get_builds(call: Call) -> dict[str, Any]:
    ids = call.params.get("ids", [])
    if not 1 <= len(ids) <= 100:
        raise invalid("Invalid build IDs: between 1 and 100 are allowed")
    found = {one: store.of(call).builds.get(_short(one)) for one in dict.fromkeys(ids)}
    return {
        # A copy: the build goes on while the reply is written.
        "builds": [dict(build.data) for build in found.values() if build is not None],
        "buildsNotFound": [one for one, build in found.items() if build is None],
    }


@operation("codebuild", "ListBuilds")
def list_builds(call: Call) -> dict[str, Any]:
    return page(call, "ids", _ordered(call, list(store.of(call).builds.values())))


@operation("codebuild", "ListBuildsForProject")
def list_builds_for_project(call: Call) -> dict[str, Any]:
    name = find(call, call.params.get("projectName", "")).data["name"]
    return page(
        call, "ids", _ordered(call, [b for b in store.of(call).builds.values() if b.data["projectName"] == name])
    )


def _ordered(call: Call, builds: list[Build]) -> list[str]:
    """Newest first, unless asked otherwise."""
    found = sorted(builds, key=lambda b: b.data["startTime"], reverse=call.params.get("sortOrder") != "ASCENDING")
    return [build.id for build in found]


def _existing(call: Call, build_id: str) -> Build:
    build = store.of(call).builds.get(_short(build_id))
    if build is None:
        raise AwsError("ResourceNotFoundException", f"Build cannot be found: {build_id}")
    return build


def _short(build_id: str) -> str:
    return build_id.rsplit(":build/", 1)[-1]
