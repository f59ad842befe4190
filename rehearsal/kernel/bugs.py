"""What must not happen: told in the log with the request or task that met it, and to whoever looks for it (the fuzzer).

Call it from an `except` clause: the traceback is that of the exception being handled.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any

# Members whose values no log holds, in lower case: those with one of these words in their name, and `Value` of any
# kind (of a parameter, say, which may be a secret one).
_SECRET = ("password", "secret", "token", "privatekey", "parametervalue")
_LONG = 2_000
_listeners: list[Callable[[str, BaseException], None]] = []


def listen(listener: Callable[[str, BaseException], None]) -> None:
    """`listener` is told of every bug: where, and what was raised."""
    _listeners.append(listener)


def report(where: str, detail: str = "", ours: bool = True) -> None:
    """Writes the exception being handled to the log, under the words that say what was at work.

    What is not `ours` is answered as not implemented: nobody listens for it.
    """
    error = sys.exc_info()[1]
    moment = time.strftime("%Y-%m-%d %H:%M:%S")
    text = f"{moment} {where} failed:\n{traceback.format_exc()}{detail and detail + chr(10)}"
    # A lone surrogate from a request must not keep the rest from being told.
    print(text.encode(errors="backslashreplace").decode(), end="", file=sys.stderr, flush=True)
    if error is not None and ours:
        for listener in _listeners:
            listener(where, error)


def shown(params: Mapping[str, Any]) -> str:
    """A request's parameters as the log may show them: short, and without secrets."""
    return ", ".join(f"{name}={_value(name, value)}" for name, value in params.items())


def _value(name: str, value: Any) -> str:
    try:
        text = repr(_without_secrets({name: value})[name])
    except RecursionError:
        return "(too deep to show)"
    return text if len(text) <= _LONG else f"{text[:_LONG]}... ({len(text)} characters)"


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: "****" if _is_secret(str(key).lower()) else _without_secrets(item) for key, item in value.items()}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value


def _is_secret(name: str) -> bool:
    return name == "value" or any(word in name for word in _SECRET)
