"""Takes a build's artifacts to S3, under the service role.

https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.artifacts
https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectArtifacts.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.services.codebuild import files
from rehearsal.services.codebuild.buildspec import Artifact, Buildspec
from rehearsal.services.codebuild.ground import said
from rehearsal.services.codebuild.phases import PhaseFailed
from rehearsal.services.codebuild.store import Build

Say = Callable[[str], None]


def upload(s3: Any, build: Build, spec: Buildspec, src: Path, scratch: Path, say: Say) -> None:
    """@raises PhaseFailed when nothing matches, or S3 refuses."""
    wanted = build.targets
    if wanted["primary"]["type"] != "NO_ARTIFACTS":
        if spec.artifacts is None:
            raise PhaseFailed("CLIENT_ERROR", "no matching artifact paths found")
        build.data["artifacts"] = _send(s3, build, wanted["primary"], spec.artifacts, src, scratch, say)
    sent = []
    for one in wanted["secondary"]:
        name = one["artifactIdentifier"]
        if name not in spec.secondary:
            raise PhaseFailed("CLIENT_ERROR", f"no matching artifact paths found for {name}")
        sent.append(_send(s3, build, one, spec.secondary[name], src, scratch, say))
    if sent:
        build.data["secondaryArtifacts"] = sent


def collect(artifact: Artifact, src: Path, say: Say) -> list[tuple[Path, str]]:
    """(file, name inside the artifact) of everything that the patterns name. @raises PhaseFailed."""
    bases = files.base_directories(src, artifact.base)
    if not bases or not all(base.is_dir() for base in bases):
        raise PhaseFailed("CLIENT_ERROR", f"no matching base directory path found for {artifact.base}")
    found: list[tuple[Path, str]] = []
    for base in bases:
        say(f"Expanding base directory path: {base}")
        hits = files.matching(base, artifact.files, artifact.exclude)
        found += [(base / hit, hit.name if artifact.discard_paths else str(hit)) for hit in hits]
    if not found:
        raise PhaseFailed("CLIENT_ERROR", "no matching artifact paths found")
    say(f"Found {len(found)} file(s)")
    return found


def _send(
    s3: Any, build: Build, target: dict[str, Any], artifact: Artifact, src: Path, scratch: Path, say: Say
) -> dict[str, Any]:
    found = collect(artifact, src, say)
    key = key_of(target, artifact, build)
    security: dict[str, str] = {}
    if not target.get("encryptionDisabled"):
        security = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": build.data["encryptionKey"]}
    result: dict[str, Any] = {"location": f"arn:aws:s3:::{target['location']}/{key}"}
    try:
        if target["type"] == "CODEPIPELINE" or target.get("packaging") == "ZIP":
            packed = scratch / "artifact.zip"
            files.archive(packed, found)
            content = packed.read_bytes()
            packed.unlink()
            s3.put_object(Bucket=target["location"], Key=key, Body=content, ContentType="application/zip", **security)
            result.update(md5sum=hashlib.md5(content).hexdigest(), sha256sum=hashlib.sha256(content).hexdigest())
        else:
            for file, name in found:
                s3.put_object(Bucket=target["location"], Key=f"{key}/{name}", Body=file.read_bytes(), **security)
    except ClientError as error:
        raise PhaseFailed("CLIENT_ERROR", f"Error in UPLOAD_ARTIFACTS phase: {said(error)}") from error
    if target.get("artifactIdentifier"):
        result["artifactIdentifier"] = target["artifactIdentifier"]
    return {**result, "encryptionDisabled": bool(target.get("encryptionDisabled"))}


def key_of(target: dict[str, Any], artifact: Artifact, build: Build) -> str:
    """path / build id / name, as API_ProjectArtifacts puts them together."""
    name = target.get("name") or build.data["projectName"]
    if target.get("overrideArtifactName") and artifact.name:
        name = artifact.name
    middle = build.uuid if target.get("namespaceType") == "BUILD_ID" else ""
    parts = [(target.get("path") or "").strip("/"), middle, "" if name == "/" else name.strip("/")]
    return "/".join(part for part in parts if part)
