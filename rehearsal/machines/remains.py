"""Removes everything that a rehearsal has on this machine, from its name alone: its server may have been killed."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from pathlib import Path

from rehearsal.kernel.settings import settings
from rehearsal.machines import cgroups, host, links, names, processes, router


def cleanup(name: str) -> None:
    """Ends the processes of rehearsal `name` and removes its mounts, namespaces, cables, rules and directories.

    Safe when there is nothing; must not be called while the rehearsal's server runs.
    """
    if not host.available()[0]:
        return
    for file in names.state(name).glob("*/pid"):
        pid = processes.read(file)
        if pid is not None:
            processes.end(pid)
    for path in names.NETNS.glob(f"{names.prefix(name)}*"):
        processes.end_inside(path.name)
    cgroups.remove_all(name)
    unmount_below(names.state(name))
    unmount_below(names.disks(name))
    links.remove_all(name)
    router.down(name)
    shutil.rmtree(names.state(name), ignore_errors=True)
    shutil.rmtree(names.disks(name), ignore_errors=True)
    (_owners() / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        names.state(name).parent.rmdir()  # where nothing else is kept there


def own() -> None:
    """Writes down that this process is the rehearsal's server: who finds it dead may clean up after it."""
    _owners().mkdir(parents=True, exist_ok=True)
    processes.write(_owners() / settings.name, os.getpid())


def sweep() -> None:
    """Cleans up after every rehearsal on this machine whose server died without a word."""
    for file in _owners().glob("*"):
        if file.name != settings.name and processes.read(file) is None:
            cleanup(file.name)


def _owners() -> Path:
    return settings.state_dir.parent / ".shared" / "owners"


def unmount_below(directory: Path) -> None:
    """Unmounts whatever is mounted in a directory, the newest first."""
    for line in reversed(Path("/proc/self/mountinfo").read_text().splitlines()):
        point = re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), line.split()[4])
        if Path(point).is_relative_to(directory):
            # Lazily: a killed process may hold its files a moment longer.
            host.run("umount", "--lazy", point)
