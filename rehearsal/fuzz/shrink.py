"""From a case that fails to a small one that fails in the same way."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from rehearsal.fuzz import texts, values

SECONDS = 20


def smaller(case: Any, fails: Callable[[Any], bool]) -> Any:
    """Tries what is simpler for as long as something of it still fails, within a time limit."""
    end = time.monotonic() + SECONDS
    progress = True
    while progress and time.monotonic() < end:
        progress = False
        for candidate in _simpler(case):
            if time.monotonic() > end:
                break
            if fails(candidate):
                case, progress = candidate, True
                break
    return case


def _simpler(case: Any) -> Iterator[Any]:
    if not isinstance(case, str):
        yield from _trees(case)
        return
    try:
        tree = json.loads(case)
    except (ValueError, RecursionError):
        tree = None
    if isinstance(tree, (dict, list)):
        yield from (texts.as_json(smaller) for smaller in _trees(tree))
    lines = case.splitlines(keepends=True)
    size = len(lines) // 2
    while size:
        for start in range(0, len(lines), size):
            yield "".join(lines[:start] + lines[start + size :])
        size //= 2
    if len(lines) == 1 and len(case) > 1:
        yield from (case[: len(case) // 2], case[len(case) // 2 :], case[1:], case[:-1])


def _trees(tree: Any) -> Iterator[Any]:
    """Without one member, or with a member in place of what holds it."""
    for path in values.places(tree):
        there = values.at(tree, path)
        if path:
            yield _without(tree, path)
        if isinstance(there, (dict, list)) and path:
            items = there.values() if isinstance(there, dict) else there
            for item in list(items)[:4]:
                yield values.put(copy.deepcopy(tree), path, copy.deepcopy(item))
        if isinstance(there, str) and len(there) > 40:
            yield values.put(copy.deepcopy(tree), path, there[:20])


def _without(tree: Any, path: values.Path) -> Any:
    made = copy.deepcopy(tree)
    del values.at(made, path[:-1])[path[-1]]
    return made
