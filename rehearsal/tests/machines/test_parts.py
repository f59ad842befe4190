"""Small parts: how the host gets packages, how processes are told apart, what a rehearsal's things are called."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from rehearsal.machines import base_image, host, host_apt, names, processes, recipe


@pytest.mark.parametrize(
    ("line", "stanza"),
    [
        ("deb http://mirror/debian bookworm main", "URIs: http://mirror/debian\nSuites: bookworm\nComponents: main"),
        ("deb [signed-by=/k.gpg] http://mirror/debian bookworm-updates main contrib", "Components: main contrib"),
        ("deb http://other/repo stable main", None),
        ("# deb http://mirror/debian bookworm main", None),
        ("deb-src http://mirror/debian bookworm main", None),
    ],
)
def test_only_the_images_own_suite_is_taken_from_the_host(line: str, stanza: str | None) -> None:
    found = host_apt._from_one_line(line)
    assert (found is None) if stanza is None else stanza in str(found)


def test_another_recipe_or_another_host_makes_another_image() -> None:
    assert recipe.digest("host a") != recipe.digest("host b")


def test_a_pid_alone_does_not_name_a_process(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    processes.write(file, os.getpid())
    assert processes.read(file) == os.getpid()
    file.write_text(f"{os.getpid()} 1")
    assert processes.read(file) is None


def test_a_process_that_ignores_sigterm_is_killed_when_patience_is_over() -> None:
    child = subprocess.Popen(["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done"], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    processes.end(child.pid, patience=0.2)
    assert child.wait(timeout=5) == -9
    child.stdout.close()


def test_a_rehearsal_never_owns_what_a_longer_name_has() -> None:
    assert not names.router("a-b").startswith(names.prefix("a"))
    assert len(names.uplink("a" * 24)) <= 15


def test_a_build_that_fails_leaves_no_base_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "base-1"
    monkeypatch.setattr(base_image, "path", lambda: home)

    def fail(root: Path, *_: object) -> None:
        (root / "half").write_text("")
        raise base_image.BaseImageError("no packages")

    monkeypatch.setattr(base_image, "_bootstrap", fail)
    with pytest.raises(base_image.BaseImageError, match="no packages"):
        base_image.ensure()
    assert not base_image.exists()
    assert [p.name for p in tmp_path.iterdir()] == ["base-1.lock"]
    monkeypatch.setattr(base_image, "_bootstrap", lambda root, *_: (root / "whole").write_text(""))
    monkeypatch.setattr(base_image, "_customise", lambda *_: None)
    assert (base_image.ensure() / "whole").exists()


def test_a_missing_tool_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda tool: None if tool in ("nft", "systemd-nspawn") else f"/bin/{tool}")
    ok, reason = host.available.__wrapped__()
    assert not ok
    assert "nftables" in reason and "systemd-container" in reason
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert host.available.__wrapped__() == (False, "instances need root")
