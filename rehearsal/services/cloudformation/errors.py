"""CloudFormation's refusals."""

from __future__ import annotations

from rehearsal.kernel.errors import AwsError


def invalid(message: str) -> AwsError:
    """What CloudFormation answers to nearly everything that it cannot accept."""
    return AwsError("ValidationError", message)


def no_such_stack(name: str) -> AwsError:
    return invalid(f"Stack with id {name} does not exist")


def change_set_not_found(name: str) -> AwsError:
    return AwsError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)


def wrong_change_set_status(message: str) -> AwsError:
    return AwsError("InvalidChangeSetStatus", message)


def already_exists(message: str) -> AwsError:
    return AwsError("AlreadyExistsException", message)


def insufficient_capabilities(needed: list[str]) -> AwsError:
    return AwsError("InsufficientCapabilitiesException", f"Requires capabilities : [{', '.join(needed)}]")
