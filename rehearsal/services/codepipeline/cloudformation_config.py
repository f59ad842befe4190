"""The configuration of a CloudFormation action: which keys each mode needs, and the parameters a stack gets.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-parameter-override-functions.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.kernel.errors import AwsError

MODES = {
    "CREATE_UPDATE": ("RoleArn", "TemplatePath"),
    "REPLACE_ON_FAILURE": ("RoleArn", "TemplatePath"),
    "DELETE_ONLY": ("RoleArn",),
    "CHANGE_SET_REPLACE": ("RoleArn", "TemplatePath", "ChangeSetName"),
    "CHANGE_SET_EXECUTE": ("ChangeSetName",),
}
OVERRIDES_LIMIT = 1024

# (artifact, file in it) -> the file's text; (artifact, attribute) -> BucketName, ObjectKey or URL.
Read = Callable[[str, str], str]


class ConfigurationError(Exception):
    """The text that the failed action shows."""


@dataclass(frozen=True)
class StackInput:
    parameters: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    policy: str = ""


def check(action: str, configuration: Mapping[str, str]) -> None:
    """@raises AwsError InvalidActionDeclarationException."""
    mode = configuration["ActionMode"]
    if mode not in MODES:
        raise AwsError(
            "InvalidActionDeclarationException",
            f"Action configuration for action '{action}': ActionMode '{mode}' is not one of {', '.join(MODES)}",
        )
    for key in MODES[mode]:
        if key not in configuration:
            raise AwsError(
                "InvalidActionDeclarationException",
                f"Action configuration for action '{action}' is missing required configuration '{key}' for ActionMode "
                f"{mode}",
            )


def split(reference: str) -> tuple[str, str]:
    """ARTIFACT::path. @raises ConfigurationError."""
    artifact, separator, path = reference.partition("::")
    if not separator or not path:
        raise ConfigurationError(f"The path {reference} must have the form ArtifactName::FileName")
    return artifact, path


def stack_input(configuration: Mapping[str, str], file: Read, attribute: Read) -> StackInput:
    """What the template configuration file says, then the overrides over its parameters. @raises ConfigurationError."""
    found = StackInput()
    if configuration.get("TemplateConfiguration"):
        artifact, path = split(configuration["TemplateConfiguration"])
        found = _file(path, file(artifact, path))
    overrides = _overrides(configuration.get("ParameterOverrides", ""), file, attribute)
    return StackInput({**found.parameters, **overrides}, found.tags, found.policy)


def _file(path: str, text: str) -> StackInput:
    document = _object(text, f"The template configuration file {path}")
    unknown = sorted(set(document) - {"Parameters", "Tags", "StackPolicy"})
    if unknown:
        raise ConfigurationError(f"The template configuration file {path} has an unknown key: {unknown[0]}")
    parameters = {k: _plain(k, v) for k, v in (document.get("Parameters") or {}).items()}
    tags = {k: _plain(k, v) for k, v in (document.get("Tags") or {}).items()}
    policy = document.get("StackPolicy")
    return StackInput(parameters, tags, json.dumps(policy) if policy else "")


def _overrides(text: str, file: Read, attribute: Read) -> dict[str, str]:
    if not text:
        return {}
    if len(text.encode()) > OVERRIDES_LIMIT:
        raise ConfigurationError(f"ParameterOverrides cannot be larger than {OVERRIDES_LIMIT} bytes")
    return {k: _override(k, v, file, attribute) for k, v in _object(text, "ParameterOverrides").items()}


def _override(name: str, value: Any, file: Read, attribute: Read) -> str:
    if not isinstance(value, dict):
        return _plain(name, value)
    match value:
        case {"Fn::GetArtifactAtt": [str(artifact), str(wanted)]} if len(value) == 1:
            return attribute(artifact, wanted)
        case {"Fn::GetParam": [str(artifact), str(path), str(key)]} if len(value) == 1:
            document = _object(file(artifact, path), path)
            if key not in document:
                raise ConfigurationError(f"Fn::GetParam: {path} in artifact {artifact} has no key {key}")
            return _plain(key, document[key])
    raise ConfigurationError(f"ParameterOverrides: the value of {name} is neither a string nor a known function")


def _object(text: str, what: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ConfigurationError(f"{what} is not valid JSON: {error}") from error
    if not isinstance(found, dict):
        raise ConfigurationError(f"{what} is not a JSON object")
    return found


def _plain(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ConfigurationError(f"The value of {name} must be a string")
    return value
