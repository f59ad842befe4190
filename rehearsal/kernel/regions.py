"""The regions that AWS has, in all its partitions."""

from __future__ import annotations

import functools

import boto3.session


@functools.cache
def known() -> frozenset[str]:
    session = boto3.session.Session()
    parts = session.get_available_partitions()
    return frozenset(name for part in parts for name in session.get_available_regions("ec2", partition_name=part))
