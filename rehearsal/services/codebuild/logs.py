"""A build's log: lines with secrets masked, sent to CloudWatch Logs (and S3) under the service role.

https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html (what is masked)
"""

from __future__ import annotations

import contextlib
import gzip
import sys
import threading
import time
from datetime import UTC, datetime
from typing import Any

FLUSH_SECONDS = 0.4
BATCH = 2_000
MASK = "***"


class Log:
    """`client` is CloudWatch Logs under the build's role, or None where the project has them disabled."""

    def __init__(self, client: Any, group: str, stream: str) -> None:
        self.client, self.group, self.stream = client, group, stream
        self.secrets: list[str] = []
        self.all: list[str] = []
        self.waiting: list[dict[str, Any]] = []
        self.lock = threading.Lock()
        self.closed = threading.Event()
        self.thread: threading.Thread | None = None

    def open(self) -> None:
        """@raises ClientError where the role may not create group or stream."""
        if self.client is None:
            return
        try:
            self._create_stream()
        except self.client.exceptions.ResourceNotFoundException:
            with contextlib.suppress(self.client.exceptions.ResourceAlreadyExistsException):
                self.client.create_log_group(logGroupName=self.group)
            self._create_stream()
        self.thread = threading.Thread(target=self._flush_on, name="build-log", daemon=True)
        self.thread.start()

    def _create_stream(self) -> None:
        with contextlib.suppress(self.client.exceptions.ResourceAlreadyExistsException):
            self.client.create_log_stream(logGroupName=self.group, logStreamName=self.stream)

    def hide(self, secrets: list[str]) -> None:
        """From now on these texts are masked; short ones would mask half the log and are left, as on AWS."""
        self.secrets += [part for text in secrets for part in {text, *text.splitlines()} if len(part) > 3]

    def line(self, text: str) -> None:
        for secret in self.secrets:
            text = text.replace(secret, MASK)
        with self.lock:
            self.all.append(text)
            self.waiting.append({"timestamp": int(time.time() * 1000), "message": text + "\n"})

    def container(self, text: str) -> None:
        """A line of CodeBuild's own."""
        self.line(f"[Container] {datetime.now(UTC):%Y/%m/%d %H:%M:%S.%f} {text}")

    def close(self) -> None:
        """Sends what is left."""
        self.closed.set()
        if self.thread is not None:
            self.thread.join()

    def zipped(self) -> bytes:
        return gzip.compress(("\n".join(self.all) + "\n").encode())

    def _flush_on(self) -> None:
        while not self.closed.wait(FLUSH_SECONDS):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        while True:
            with self.lock:
                batch, self.waiting = self.waiting[:BATCH], self.waiting[BATCH:]
            if not batch:
                return
            try:
                self.client.put_log_events(logGroupName=self.group, logStreamName=self.stream, logEvents=batch)
            except Exception as error:  # a log line that is lost does not fail a build, on AWS neither
                print(f"codebuild: log of {self.stream} not written: {error}", file=sys.stderr, flush=True)
