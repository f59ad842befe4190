"""Variables of a pipeline execution: #{namespace.key} in actions' and rules' configurations.

https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

REFERENCE = re.compile(r"#\{([^}]*)\}")
_FORM = re.compile(r"([A-Za-z0-9@\-_]+)\.([A-Za-z0-9@\-_]+)")
# Namespaces that every execution has: its own id, and the pipeline's variables.
OWN = ("codepipeline", "variables")


class Unresolved(Exception):
    """A reference to a variable that no action has produced; its text is the message."""


def references(text: str) -> Iterator[tuple[str, str, str]]:
    """(whole text, namespace, key) of each reference; namespace and key are empty where the form is wrong."""
    for found in REFERENCE.finditer(text):
        form = _FORM.fullmatch(found.group(1))
        yield found.group(0), form.group(1) if form else "", form.group(2) if form else ""


def resolve(text: str, values: Mapping[str, Mapping[str, str]]) -> str:
    """Puts values in the place of references, as they are: inside a JSON text they are not escaped, on AWS neither.

    @raises Unresolved.
    """

    def value(found: re.Match[str]) -> str:
        form = _FORM.fullmatch(found.group(1))
        known = values.get(form.group(1), {}) if form else {}
        if form is None or form.group(2) not in known:
            raise Unresolved(f"The variable reference {found.group(0)} could not be resolved")
        return known[form.group(2)]

    return REFERENCE.sub(value, text)


def resolve_all(configuration: Mapping[str, str], values: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """@raises Unresolved."""
    return {key: resolve(text, values) for key, text in configuration.items()}


def each(configuration: Mapping[str, str], use: Callable[[str, str, str, str], None]) -> None:
    """Calls `use(key, whole, namespace, name)` for every reference in a configuration."""
    for key, text in configuration.items():
        for whole, namespace, name in references(text):
            use(key, whole, namespace, name)
