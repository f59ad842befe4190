"""What an action may use: clients under its role, artifacts from and to the store, and when to give up.

https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
"""

from __future__ import annotations

import io
import secrets
import zipfile
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.kernel import clients, tasks
from rehearsal.services.codepipeline.store import ActionRun, Artifact, Execution, Pipeline

SERVICE = "codepipeline.amazonaws.com"


class ActionFailed(Exception):
    """Ends an action as Failed. `code` is one of AWS's: JobFailed, ConfigurationError, PermissionError, ..."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


class Abandoned(Exception):
    """The execution was stopped and this action given up."""


class Access:
    """One action's (or rule's) way to the services."""

    def __init__(self, pipeline: Pipeline, execution: Execution, run: ActionRun) -> None:
        self.pipeline, self.execution, self.run = pipeline, execution, run
        self._opened: dict[str, bytes] = {}

    def client(self, service: str) -> Any:
        """Under the action's role, which the pipeline's role assumes; else under the pipeline's role.

        @raises ClientError AccessDenied.
        """
        session = self.pipeline.name[:64]
        own = self.execution.declaration["roleArn"]
        if self.run.role == own:
            return clients.client(service, self.run.region, role=own, session_name=session, assumed_by=SERVICE)
        sts = clients.client("sts", self.run.region, role=own, session_name=session, assumed_by=SERVICE)
        found = sts.assume_role(RoleArn=self.run.role, RoleSessionName=session)["Credentials"]
        return clients.client(service, self.run.region, credentials=found)

    def give_up_if_abandoned(self) -> None:
        tasks.check()
        if self.run.wake.is_set() and self.execution.stop == "abandon":
            raise Abandoned

    def wait(self, seconds: float) -> None:
        """Real seconds; ends early with Abandoned."""
        self.run.wake.wait(seconds)
        self.give_up_if_abandoned()

    @property
    def store(self) -> dict[str, Any]:
        declared = self.execution.declaration
        return dict(declared.get("artifactStore") or declared["artifactStores"][self.run.region])

    def input(self, name: str) -> Artifact:
        """@raises ActionFailed for an artifact that is not an input of this action."""
        for artifact in self.run.inputs:
            if artifact.name == name:
                return artifact
        raise ActionFailed("ConfigurationError", f"The artifact {name} is not an input artifact of this action")

    def file(self, artifact: str, path: str) -> str:
        """A file's text in an input artifact. @raises ActionFailed."""
        found = self.input(artifact)
        if artifact not in self._opened:
            self._opened[artifact] = self.download(found)
        with zipfile.ZipFile(io.BytesIO(self._opened[artifact])) as archive:
            try:
                return archive.read(path).decode()
            except KeyError as error:
                raise ActionFailed(
                    "ConfigurationError", f"File [{path}] does not exist in artifact [{artifact}]"
                ) from error

    def download(self, artifact: Artifact) -> bytes:
        try:
            return bytes(self.client("s3").get_object(Bucket=artifact.bucket, Key=artifact.key)["Body"].read())
        except ClientError as error:
            raise refused("downloading the artifact", self.run.role, error) from error

    def new_artifact(self, name: str, revision: dict[str, Any] | None = None) -> Artifact:
        """A fresh place in the store; CodePipeline cuts the names, so keys stay short."""
        key = f"{self.pipeline.name[:20]}/{name[:10]}/{secrets.token_urlsafe(5)}"
        return Artifact(name, self.store["location"], key, revision or {})

    def upload(self, artifact: Artifact, content: bytes) -> None:
        security: dict[str, str] = {"ServerSideEncryption": "aws:kms"}
        if self.store.get("encryptionKey"):
            security["SSEKMSKeyId"] = self.store["encryptionKey"]["id"]
        try:
            self.client("s3").put_object(Bucket=artifact.bucket, Key=artifact.key, Body=content, **security)
        except ClientError as error:
            raise refused("uploading the artifact", self.run.role, error) from error


def refused(doing: str, role: str, error: ClientError) -> ActionFailed:
    """A service's refusal as a failed action cites it."""
    found = error.response["Error"]
    if found.get("Code") in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation"):
        return ActionFailed(
            "PermissionError", f"The provided role {role} does not have sufficient permissions: {found.get('Message')}"
        )
    return ActionFailed("JobFailed", f"{found.get('Message')} ({doing}; Error Code: {found.get('Code')})")


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()
