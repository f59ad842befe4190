"""Regular expressions as AWS reads them: Java's in templates, ECMA's in the registry's schemas.

Both are translated for the `regex` module, which can do what they can and is told when to give up.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-regexes.html
https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import regex

from rehearsal.patterns.reader import PatternError, translated

# Long enough for any honest expression, short enough for a request that brings another one.
SECONDS = 2.0

__all__ = ["Expression", "PatternError", "TooSlow", "ecma", "java", "of_schema"]


class TooSlow(Exception):
    """An expression that would try for ages over a text."""


@dataclass(frozen=True)
class Expression:
    compiled: Any

    def whole(self, text: str) -> bool:
        """Whether it matches the whole text. @raises TooSlow."""
        return self._tried(self.compiled.fullmatch, text)

    def found(self, text: str) -> bool:
        """Whether it matches anywhere. @raises TooSlow."""
        return self._tried(self.compiled.search, text)

    def _tried(self, attempt: Any, text: str) -> bool:
        try:
            return attempt(text, timeout=SECONDS, concurrent=True) is not None
        except (TimeoutError, MemoryError) as error:
            raise TooSlow from error


@functools.lru_cache(maxsize=4096)
def java(pattern: str) -> Expression:
    """@raises PatternError as java.util.regex.Pattern would."""
    return _compiled(pattern, "java")


@functools.lru_cache(maxsize=4096)
def ecma(pattern: str) -> Expression:
    """@raises PatternError."""
    return _compiled(pattern, "ecma")


def of_schema(pattern: str) -> Expression:
    """A schema's expression. Those that are not ECMA's are Java's: a few of AWS's own schemas have such.

    @raises PatternError.
    """
    try:
        return ecma(pattern)
    except PatternError:
        return java(pattern)


def _compiled(pattern: str, dialect: str) -> Expression:
    try:
        return Expression(regex.compile(translated(pattern, dialect), regex.VERSION0, cache_pattern=False))
    except regex.error as error:
        raise PatternError(str(error)) from error
    except (RecursionError, OverflowError, MemoryError) as error:
        raise PatternError("too large") from error
