"""Clients of AWS are installed once for a user, whoever asks first."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

# They start processes.
pytestmark = pytest.mark.server

SCRIPT = Path(__file__).parents[2] / "setup/client"
# In place of npm: writes down that it was asked, and takes its time.
NPM = """#!/bin/sh
echo asked >> "$ASKED"
while [ "$1" != --prefix ]; do shift; done
mkdir -p "$2/node_modules/.bin"
sleep 0.5
touch "$2/node_modules/.bin/cdk"
"""


def test_two_that_install_a_client_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    """As the tests of two checkouts do on a machine that has no client yet."""
    npm, asked = tmp_path / "bin/npm", tmp_path / "asked"
    npm.parent.mkdir()
    npm.write_text(NPM)
    npm.chmod(0o755)
    environment = {
        **os.environ, "PATH": f"{npm.parent}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(tmp_path / "cache"), "ASKED": str(asked),
    }  # fmt: skip
    started = [
        subprocess.Popen(
            ["bash", str(SCRIPT), "cdk"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    told = [(*process.communicate(timeout=60), process.returncode) for process in started]
    assert [(error, code) for _, error, code in told] == [("", 0), ("", 0)]
    (programs,) = {Path(output.strip()) for output, _, _ in told}
    assert (programs / "cdk").is_file()
    assert asked.read_text() == "asked\n"
