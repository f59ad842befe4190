"""All stacks of all accounts and regions, behind one lock.

The lock guards the records only; nobody holds it while talking to another service.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator

from rehearsal.kernel import tasks
from rehearsal.kernel.errors import AwsError
from rehearsal.services.cloudformation.errors import invalid, no_such_stack
from rehearsal.services.cloudformation.model import ChangeSet, Stack

lock = threading.RLock()
_stacks: dict[str, Stack] = {}
# Drift detections by id: what DescribeStackDriftDetectionStatus answers.
detections: dict[str, dict] = {}


def stack_arn(account: str, region: str, name: str) -> str:
    return f"arn:aws:cloudformation:{region}:{account}:stack/{name}/{uuid.uuid1()}"


def add(stack: Stack) -> None:
    with lock:
        _stacks[stack.id] = stack


def every(account: str, region: str) -> Iterator[Stack]:
    with lock:
        found = [s for s in _stacks.values() if s.account == account and s.region == region]
    return iter(found)


def live() -> int:
    """How many stacks there are, of all accounts and regions."""
    with lock:
        return sum(1 for s in _stacks.values() if s.live)


def by_name(account: str, region: str, name: str) -> Stack | None:
    """The live stack of that name."""
    return next((s for s in every(account, region) if s.name == name and s.live), None)


def find(account: str, region: str, name: str) -> Stack | None:
    """By id, deleted ones too, or by name among the live ones.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
    """
    if name.startswith("arn:"):
        stack = _stacks.get(name)
        if stack is None and name.count("/") == 1:
            return by_name(account, region, name.split("/")[1])
        return stack if stack and stack.account == account else None
    return by_name(account, region, name)


def get(account: str, region: str, name: str, missing: Callable[[str], AwsError] = no_such_stack) -> Stack:
    found = find(account, region, name)
    if found is None:
        raise missing(name)
    return found


def bracketed(name: str) -> AwsError:
    """The other wording for a stack that is not there, which changing operations use."""
    return invalid(f"Stack [{name}] does not exist")


def quoted(name: str) -> AwsError:
    return invalid(f"Stack '{name}' does not exist")


def change_set(account: str, region: str, name: str, stack_name: str | None) -> tuple[Stack, ChangeSet] | None:
    """By ARN, or by name and stack."""
    if name.startswith("arn:"):
        for stack in every(account, region):
            if name in stack.change_sets:
                return stack, stack.change_sets[name]
        return None
    stack = find(account, region, stack_name) if stack_name else None
    if stack is None:
        return None
    # An executed set is gone by name; its ARN still tells what became of it.
    found = [c for c in stack.change_sets.values() if c.name == name and not c.executed]
    return (stack, found[-1]) if found else None


@tasks.on_reset
def _forget() -> None:
    with lock:
        _stacks.clear()
        detections.clear()
