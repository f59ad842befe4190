"""CloudFormation's operations, a module for each group of them."""

from __future__ import annotations

from rehearsal.kernel.operations import whole_service


def register() -> None:
    from rehearsal.services.cloudformation.api import (
        change_sets,
        control,
        drift,
        execution,
        reading,
        stacks,
        templates,
    )

    assert all((change_sets, control, drift, execution, reading, stacks, templates))
    whole_service("cloudformation")
