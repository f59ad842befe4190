"""A build's variables, lowest precedence first: CodeBuild's own, the buildspec's, the project's, StartBuild's.

https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from rehearsal.services.codebuild.buildspec import Buildspec
from rehearsal.services.codebuild.store import Build

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# CodeBuild keeps these names for itself.
RESERVED = ("CODEBUILD_",)

# Read a Systems Manager parameter by name, a secret by id, staging label and version id (either may be empty), and
# return its text; they raise with AWS's words.
Parameter = Callable[[str], str]
Secret = Callable[[str, str, str], str]


class VariableError(Exception):
    """A variable that cannot be resolved; CodeBuild shows the text with `Decrypted Variables Error`."""


def documented(build: Build, src: str, src_dirs: dict[str, str]) -> dict[str, str]:
    data = build.data
    found = {
        "AWS_DEFAULT_REGION": build.region,
        "AWS_REGION": build.region,
        "CODEBUILD_BUILD_ARN": data["arn"],
        "CODEBUILD_BUILD_ID": data["id"],
        "CODEBUILD_BUILD_IMAGE": data["environment"]["image"],
        "CODEBUILD_BUILD_NUMBER": str(data["buildNumber"]),
        "CODEBUILD_BUILD_SUCCEEDING": "1",
        "CODEBUILD_INITIATOR": data["initiator"],
        "CODEBUILD_KMS_KEY_ID": data["encryptionKey"],
        "CODEBUILD_LOG_PATH": data["logs"].get("streamName", ""),
        "CODEBUILD_PROJECT_ARN": build.project.data["arn"],
        "CODEBUILD_PROJECT_UUID": build.project.uid,
        "CODEBUILD_RESOLVED_SOURCE_VERSION": data.get("resolvedSourceVersion", ""),
        "CODEBUILD_SOURCE_REPO_URL": data["source"].get("location", ""),
        "CODEBUILD_SOURCE_VERSION": data.get("sourceVersion", ""),
        "CODEBUILD_SRC_DIR": src,
        "CODEBUILD_START_TIME": str(int(data["startTime"].timestamp() * 1000)),
        "CODEBUILD_CI": "true",
        "CI": "true",
    }
    found.update({f"CODEBUILD_SRC_DIR_{name}": path for name, path in src_dirs.items()})
    return {name: value for name, value in found.items() if value}


def resolved(
    spec: Buildspec, declared: list[dict[str, Any]], parameter: Parameter, secret: Secret
) -> tuple[dict[str, str], list[str]]:
    """The variables of buildspec and project, and those of their values that are secrets.

    @raises VariableError naming the variable.
    """
    wanted = [
        *({"name": n, "value": v, "type": "PLAINTEXT"} for n, v in spec.variables.items()),
        *({"name": n, "value": v, "type": "PARAMETER_STORE"} for n, v in spec.parameters.items()),
        *({"name": n, "value": v, "type": "SECRETS_MANAGER"} for n, v in spec.secrets.items()),
        *declared,
    ]
    last = {entry["name"]: entry for entry in wanted}
    found: dict[str, str] = {}
    secrets: list[str] = []
    for name, entry in last.items():
        kind = entry.get("type") or "PLAINTEXT"
        if kind == "PLAINTEXT":
            found[name] = entry["value"]
            continue
        try:
            found[name] = parameter(entry["value"]) if kind == "PARAMETER_STORE" else _secret(entry["value"], secret)
        except Exception as error:
            raise VariableError(f"{name}: {error}") from error
        secrets.append(found[name])
    return found, secrets


def _secret(reference: str, read: Secret) -> str:
    """`secret-id:json-key:version-stage:version-id`, where the id may be an ARN.

    https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.secrets-manager
    """
    parts = reference.split(":")
    width = 7 if reference.startswith("arn:") else 1
    key, stage, version = (*parts[width:], "", "", "")[:3]
    text = read(":".join(parts[:width]), stage, version)
    if not key:
        return text
    document = json.loads(text)
    if key not in document:
        raise KeyError(f"secret has no key {key}")
    return str(document[key])
