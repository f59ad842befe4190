"""CloudFormation's operations, a module for each group of them."""

from __future__ import annotations

from rehearsal.kernel.operations import whole_service


def register() -> None:
    whole_service("cloudformation")
