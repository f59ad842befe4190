"""What a killed rehearsal leaves on the machine is removed by its name alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.machines import cleanup, names, remains

# They start processes.
pytestmark = pytest.mark.server

NAME = f"killed-{os.getpid()}"
_SCRIPT = """
import os, signal, subprocess, sys
from rehearsal.kernel.settings import settings
settings.name, settings.port = sys.argv[1], 0
from rehearsal.machines import base_image, guest, layers, names, network, remains
from rehearsal.machines.layers import Disk
place = network.namespace()
subprocess.Popen([*place.exec_prefix, "sleep", "600"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
disk = Disk("i-1", (str(base_image.ensure()),))
(names.state() / "i-1").mkdir(parents=True)
layers.create(disk)
layers.mount(disk)
print(place.name, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def look() -> str:
    found = [subprocess.run(c, capture_output=True, text=True, check=True).stdout
             for c in (["ip", "netns"], ["ip", "link"], ["ip", "route"], ["nft", "list", "tables"])]  # fmt: skip
    return "\n".join([*found, Path("/proc/self/mountinfo").read_text()])


def killed() -> str:
    """Starts a rehearsal's network, a process and a mount, and kills what started them."""
    done = subprocess.run([sys.executable, "-c", _SCRIPT, NAME], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -9, done.stderr
    return done.stdout.strip()


def assert_nothing_left() -> None:
    after = look()
    assert names.prefix(NAME) not in after
    assert names.uplink(NAME) not in after
    assert f"/{NAME}/" not in after
    assert not names.disks(NAME).exists()
    assert not names.state(NAME).exists()


def test_clean_up_after_a_kill_leaves_nothing() -> None:
    place = killed()
    assert place in look()
    cleanup(NAME)
    assert_nothing_left()
    cleanup(NAME)


def test_the_next_rehearsal_sweeps_up_after_a_dead_one() -> None:
    killed()
    remains.sweep()
    assert_nothing_left()

_FILTER = """
import subprocess
from rehearsal.machines import host_filter
def chain():
    return subprocess.run(["nft", "list", "ruleset"], capture_output=True, text=True, check=True).stdout
host_filter.let_through("rh1")
assert chain() == "", "nothing filters, so nothing is to be let through"
made = "add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }"
subprocess.run(["nft", made], check=True)
host_filter.let_through("rh1")
host_filter.let_through("rh2")
assert chain().index('oifname "rh1" accept') > 0
host_filter.forget("rh1")
assert "rh1" not in chain() and 'iifname "rh2" accept' in chain()
"""


def test_a_host_that_drops_what_it_forwards_lets_the_rehearsal_through() -> None:
    """https://docs.docker.com/engine/network/packet-filtering-firewalls/"""
    command = ["unshare", "--net", sys.executable, "-c", _FILTER]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
