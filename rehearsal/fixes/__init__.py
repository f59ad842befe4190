"""Where moto deviates from AWS in services that have no area of their own here: one module a service."""

from __future__ import annotations


def register() -> None:
    from rehearsal.fixes import bucket_notifications as bucket_notifications
    from rehearsal.fixes import scaling_groups, security_groups
    from rehearsal.fixes import vpc_endpoints as vpc_endpoints

    scaling_groups.apply()
    security_groups.apply()
