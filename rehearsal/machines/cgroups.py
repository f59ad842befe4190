"""A control group for each guest: its systemd keeps its services' processes apart by them.

nspawn without a service manager puts every guest below the group that it was started in itself; two guests started in
the same one would share their services' groups, and one that stops its nginx would look at the other's processes.
https://www.freedesktop.org/software/systemd/man/252/systemd-nspawn.html (--keep-unit)
"""

from __future__ import annotations

import contextlib
from functools import cache
from pathlib import Path

from rehearsal.machines import names


@cache
def hierarchies() -> tuple[Path, ...]:
    """Where systemd's own hierarchies are mounted: version 2, and in the mixed set-up its named one of version 1."""
    found = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        left, right = line.split(" - ", 1)
        kind, _, options = right.split(" ", 2)
        if kind == "cgroup2" or (kind == "cgroup" and "name=systemd" in options):
            found.append(Path(left.split()[4]))
    return tuple(found)


def add(guest: str) -> list[Path]:
    """Makes the groups of a guest; whoever is to be in them writes its pid to `cgroup.procs` of each."""
    groups = [hierarchy / names.prefix().rstrip(".") / guest for hierarchy in hierarchies()]
    for group in groups:
        group.mkdir(parents=True, exist_ok=True)
    return groups


def remove(guest: str) -> None:
    for hierarchy in hierarchies():
        _remove(hierarchy / names.prefix().rstrip(".") / guest)


def remove_all(rehearsal: str | None = None) -> None:
    """Removes all groups of a rehearsal whose processes are gone."""
    for hierarchy in hierarchies():
        _remove(hierarchy / names.prefix(rehearsal).rstrip("."))


def _remove(group: Path) -> None:
    """Children first: only an empty group can be removed. One that is still in use stays."""
    if group.is_dir():
        for child in sorted((d for d in group.rglob("*") if d.is_dir()), key=lambda d: -len(d.parts)):
            with contextlib.suppress(OSError):
                child.rmdir()
        with contextlib.suppress(OSError):
            group.rmdir()
