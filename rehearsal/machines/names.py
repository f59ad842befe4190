"""What one rehearsal's things on the machine are called. All of it follows from its name, so that they can be found
again, and told from another rehearsal's, by a process that has only the name."""

from __future__ import annotations

import hashlib
from pathlib import Path

from rehearsal.kernel.settings import settings

NETNS = Path("/run/netns")
# Read by `ip netns exec`: the files below NAME/ stand over those in /etc.
NETNS_ETC = Path("/etc/netns")


def prefix(name: str | None = None) -> str:
    """Begins the name of every namespace. The dot cannot be in a rehearsal's name: `a` never owns what `a-b` has."""
    return f"rehearsal.{name or settings.name}."


def router(name: str | None = None) -> str:
    return prefix(name) + "router"


def namespace(owner: str) -> str:
    return prefix() + owner


def uplink(name: str | None = None) -> str:
    """The host's end of the cable to the router; interface names end at 15 characters."""
    return "rh" + hashlib.sha256((name or settings.name).encode()).hexdigest()[:8]


def host_table(name: str | None = None) -> str:
    return f"rehearsal-{name or settings.name}"


def disks(name: str | None = None) -> Path:
    """Layers and instances' disks. On a disk, not under /run: a baked image would fill a memory file system."""
    return settings.cache_dir / "machines" / (name or settings.name)


def state(name: str | None = None) -> Path:
    """Process files, consoles and mounts."""
    return settings.state_dir.parent / (name or settings.name) / "machines"


def short(owner: str) -> str:
    """An interface name for the router's end of an owner's cable."""
    return "v" + hashlib.sha256(owner.encode()).hexdigest()[:10]
