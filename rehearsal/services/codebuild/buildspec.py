"""A buildspec, read and checked as CodeBuild does it, before anything runs.

https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from rehearsal.services.codebuild import runtimes

PHASES = ("install", "pre_build", "build", "post_build")
ENV = {"shell", "variables", "parameter-store", "secrets-manager", "exported-variables"}
SHELLS = {"bash": "bash", "/bin/bash": "bash", "sh": "sh", "/bin/sh": "sh"}


class BuildspecError(Exception):
    """The message that CodeBuild shows with YAML_FILE_ERROR."""


@dataclass(frozen=True)
class Phase:
    commands: tuple[str, ...] = ()
    finally_: tuple[str, ...] = ()
    on_failure: str = ""


@dataclass(frozen=True)
class Artifact:
    """Files below `base`; `name` is used when the project lets a buildspec override it."""

    files: tuple[str, ...]
    base: str = ""
    discard_paths: bool = False
    name: str = ""
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    files: tuple[str, ...]
    base: str = ""
    format: str = "JUNITXML"


@dataclass(frozen=True)
class Buildspec:
    shell: str = "sh"
    variables: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    exported: tuple[str, ...] = ()
    runtimes: dict[str, str] = field(default_factory=dict)
    phases: dict[str, Phase] = field(default_factory=dict)
    artifacts: Artifact | None = None
    secondary: dict[str, Artifact] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)


def parse(text: str) -> Buildspec:
    """@raises BuildspecError with the line, where the text is not YAML, or with the key that is wrong."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise BuildspecError(f"yaml: {where}{getattr(error, 'problem', None) or error}") from error
    # A date that is none, a value that does not fit its tag, a nest without an end.
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise BuildspecError(f"yaml: {error}") from error
    spec = _mapping(document, "buildspec")
    version = str(spec.get("version", ""))
    if version != "0.2":
        raise BuildspecError(f"invalid buildspec version {version or '(none)'}: the rehearsal runs version 0.2")
    for key in ("run-as", "proxy", "batch"):
        if key in spec:
            raise _not_done(key)
    unknown = set(spec) - {"version", "env", "phases", "reports", "artifacts", "cache"}
    if unknown:
        raise BuildspecError(f"Invalid buildspec: unknown key {sorted(unknown)[0]}")
    phases = _mapping(spec.get("phases"), "phases")
    for name in phases:
        if name not in PHASES:
            raise BuildspecError(f"Invalid buildspec phase name: {name}. Expecting: {','.join(PHASES)}")
    env = _mapping(spec.get("env") or {}, "env")
    for key in sorted(set(env) - ENV):
        raise _not_done(f"env {key}")
    shell = str(env.get("shell", "sh"))
    if shell not in SHELLS:
        raise BuildspecError(f"Invalid shell {shell}: expecting bash or /bin/sh on Linux")
    install = _mapping(phases.get("install") or {}, "install")
    artifacts = _mapping(spec.get("artifacts") or {}, "artifacts")
    # Without a cache of the project, which is not done here, the paths mean nothing.
    _list(_mapping(spec.get("cache") or {}, "cache").get("paths"), "paths")
    return Buildspec(
        shell=SHELLS[shell],
        variables=_strings(env.get("variables"), "variables"),
        parameters=_strings(env.get("parameter-store"), "parameter-store"),
        secrets=_strings(env.get("secrets-manager"), "secrets-manager"),
        exported=_list(env.get("exported-variables"), "exported-variables"),
        runtimes=runtimes.checked(_strings(install.get("runtime-versions"), "runtime-versions"), BuildspecError),
        phases={name: _phase(name, phases[name]) for name in PHASES if name in phases},
        artifacts=_artifact(artifacts, "artifacts") if artifacts.get("files") else None,
        secondary={
            identifier: _artifact(_mapping(part, identifier), identifier)
            for identifier, part in _mapping(artifacts.get("secondary-artifacts") or {}, "secondary-artifacts").items()
        },
        reports={
            str(name): _report(str(name), part) for name, part in _mapping(spec.get("reports") or {}, "reports").items()
        },
    )


def _not_done(what: str) -> BuildspecError:
    """Better than a build that goes on as if it had not been asked for."""
    return BuildspecError(f"The rehearsal does not implement {what}")


def _phase(name: str, value: Any) -> Phase:
    phase = _mapping(value or {}, name)
    if "run-as" in phase:
        raise _not_done(f"run-as of phase {name}")
    on_failure = str(phase.get("on-failure", ""))
    if on_failure.startswith("RETRY"):
        raise _not_done(f"on-failure {on_failure} of phase {name}")
    if on_failure not in ("", "ABORT", "CONTINUE"):
        raise BuildspecError(f"Invalid on-failure {on_failure} of phase {name}: expecting ABORT or CONTINUE")
    commands, last = _commands(phase.get("commands")), _commands(phase.get("finally"))
    if name != "install" and not commands:
        raise BuildspecError(f"Phase {name} has no commands")
    return Phase(commands, last, on_failure)


def _commands(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise BuildspecError("Expected Commands to be of sequence type")
    for number, command in enumerate(value):
        if isinstance(command, dict | list):
            kind = "subkeys" if isinstance(command, dict) else "a sequence"
            raise BuildspecError(f"Expected Commands[{number}] to be of string type: found {kind} instead")
    return tuple(_text(command) for command in value)


def _artifact(value: dict[str, Any], name: str) -> Artifact:
    files = _list(value.get("files"), f"files of {name}")
    if not files:
        raise BuildspecError(f"Missing files of {name}")
    return Artifact(
        files, str(value.get("base-directory") or ""), _yes(value.get("discard-paths")), str(value.get("name") or ""),
        _list(value.get("exclude-paths"), "exclude-paths"),
    )  # fmt: skip


def _report(name: str, value: Any) -> Report:
    part = _mapping(value, name)
    kind = str(part.get("file-format", "JUNITXML")).upper()
    if kind != "JUNITXML":
        raise BuildspecError(f"Report {name}: the rehearsal reads JUNITXML, not {kind}")
    return Report(_list(part.get("files"), f"files of {name}"), str(part.get("base-directory") or ""), kind)


def _mapping(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BuildspecError(f"Expected {name} to be of map type")
    return value


def _strings(value: Any, name: str) -> dict[str, str]:
    return {str(key): _text(entry) for key, entry in _mapping(value or {}, name).items()}


def _list(value: Any, name: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise BuildspecError(f"Expected {name} to be of sequence type")
    return tuple(_text(entry) for entry in value)


def _text(value: Any) -> str:
    """As written: YAML's booleans and nothing are words of the shell here."""
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BuildspecError("yaml: invalid Unicode character") from error
    return text


def _yes(value: Any) -> bool:
    return str(value).lower() in ("yes", "true")
