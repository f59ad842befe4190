"""CodeBuild's state: projects, builds, report groups and reports of every account and region, in memory."""

from __future__ import annotations

import subprocess
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.machines import names
from rehearsal.services.codebuild.shell import Shell


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Project:
    """`data` is what BatchGetProjects returns."""

    data: dict[str, Any]
    uid: str
    builds: int = 0


@dataclass
class Build:
    """`data` is what BatchGetBuilds returns; `token` is StartBuild's idempotency token, `asked` what came with it;
    `targets` says where artifacts go (ProjectArtifacts: primary, and a list of secondary)."""

    data: dict[str, Any]
    project: Project
    account: str
    region: str
    token: str = ""
    asked: dict[str, Any] = field(default_factory=dict)
    targets: dict[str, Any] = field(default_factory=dict)
    shell: Shell | None = None
    ending: str = ""
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def id(self) -> str:
        return str(self.data["id"])

    @property
    def uuid(self) -> str:
        return self.id.split(":", 1)[1]


@dataclass
class Report:
    """`data` is what BatchGetReports returns, `cases` what DescribeTestCases does."""

    data: dict[str, Any]
    cases: list[dict[str, Any]]


@dataclass
class Place:
    """One account's region."""

    projects: dict[str, Project] = field(default_factory=dict)
    builds: dict[str, Build] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)


lock = threading.RLock()
_places: dict[tuple[str, str], Place] = {}


def place(account: str, region: str) -> Place:
    with lock:
        return _places.setdefault((account, region), Place())


def of(call: Call) -> Place:
    return place(call.account, call.region)


def build(build_id: str) -> Build | None:
    """A build by its id or ARN, wherever it runs."""
    build_id = build_id.rsplit(":build/", 1)[-1]
    with lock:
        return next((p.builds[build_id] for p in _places.values() if build_id in p.builds), None)


def scratch_root() -> Path:
    """Builds' directories, on a disk that is swept when the rehearsal ends or is found dead.

    The name is short, because tools put sockets there whose paths end at 108 characters.
    """
    return names.disks() / "b"


@tasks.on_reset
def forget() -> None:
    """Ends every build's processes and forgets all."""
    with lock:
        builds = [b for p in _places.values() for b in p.builds.values()]
        _places.clear()
    for one in builds:
        one.ending = one.ending or "STOPPED"
        if one.shell is not None:
            one.shell.close()
        one.done.set()
    # Packages by the ten thousand files: rm is several times as fast as shutil.
    subprocess.run(["rm", "-rf", "--", str(scratch_root())], check=False)
