"""File patterns of a buildspec, and archives. https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html"""

from __future__ import annotations

import glob
import os
import shutil
import zipfile
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path


def matching(base: Path, patterns: Iterable[str], exclude: Iterable[str] = ()) -> list[Path]:
    """Files below `base`, relative to it, that any pattern names: `**/*` is all, a directory alone is nothing."""
    found: dict[str, None] = {}
    for pattern in patterns:
        relative = pattern.removeprefix(str(base) + "/") if pattern.startswith("/") else pattern
        for hit in sorted(glob.glob(relative, root_dir=base, recursive=True, include_hidden=True)):
            if (base / hit).is_file() and not any(fnmatch(hit, e) for e in exclude):
                found[os.path.normpath(hit)] = None
    return [Path(name) for name in found]


def base_directories(src: Path, base: str) -> list[Path]:
    """The base directory; it may hold wildcards, of which all that fit are taken."""
    if not base:
        return [src]
    if Path(base).is_absolute():
        return [Path(base)]
    return [src / hit for hit in sorted(glob.glob(base, root_dir=src)) if (src / hit).is_dir()]


def archive(target: Path, entries: Iterable[tuple[Path, str]]) -> None:
    """Writes (file, name inside) as a zip, with the files' permissions."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as out:
        for file, name in entries:
            out.write(file, name)


def unpack(source: Path, target: Path) -> None:
    """Extracts a zip with its permissions; a link becomes a file that holds its target.

    Every build does it, so paths are compared as text: nothing here makes a link that they could lead through.

    @raises zipfile.BadZipFile, ValueError for a path that leaves.
    """
    target.mkdir(parents=True, exist_ok=True)
    root = os.path.realpath(target)
    folders = {root}
    with zipfile.ZipFile(source) as archived:
        for entry in archived.infolist():
            path = os.path.normpath(os.path.join(root, entry.filename))
            if not path.startswith(root + os.sep):
                raise ValueError(f"{entry.filename} leaves the archive")
            folder = path if entry.is_dir() else os.path.dirname(path)
            if folder not in folders:
                os.makedirs(folder, exist_ok=True)
                folders.add(folder)
            if entry.is_dir():
                continue
            with archived.open(entry) as packed, open(path, "wb") as out:
                shutil.copyfileobj(packed, out, 1 << 20)
                if mode := entry.external_attr >> 16 & 0o777:
                    os.fchmod(out.fileno(), mode)
