"""AWS's wildcards: * is any run of characters, ? exactly one; nothing else is special."""

from __future__ import annotations

import functools
import re


@functools.lru_cache(maxsize=20_000)
def compiled(pattern: str, ignore_case: bool = False) -> re.Pattern[str]:
    """Match it from the start; it ends where the text does.

    What stands between two stars is taken where it first fits, and not looked for again: many stars cost no more than
    one, however long the text.
    """
    first, *others = ("".join("." if c == "?" else re.escape(c) for c in part) for part in re.split(r"\*+", pattern))
    if others:
        first += "".join(f"(?>.*?{part})" for part in others[:-1]) + f".*{others[-1]}"
    return re.compile(first + r"\Z", re.IGNORECASE | re.DOTALL if ignore_case else re.DOTALL)


def like(pattern: str, value: str, ignore_case: bool = False) -> bool:
    return compiled(pattern, ignore_case).match(value) is not None
