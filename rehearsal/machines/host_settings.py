"""Kernel settings that are the whole machine's: raised by the first rehearsal, put back by the last.

What they were is kept beside the rehearsals' state, so that it is known after a crash, too.
"""

from __future__ import annotations

from pathlib import Path

# The least that is needed. Each guest's systemd and journald watch files; 128 instances of inotify, the kernel's usual
# limit for a user, are used up by about fifteen guests, and the next one does not boot.
NEEDED = {"net/ipv4/ip_forward": 1, "fs/inotify/max_user_instances": 8192, "fs/inotify/max_user_watches": 524288}
_ROOT = Path("/proc/sys")


def apply(store: Path) -> None:
    for name, least in NEEDED.items():
        setting, before = _ROOT / name, store / name.replace("/", ".")
        now = int(setting.read_text())
        if now < least:
            if not before.exists():
                before.write_text(str(now))
            setting.write_text(str(least))


def restore(store: Path) -> None:
    for name in NEEDED:
        before = store / name.replace("/", ".")
        if before.exists():
            (_ROOT / name).write_text(before.read_text())
            before.unlink()
