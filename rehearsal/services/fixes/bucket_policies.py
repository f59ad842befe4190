"""A bucket's policy is judged at the gateway, with its conditions; moto's own judge ignores those, denies too much."""

from __future__ import annotations

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket


def _permitted(bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    return PermissionResult.PERMITTED


def apply() -> None:
    FakeBucket.get_permission = _permitted  # type: ignore[method-assign]
