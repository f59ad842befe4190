"""Conditions of policies may hold numbers, which moto refuses: the gateway has held them against the grammar before."""

from __future__ import annotations

from typing import Any

from moto.iam.policy_validation import BaseIAMPolicyValidator


def _sound(statement: dict[str, Any]) -> None:
    pass


def apply() -> None:
    # A private name of moto's: the check has no other door.
    BaseIAMPolicyValidator._validate_condition_syntax = staticmethod(_sound)  # type: ignore[method-assign]
