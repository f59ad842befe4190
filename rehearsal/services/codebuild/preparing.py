"""What happens before a build's first command: log, network, credentials, source, buildspec, variables.

https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html (PROVISIONING, DOWNLOAD_SOURCE)
"""

from __future__ import annotations

import os
from pathlib import Path

from botocore.exceptions import ClientError

from rehearsal.services.codebuild import environment, host, runtimes, sources
from rehearsal.services.codebuild.buildspec import Buildspec
from rehearsal.services.codebuild.ground import Ground
from rehearsal.services.codebuild.logs import Log
from rehearsal.services.codebuild.phases import Ended, PhaseFailed
from rehearsal.services.codebuild.shell import Shell
from rehearsal.services.codebuild.store import Build


def provision(build: Build, ground: Ground, log: Log) -> None:
    """Opens the log and makes the build's place. @raises PhaseFailed."""
    if build.data["logs"]["cloudWatchLogs"]["status"] == "ENABLED":
        log.client = ground.client("logs")
    else:
        ground.client("sts")  # the role is assumed all the same
    try:
        log.open()
    except ClientError as error:
        raise PhaseFailed(
            "ACCESS_DENIED",
            f"Service role {build.data['serviceRole']} does not allow AWS CodeBuild to create Amazon CloudWatch Logs "
            f"log streams for build {build.data['arn']}. Error message: {error.response['Error'].get('Message')}",
        ) from error
    log.container("Waiting for agent ping")
    ground.prepare()
    if ground.note:
        log.container(ground.note)


def download(build: Build, ground: Ground, log: Log) -> tuple[Buildspec, Path]:
    """Gets the source, reads the buildspec, opens the build's shell. @raises PhaseFailed, Ended."""
    log.container("Phase is DOWNLOAD_SOURCE")
    s3 = ground.client("s3")
    places = sources.fetch(s3, build, ground.scratch)
    src = places.pop("")
    log.container(f"CODEBUILD_SRC_DIR={src}")
    spec, where = sources.read_buildspec(s3, build, src)
    log.container(f"YAML location is {where}")
    declared = _variables(build, ground, log, spec)
    own = runtimes.folders(spec.runtimes)
    tools = host.environment(ground.direct_hosts)
    tools["PATH"] = os.pathsep.join([*map(str, own.values()), tools["PATH"]])
    _open_shell(build, ground, log, spec, src, {
        **tools,
        **environment.documented(build, str(src), {name: str(path) for name, path in places.items()}),
        "HOME": str(ground.scratch / "home"),
        "TMPDIR": str(ground.scratch / "tmp"),
        **ground.variables,
        **declared,
    })  # fmt: skip
    others = {name: version for name, version in spec.runtimes.items() if name not in own}
    if others:
        named = ", ".join(f"{name} {version}" for name, version in others.items())
        log.container(f"runtime-versions {named}: a rehearsal's build uses the tools of this machine instead")
    return spec, src


def _variables(build: Build, ground: Ground, log: Log, spec: Buildspec) -> dict[str, str]:
    """Of buildspec and project, with parameters and secrets read under the service role; the log masks the latter."""

    def parameter(name: str) -> str:
        # The plural, for that is the permission which CodeBuild asks of the role. The words are unchecked.
        # https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.parameter-store
        found = ground.client("ssm").get_parameters(Names=[name], WithDecryption=True)
        if found["InvalidParameters"]:
            raise LookupError(f"parameter does not exist: {name}")
        return str(found["Parameters"][0]["Value"])

    def secret(name: str, stage: str, version: str) -> str:
        asked = {"SecretId": name, "VersionStage": stage, "VersionId": version}
        found = ground.client("secretsmanager").get_secret_value(**{k: v for k, v in asked.items() if v})
        return str(found["SecretString"])

    given = build.data["environment"].get("environmentVariables", [])
    try:
        found, secrets = environment.resolved(spec, given, parameter, secret)
    except environment.VariableError as error:
        raise PhaseFailed("Decrypted Variables Error", str(error)) from error
    log.hide(secrets)
    return found


def _open_shell(build: Build, ground: Ground, log: Log, spec: Buildspec, src: Path, variables: dict[str, str]) -> None:
    build.shell = Shell(ground.scratch, src, variables, spec.shell, ground.prefix, log.line)
    # Stopped meanwhile: nobody has told this shell.
    if build.ending:
        raise Ended
