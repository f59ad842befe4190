"""Where moto deviates from AWS in services that have no area of their own here: one module a service."""

from __future__ import annotations


def register() -> None:
    from rehearsal.fixes import security_groups, vpc_endpoints  # noqa: F401

    security_groups.apply()
