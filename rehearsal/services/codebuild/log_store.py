"""A finished build's log as an object in S3, where the project wants it.

https://docs.aws.amazon.com/codebuild/latest/APIReference/API_S3LogsConfig.html
"""

from __future__ import annotations

import sys

from botocore.exceptions import ClientError

from rehearsal.services.codebuild.ground import Ground, said
from rehearsal.services.codebuild.logs import Log
from rehearsal.services.codebuild.phases import PhaseFailed
from rehearsal.services.codebuild.sources import bucket_and_key
from rehearsal.services.codebuild.store import Build


def store(build: Build, ground: Ground, log: Log) -> None:
    """Under the service role; a refusal is said on stderr and changes nothing about the build."""
    config = build.data["logs"].get("s3Logs", {})
    if config.get("status") != "ENABLED":
        return
    bucket, prefix = bucket_and_key(config["location"])
    key = "/".join(part for part in (prefix.strip("/"), f"{build.uuid}.gz") if part)
    try:
        ground.client("s3").put_object(Bucket=bucket, Key=key, Body=log.zipped())
    except (ClientError, PhaseFailed) as error:
        text = said(error) if isinstance(error, ClientError) else str(error)
        print(f"codebuild: log of {build.id} not stored: {text}", file=sys.stderr, flush=True)
