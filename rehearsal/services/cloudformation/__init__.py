"""CloudFormation: stacks that are really built, by handlers that call the services' own APIs."""

from __future__ import annotations


def register() -> None:
    """Imports what registers the operations. Schemas and handlers load when they are first needed."""
    from rehearsal.services.cloudformation import api

    api.register()


def status() -> dict[str, int]:
    from rehearsal.services.cloudformation import store

    return {"stacks": store.live()}


def stack_tags(arn: str) -> dict[str, str]:
    """The tags of a live stack, by its ARN, whose last part may be `*`; none where there is no stack."""
    from rehearsal.services.cloudformation import store

    region, account, resource = arn.split(":", 5)[3:6]
    stack = store.by_name(account, region, resource.split("/")[1]) if resource.startswith("stack/") else None
    return dict(stack.settings.tags) if stack is not None else {}
