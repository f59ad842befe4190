"""Gets a build's source: from the pipeline's artifact or an S3 object, with the service role's own permissions.

https://docs.aws.amazon.com/codebuild/latest/userguide/sample-multi-in-out.html
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.services.codebuild import files, initiators
from rehearsal.services.codebuild.buildspec import Buildspec, BuildspecError, parse
from rehearsal.services.codebuild.ground import said
from rehearsal.services.codebuild.phases import PhaseFailed
from rehearsal.services.codebuild.store import Build

FETCHED = ("CODEPIPELINE", "S3")


def bucket_and_key(location: str) -> tuple[str, str]:
    """From `bucket/key` or `arn:aws:s3:::bucket/key`."""
    bucket, _, key = location.removeprefix("arn:aws:s3:::").partition("/")
    return bucket, key


def fetch(s3: Any, build: Build, scratch: Path) -> dict[str, Path]:
    """Puts every source into a directory of its own; the primary one has the empty name. @raises PhaseFailed."""
    data = build.data
    found = {"": scratch / "src"}
    versions = {v["sourceIdentifier"]: v["sourceVersion"] for v in data.get("secondarySourceVersions", [])}
    if data["source"]["type"] in FETCHED:
        version = data.get("sourceVersion", "") if data["source"]["type"] == "S3" else ""
        _fetch(s3, data["source"], version, found[""], scratch)
        # What CodePipeline provides; it does not apply to S3.
        # https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html
        if revision := initiators.revision(build.token):
            data["resolvedSourceVersion"] = revision
    for source in data.get("secondarySources", []):
        name = source["sourceIdentifier"]
        found[name] = scratch / f"src-{name}"
        _fetch(s3, source, versions.get(name, ""), found[name], scratch)
    return found


def _fetch(s3: Any, source: dict[str, Any], version: str, target: Path, scratch: Path) -> None:
    bucket, key = bucket_and_key(source["location"])
    if key.endswith("/") or not key:
        _fetch_folder(s3, bucket, key, target)
        return
    packed = scratch / "source.zip"
    try:
        reply = s3.get_object(Bucket=bucket, Key=key, **({"VersionId": version} if version else {}))
        with packed.open("wb") as out:
            for chunk in reply["Body"].iter_chunks(1 << 20):
                out.write(chunk)
        # A build finds the text of a link in its place. https://github.com/aws/aws-cdk/pull/14520
        files.unpack(packed, target)
    except ClientError as error:
        raise PhaseFailed("CLIENT_ERROR", f"{said(error)} for primary source and source version {version}") from error
    except (zipfile.BadZipFile, ValueError) as error:
        raise PhaseFailed("CLIENT_ERROR", f"source {bucket}/{key} is not a zip archive: {error}") from error
    finally:
        packed.unlink(missing_ok=True)


def _fetch_folder(s3: Any, bucket: str, prefix: str, target: Path) -> None:
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for entry in page.get("Contents", []):
                path = target / entry["Key"].removeprefix(prefix)
                path.parent.mkdir(parents=True, exist_ok=True)
                if not entry["Key"].endswith("/"):
                    path.write_bytes(s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read())
    except ClientError as error:
        raise PhaseFailed("CLIENT_ERROR", said(error)) from error


def read_buildspec(s3: Any, build: Build, src: Path) -> tuple[Buildspec, str]:
    """The buildspec and where it was found: in the project, in S3, or in the source. @raises PhaseFailed."""
    wanted = build.data["source"].get("buildspec") or "buildspec.yml"
    try:
        if "\n" in wanted or wanted.lstrip().startswith(("version", "{")):
            return parse(wanted), "inline"
        if wanted.startswith("arn:aws:s3:::"):
            bucket, key = bucket_and_key(wanted)
            return parse(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()), wanted
        path = src / wanted
        if not path.is_file():
            raise BuildspecError(f"stat {path}: no such file or directory")
        return parse(path.read_text()), str(path)
    except BuildspecError as error:
        raise PhaseFailed("YAML_FILE_ERROR", str(error)) from error
    except ClientError as error:
        raise PhaseFailed("YAML_FILE_ERROR", said(error)) from error
