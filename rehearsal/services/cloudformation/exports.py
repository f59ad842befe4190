"""Values that stacks export and import, and the locks between them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.services.cloudformation import store
from rehearsal.services.cloudformation.model import Stack
from rehearsal.services.cloudformation.store import lock


def of_stack(stack: Stack) -> dict[str, str]:
    return {o["ExportName"]: o["OutputValue"] for o in stack.outputs if "ExportName" in o}


def every(account: str, region: str) -> list[dict[str, Any]]:
    with lock:
        return sorted(
            (
                {"ExportingStackId": stack.id, "Name": name, "Value": value}
                for stack in store.every(account, region)
                if stack.live
                for name, value in of_stack(stack).items()
            ),
            key=lambda export: export["Name"],
        )


def exported_value(account: str, region: str, name: str) -> str | None:
    return next((e["Value"] for e in every(account, region) if e["Name"] == name), None)


def importers(account: str, region: str, name: str) -> list[str]:
    """Names of the stacks that import an export."""
    with lock:
        return sorted(s.name for s in store.every(account, region) if s.live and name in s.imports)


def exporter(stack: Stack, name: str) -> Stack | None:
    """Another stack that already exports that name."""
    with lock:
        return next(
            (s for s in store.every(stack.account, stack.region) if s.live and s is not stack and name in of_stack(s)),
            None,
        )


def refusal(stack: Stack, wanted: dict[str, str]) -> str | None:
    """Why a stack's exports cannot become `wanted`; None if they can."""
    for name in wanted:
        other = exporter(stack, name)
        if other is not None:
            return f"Export with name {name} is already exported by stack {other.name}."
    for name, value in of_stack(stack).items():
        users = [user for user in importers(stack.account, stack.region, name) if user != stack.name]
        if not users or wanted.get(name) == value:
            continue
        used = " and ".join(users)
        if name not in wanted:
            return f"Delete canceled. Cannot delete export {name} as it is in use by {used}."
        return f"Export {name} cannot be updated as it is in use by {used}"
    return None
