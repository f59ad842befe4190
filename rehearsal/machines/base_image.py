"""The Debian that every instance's lowest layer is: built once, atomically, and kept in the cache under its digest.

`python -m rehearsal.machines.base_image` builds it, with progress on stderr, and prints its directory.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from rehearsal.machines import host_apt, recipe, remains

Progress = Callable[[str], None]


class BaseImageError(RuntimeError):
    """mmdebstrap failed; the message holds what it said last."""


def cache_dir() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aws-rehearsal"


@cache
def path() -> Path:
    """Where the image of today's recipe and host is, or would be."""
    return cache_dir() / f"base-{recipe.digest(host_apt.read().fingerprint())}"


def exists() -> bool:
    return (path() / "root").is_dir()


def built_at() -> datetime:
    """Dates the AMI's name; the image must exist."""
    return datetime.fromtimestamp((path() / "root").stat().st_mtime, UTC)


def ensure(progress: Progress = lambda _: None) -> Path:
    """The image's root directory, built now if it is not there. A second builder waits for the first one.

    @raises BaseImageError: packages could not be had
    """
    home = path()
    if exists():
        return home / "root"
    home.parent.mkdir(parents=True, exist_ok=True)
    with _lock(home.with_suffix(".lock"), progress):
        if not exists():
            _build(home, progress)
    return home / "root"


@contextmanager
def _lock(file: Path, progress: Progress) -> Iterator[None]:
    with file.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("another process is building the base image; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _build(home: Path, progress: Progress) -> None:
    scratch = home.with_suffix(".partial")
    # A builder that was killed may have left the host's /dev mounted in there.
    remains.unmount_below(scratch)
    shutil.rmtree(scratch, ignore_errors=True)
    root = scratch / "root"
    root.mkdir(parents=True)
    root.chmod(0o755)
    apt = host_apt.read()
    started = time.monotonic()
    progress(f"building the base image (Debian {recipe.SUITE}), once: about half a minute")
    try:
        _bootstrap(root, apt, progress)
        _customise(root, apt)
    except BaseException:
        remains.unmount_below(scratch)
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    scratch.rename(home)
    progress(f"base image ready after {time.monotonic() - started:.0f} s")


def _bootstrap(root: Path, apt: host_apt.HostApt, progress: Progress) -> None:
    sources = root.parent / "host.sources"
    sources.write_text(apt.sources)
    settings = root.parent / "apt.conf"
    settings.write_text(apt.settings)
    command = [
        "mmdebstrap", "--mode=root", "--variant=minbase", f"--include={','.join(recipe.PACKAGES)}",
        *(f"--dpkgopt={option}" for option in recipe.DPKG_OPTIONS), f"--aptopt={settings}",
        recipe.SUITE, str(root), *([str(sources)] if apt.sources else []),
    ]
    # TMPDIR below a user's home may be closed to apt's own user.
    environment = {**os.environ, "LC_ALL": "C", "TMPDIR": "/tmp"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment)
    said: list[str] = []
    assert process.stderr is not None
    for line in process.stderr:
        said = [*said[-20:], line.rstrip()]
        if line.startswith("I:"):
            progress(line[2:].strip())
    if process.wait():
        raise BaseImageError("mmdebstrap failed:\n" + "\n".join(said))


def _customise(root: Path, apt: host_apt.HostApt) -> None:
    for name, text in recipe.FILES.items():
        target = root / name.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    distributed = recipe.DIVERTED.replace("dmi.py", "dmi_distrib.py")
    divert = ("dpkg-divert", "--local", "--rename", "--divert", distributed, "--add", recipe.DIVERTED)
    subprocess.run(["chroot", str(root), *divert], check=True, capture_output=True)
    (root / recipe.DIVERTED.lstrip("/")).write_text(recipe.DIVERSION)
    if apt.settings:
        (root / "etc/apt/apt.conf.d/00host").write_text(apt.settings)
    for unit in recipe.MASKED:
        link = root / "etc/systemd/system" / unit
        link.unlink(missing_ok=True)
        link.symlink_to("/dev/null")
    for name, certificate in apt.certificates.items():
        (root / "usr/local/share/ca-certificates" / name).write_bytes(certificate)
    if apt.certificates:
        subprocess.run(["chroot", str(root), "update-ca-certificates"], check=True, capture_output=True)
    # As in CreateImage: what belongs to one instance only must not be in the image.
    for stale in [*(root / "etc/ssh").glob("ssh_host_*"), *(root / "var/lib/apt/lists").glob("*_*")]:
        stale.unlink()


def main() -> int:
    try:
        print(ensure(lambda line: print(f"  {line}", file=sys.stderr, flush=True)))
    except (BaseImageError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: nothing was kept; run it again", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
