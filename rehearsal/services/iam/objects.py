"""S3's buckets and objects as they stand, for permissions that hang on them."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from moto.backends import get_backend


def bucket(name: str | None) -> Any | None:
    """A bucket of any account: their names are known to all."""
    for partitions in list(get_backend("s3").values()):
        found = partitions["aws"].buckets.get(name)
        if found is not None:
            return found
    return None


def stored(name: str | None, key: str | None, version: str | None = None) -> Any | None:
    """An object, or one version of it; None where there is none, or only a delete marker."""
    found = bucket(name)
    if found is None or key is None:
        return None
    versions = found.keys.getlist(key, default=[]) if version else [found.keys.get(key)]
    kept = (v for v in versions if v is not None and (not version or str(v.version_id) == version))
    return next((v for v in kept if hasattr(v, "encryption")), None)


def source(params: dict[str, Any]) -> tuple[str, str, str | None]:
    """Bucket, key and version that a copy is made from.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
    """
    given = params["CopySource"]
    if isinstance(given, dict):
        return given["Bucket"], given["Key"], given.get("VersionId")
    path, _, version = str(given).partition("?versionId=")
    name, _, key = unquote(path).lstrip("/").partition("/")
    return name, key, version or None
