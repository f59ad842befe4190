"""One machine that boots: a Debian under systemd-nspawn, on its own disk and cable.

https://www.freedesktop.org/software/systemd/man/252/systemd-nspawn.html
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rehearsal.machines import cgroups, layers, links, names, network, processes

PATIENCE = 20.0
# https://github.com/systemd/systemd/blob/v252/src/nspawn/nspawn.c: EXIT_FORCE_RESTART
REBOOT = 133
_watchers: dict[str, threading.Thread] = {}
_ending: set[str] = set()


@dataclass(frozen=True)
class Hardware:
    """What a guest is before it runs. `layers`: newest first; `prefix`: the subnet's length."""

    id: str
    layers: tuple[str, ...]
    ip: str
    prefix: int
    mac: str
    hostname: str
    resolver: str

    @property
    def disk(self) -> layers.Disk:
        return layers.Disk(self.id, self.layers)

    @property
    def namespace(self) -> str:
        return names.namespace(self.id)

    @property
    def home(self) -> Path:
        return names.state() / self.id


def create(hardware: Hardware) -> None:
    """Makes disk and cable; the guest does not run yet.

    @raises HostError
    """
    hardware.home.mkdir(parents=True, exist_ok=True)
    layers.create(hardware.disk)
    connect(hardware)


def connect(hardware: Hardware) -> None:
    """Plugs the guest into the network; it keeps its address while it is stopped."""
    network.ensure()
    links.add(
        hardware.namespace, hardware.ip, prefix=hardware.prefix, resolver=hardware.resolver, mac=hardware.mac
    )
    layers.write(hardware.disk, {
        "/etc/resolv.conf": f"nameserver {hardware.resolver}\n",
        "/etc/hostname": f"{hardware.hostname}\n",
    })  # fmt: skip


def boot(hardware: Hardware, on_exit: Callable[[], None]) -> None:
    """Starts the guest; `on_exit` is called in a thread when it ended, by whomever it was ended.

    @raises HostError | OSError
    """
    _ending.discard(hardware.id)
    layers.mount(hardware.disk)
    process = _power_on(hardware)

    def watch(process: subprocess.Popen[bytes]) -> None:
        # With --keep-unit nspawn leaves a reboot to a service manager, which is us.
        while process.wait() == REBOOT and hardware.id not in _ending:
            process = _power_on(hardware)
        (hardware.home / "pid").unlink(missing_ok=True)
        processes.end_inside(hardware.namespace)
        layers.unmount(hardware.disk)
        on_exit()

    watcher = threading.Thread(target=watch, args=(process,), name=f"guest-{hardware.id}", daemon=True)
    _watchers[hardware.id] = watcher
    watcher.start()


def _power_on(hardware: Hardware) -> subprocess.Popen[bytes]:
    command = [
        "systemd-nspawn", "--quiet", "--directory", str(hardware.disk.root), "--boot", "--machine", hardware.id,
        "--hostname", hardware.hostname, "--register=no", "--keep-unit", "--link-journal=no", "--console=read-only",
        "--resolv-conf=off", "--timezone=off", "--network-namespace-path", str(names.NETNS / hardware.namespace),
        # Its network is its own: containers, firewalls and forwarding are the guest's affair.
        "--capability=CAP_NET_ADMIN", "systemd.journald.forward_to_console=0", "systemd.show_status=1",
        # For its services, user data among them: an SDK in there must not knock at the real AWS with these credentials.
        f"systemd.setenv=AWS_ENDPOINT_URL={network.endpoint_url()}",
    ]  # fmt: skip
    # A shell that joins the guest's control groups and becomes nspawn.
    joins = " && ".join(f"echo $$ > {group}/cgroup.procs" for group in cgroups.add(hardware.id))
    command = ["/bin/sh", "-c", f'{joins or "true"} && exec "$@"', "sh", *command]
    # nspawn's own variables of the caller must not leak into the guest.
    environment = {"PATH": os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), "LANG": "C.UTF-8",
                   "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network"}  # fmt: skip
    with console(hardware.id).open("ab") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, env=environment
        )
    processes.write(hardware.home / "pid", process.pid)
    return process


def accepts_logins(hardware: Hardware) -> bool:
    """Whether SSH answers and lets users in, seen from outside the guest."""
    pid = processes.read(hardware.home / "pid")
    for init in _children(pid) if pid is not None else []:
        with contextlib.suppress(OSError):
            sockets = [line.split() for line in Path(f"/proc/{init}/net/tcp").read_text().splitlines()[1:]]
            # State 0A is LISTEN; the port is in hexadecimal. While it boots, pam_nologin refuses everybody.
            listening = any(words[3] == "0A" and words[1].endswith(":0016") for words in sockets)
            return listening and not Path(f"/proc/{init}/root/run/nologin").exists()
    return False


def _children(pid: int) -> list[int]:
    """The guest's init, as nspawn's child."""
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def running(hardware: Hardware) -> bool:
    return processes.read(hardware.home / "pid") is not None


def stop(hardware: Hardware, patience: float = PATIENCE) -> None:
    """Shuts the guest down in order (nspawn turns SIGTERM into it), or hard when its patience is over.

    Its disk is unmounted when this returns; `on_exit` must not wait for the caller.
    """
    _ending.add(hardware.id)
    pid = processes.read(hardware.home / "pid")
    if pid is not None:
        processes.end(pid, patience)
    watcher = _watchers.pop(hardware.id, None)
    if watcher is not None and watcher is not threading.current_thread():
        watcher.join(30)


def reboot(hardware: Hardware) -> None:
    """Restarts the guest's system in order; nspawn boots it again by itself."""
    pid = processes.read(hardware.home / "pid")
    if pid is None:
        return
    for child in _children(pid):
        # systemd's reboot.target: https://man7.org/linux/man-pages/man1/systemd.1.html (SIGNALS)
        os.kill(child, signal.SIGRTMIN + 5)


def remove(hardware: Hardware) -> None:
    """Ends the guest at once if need be, and removes all of it but what its console said."""
    stop(hardware, patience=0.0)
    processes.end_inside(hardware.namespace)
    links.remove(hardware.namespace)
    cgroups.remove(hardware.id)
    layers.remove(hardware.disk)
    shutil.rmtree(hardware.disk.root, ignore_errors=True)


def console(instance_id: str) -> Path:
    """What the guest wrote to its console, since it was launched."""
    return names.state() / instance_id / "console"
