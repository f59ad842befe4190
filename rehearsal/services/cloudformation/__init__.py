"""CloudFormation: stacks that are really built, by handlers that call the services' own APIs."""

from __future__ import annotations


def register() -> None:
    """Imports what registers the operations. Schemas and handlers load when they are first needed."""
    from rehearsal.services.cloudformation import api, asked_by_iam  # noqa: F401  (registers by being imported)

    api.register()


def status() -> dict[str, int]:
    from rehearsal.services.cloudformation import store

    return {"stacks": store.live()}
