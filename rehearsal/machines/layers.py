"""Disks of instances and images: an image is a list of layers, an instance's disk one more on top of them.

https://docs.kernel.org/filesystems/overlayfs.html
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from rehearsal.machines import host, names

# What belongs to one instance and must not be in an image of it. The user would clean these on AWS, too, as AWS's
# guide to shared images asks; cloud-init there tells a new instance by its id and makes host keys anew all the same.
INSTANCE_STATE = (
    "etc/machine-id", "var/lib/dbus/machine-id", "etc/ssh/ssh_host_*", "var/lib/cloud", "run", "tmp", "var/tmp",
    "etc/resolv.conf", "etc/hostname", "etc/hosts", "var/lib/systemd/random-seed", "var/log/journal",
)  # fmt: skip


@dataclass(frozen=True)
class Disk:
    """An instance's own layer. `root` is where everything is mounted together while the instance is up."""

    id: str
    layers: tuple[str, ...]

    @property
    def home(self) -> Path:
        return names.disks() / "instances" / self.id

    @property
    def upper(self) -> Path:
        return self.home / "upper"

    @property
    def root(self) -> Path:
        return names.state() / self.id / "root"


def create(disk: Disk) -> None:
    (disk.home / "work").mkdir(parents=True, exist_ok=True)
    disk.upper.mkdir(exist_ok=True)
    disk.upper.chmod(0o755)


def write(disk: Disk, files: dict[str, str]) -> None:
    """Puts files on a disk that is not mounted. Paths are absolute, below directories that the image has."""
    for name, text in files.items():
        target = disk.upper / name.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_text(text)


def mount(disk: Disk) -> None:
    """@raises HostError"""
    disk.root.mkdir(parents=True, exist_ok=True)
    if not disk.root.is_mount():
        options = f"lowerdir={':'.join(disk.layers)},upperdir={disk.upper},workdir={disk.home / 'work'}"
        host.run("mount", "-t", "overlay", "-o", options, f"rehearsal-{disk.id}", str(disk.root))


def unmount(disk: Disk) -> None:
    if disk.root.is_mount():
        host.run("umount", "--lazy", str(disk.root))


def remove(disk: Disk) -> None:
    unmount(disk)
    shutil.rmtree(disk.home, ignore_errors=True)


def snapshot(disk: Disk, layer: str) -> tuple[str, ...]:
    """Keeps what a disk holds now as a new layer, less the instance's state; returns the layers that make the image.

    Whiteouts of overlayfs are device files: cp -a keeps them, so what was deleted stays deleted.
    @raises HostError
    """
    target = names.disks() / "layers" / layer
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    # Reflinks where the file system has them; sockets and such are none of an image's.
    host.run("cp", "-a", "--reflink=auto", str(disk.upper), str(partial))
    for pattern in INSTANCE_STATE:
        for path in partial.glob(pattern):
            _drop(path)
    (partial / "etc").mkdir(exist_ok=True)
    (partial / "etc/machine-id").write_text("")
    partial.rename(target)
    return (str(target), *disk.layers)


def _drop(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def remove_layer(path: str) -> None:
    """Deletes one layer; the base image is nobody's to delete."""
    if Path(path).parent == names.disks() / "layers":
        shutil.rmtree(path, ignore_errors=True)


def size(path: str) -> int:
    """Bytes that a layer's files hold."""
    return sum(f.lstat().st_size for f in Path(path).rglob("*") if f.is_file() and not f.is_symlink())
