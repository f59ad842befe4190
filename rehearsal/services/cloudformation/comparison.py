"""Where two values differ."""

from __future__ import annotations

from typing import Any

Path = tuple[str | int, ...]
_MISSING: Any = object()


def changed_paths(before: Any, after: Any, path: Path = ()) -> list[Path]:
    """The deepest places that differ. Lists of one length differ by item, others as far as they are common."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [*before, *(key for key in after if key not in before)]
        pairs = [(key, before.get(key, _MISSING), after.get(key, _MISSING)) for key in keys]
    elif isinstance(before, list) and isinstance(after, list):
        size = max(len(before), len(after))
        pairs = [
            (i, before[i] if i < len(before) else _MISSING, after[i] if i < len(after) else _MISSING)
            for i in range(size)
        ]
    else:
        return [] if same(before, after) else [path]
    found: list[Path] = []
    for key, left, right in pairs:
        if left is _MISSING or right is _MISSING:
            found.append((*path, key))
        else:
            found += changed_paths(left, right, (*path, key))
    return found


def same(left: Any, right: Any) -> bool:
    """Equal as JSON: 1 is 1.0, but true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def at(value: Any, path: Path) -> Any:
    """The value at a place, or None."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value
