"""CloudFormation: stacks that are really built, by handlers that call the services' own APIs."""

from __future__ import annotations


def register() -> None:
    """Imports what registers the operations. Schemas and handlers load when they are first needed."""
    from rehearsal.cloudformation import api

    api.register()
