"""A build's cache: directories kept from one build to the next, on their host (LOCAL_CUSTOM_CACHE) or in S3.

https://docs.aws.amazon.com/codebuild/latest/userguide/build-caching.html. A local cache is best effort there and here.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.services.codebuild import files, store
from rehearsal.services.codebuild.buildspec import Buildspec
from rehearsal.services.codebuild.sources import bucket_and_key
from rehearsal.services.codebuild.store import Build

Say = Callable[[str], None]


class Cache:
    """Restore before the first phase, save after the last. Paths outside source and home are not this build's."""

    def __init__(self, build: Build, spec: Buildspec, src: Path, home: Path, say: Say) -> None:
        self.build, self.spec, self.src, self.home, self.say = build, spec, src, home, say
        self.config = build.data.get("cache") or {"type": "NO_CACHE"}
        # https://docs.aws.amazon.com/codebuild/latest/userguide/caching-local.html: "not supported" in a VPC. That such
        # a project is made all the same, and its builds go without, is unchecked.
        if self.config["type"] == "LOCAL" and build.data.get("vpcConfig"):
            self.config = {"type": "NO_CACHE"}
            say("Local caching is not supported in a VPC: this build has no cache")

    def restore(self, s3: Any) -> None:
        if not self.spec.cache_paths:
            return
        if self.config["type"] == "LOCAL" and "LOCAL_CUSTOM_CACHE" in self.config.get("modes", []):
            for path in self._directories():
                kept = self._kept(path)
                kept.mkdir(parents=True, exist_ok=True)
                if not path.exists():
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.symlink_to(kept, target_is_directory=True)
                    self.say(f"Symlinking: {path} => {kept}")
        elif self.config["type"] == "S3":
            self._download(s3)

    def save(self, s3: Any) -> None:
        if self.config["type"] != "S3" or not self.spec.cache_paths:
            return
        found = []
        for number, root in enumerate((self.src, self.home)):
            patterns = [self._relative(p, root) for p in self.spec.cache_paths]
            found += [(root / f, f"{number}/{f}") for f in files.matching(root, [p for p in patterns if p])]
        packed = self.home.parent / "cache.zip"
        files.archive(packed, found)
        bucket, key = self._object(self.spec.cache_key)
        try:
            s3.put_object(Bucket=bucket, Key=key, Body=packed.read_bytes())
        except ClientError as error:
            self.say(f"Unable to upload cache: {error}")
        packed.unlink()

    def _download(self, s3: Any) -> None:
        packed = self.home.parent / "cache.zip"
        for wanted in (self.spec.cache_key, *self.spec.cache_fallbacks):
            bucket, key = self._object(wanted)
            try:
                packed.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
            except ClientError as error:
                self.say(f"Unable to download cache: {error.response['Error'].get('Code')}")
                continue
            unpacked = self.home.parent / "cache"
            files.unpack(packed, unpacked)
            for number, root in enumerate((self.src, self.home)):
                if (unpacked / str(number)).is_dir():
                    shutil.copytree(unpacked / str(number), root, dirs_exist_ok=True, symlinks=True)
            packed.unlink()
            return

    def _object(self, key: str) -> tuple[str, str]:
        bucket, prefix = bucket_and_key(self.config["location"])
        return bucket, "/".join(p for p in (prefix.strip("/"), key or self.build.project.uid) if p)

    def _directories(self) -> list[Path]:
        found = []
        for pattern in self.spec.cache_paths:
            for root in (self.src, self.home):
                relative = self._relative(pattern, root)
                if relative:
                    # Only directories can be kept on the host: https://docs.aws.amazon.com/codebuild/.../caching-local.html
                    found.append(root / relative.split("*")[0].rstrip("/"))
        return found

    def _relative(self, pattern: str, root: Path) -> str:
        """The part below `root`, or empty when it is not there. The image's home is /root; a build's is its own."""
        if pattern.startswith(("/root/", "~/", "$HOME/")):
            return pattern.split("/", 2)[2] if pattern.startswith("/root/") and root == self.home else (
                pattern.split("/", 1)[1] if not pattern.startswith("/root/") and root == self.home else ""
            )  # fmt: skip
        if pattern.startswith("/"):
            return pattern.removeprefix(f"{root}/") if pattern.startswith(f"{root}/") else ""
        return pattern if root == self.src else ""

    def _kept(self, path: Path) -> Path:
        """On the host of this account and region: AWS's page says that a local cache is there for the builds of its
        host. That one host serves several projects is unchecked; here all builds have the same one."""
        name = str(path).replace(str(self.home.parent), "").strip("/").replace("/", "_")
        return store.scratch_root() / "cache" / f"{self.build.account}-{self.build.region}" / name
