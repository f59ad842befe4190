"""Tests of what needs root and Linux are collected only where a rehearsal could boot instances."""

from __future__ import annotations

from rehearsal.machines import host

collect_ignore = [] if host.available()[0] else ["test_network.py", "test_remains.py"]
