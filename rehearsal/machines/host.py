"""What the machine below must offer, and how its tools are called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

TOOLS = {
    "ip": "iproute2", "nft": "nftables", "systemd-nspawn": "systemd-container", "mmdebstrap": "mmdebstrap",
    "mount": "mount",
}


class HostError(RuntimeError):
    """A tool of the machine failed; the message holds the command and what it said."""


def run(*command: str, stdin: str | None = None) -> str:
    """Runs a command to its end and returns its output.

    @raises HostError
    """
    result = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    if result.returncode:
        said = (result.stderr or result.stdout).strip()
        raise HostError(f"{' '.join(command)}: {said or f'exit code {result.returncode}'}")
    return result.stdout


def batch(lines: list[str], *options: str) -> None:
    """Runs many `ip` commands in one process. `options` stand before -batch, as `-n NAMESPACE`."""
    if lines:
        run("ip", *options, "-batch", "-", stdin="\n".join(lines) + "\n")


@cache
def available() -> tuple[bool, str]:
    """Whether instances can boot here, and if not, why, in one line."""
    if sys.platform != "linux":
        return False, "instances need Linux"
    if os.geteuid() != 0:
        return False, "instances need root"
    missing = {package for tool, package in TOOLS.items() if not shutil.which(tool)}
    # Other distributions' mmdebstrap comes without Debian's keys.
    if not list(Path("/usr/share/keyrings").glob("debian-archive-keyring.*")):
        missing.add("debian-archive-keyring")
    if missing:
        return False, f"instances need these packages: {' '.join(sorted(missing))}"
    if "overlay" not in Path("/proc/filesystems").read_text():
        try:
            run("modprobe", "overlay")
        except (HostError, OSError):
            return False, "instances need the overlay file system"
    try:
        run("unshare", "--net", "true")
    except (HostError, OSError):
        return False, "instances need network namespaces, which this machine refuses"
    return True, ""
