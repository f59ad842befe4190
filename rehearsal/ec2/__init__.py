"""EC2's instances and images, on machines that boot."""

from __future__ import annotations


def register() -> None:
    """Imports the operations, which register themselves."""
