"""Hides what NoEcho parameters hold.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.services.cloudformation.blueprint import Blueprint
from rehearsal.services.cloudformation.parameters import MASK


def secrets_of(*blueprints: Blueprint | None) -> list[str]:
    """The longest first, so that one within another is not left in pieces."""
    found = {p.value for b in blueprints if b for p in b.parameters.values() if p.no_echo and p.value}
    return sorted(found, key=len, reverse=True)


def mask(value: Any, secrets: list[str]) -> Any:
    if not secrets:
        return value
    if isinstance(value, dict):
        return {key: mask(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [mask(item, secrets) for item in value]
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, MASK)
    return value
