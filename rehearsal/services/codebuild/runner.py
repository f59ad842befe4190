"""Runs one build from QUEUED to COMPLETED.

https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html: a failed INSTALL or PRE_BUILD
ends the build; a failed BUILD still runs POST_BUILD, and what there is of artifacts and reports is uploaded.
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel import bugs, tasks
from rehearsal.services.codebuild import artifacts, limits, log_store, preparing, reports, slots
from rehearsal.services.codebuild.buildspec import PHASES, Buildspec, Phase
from rehearsal.services.codebuild.ground import Ground
from rehearsal.services.codebuild.logs import Log
from rehearsal.services.codebuild.phases import Ended, PhaseFailed, complete, phase
from rehearsal.services.codebuild.store import Build

# Seconds that StopBuild and a timeout leave processes between SIGTERM and SIGKILL. AWS promises none.
GRACE = 0.0


def start(build: Build) -> None:
    tasks.spawn(f"codebuild-{build.id}", Runner(build).run)


def end(build: Build, why: str) -> None:
    """Ends a running build as STOPPED or TIMED_OUT; its processes first, at once."""
    if build.done.is_set() or build.ending:
        return
    build.ending = why
    if build.shell is not None:
        build.shell.stop(GRACE)


class Runner:
    def __init__(self, build: Build) -> None:
        self.build = build
        self.ground = Ground(build)
        config = build.data["logs"].get("cloudWatchLogs", {})
        self.log = Log(None, config.get("groupName", ""), config.get("streamName", ""))
        self.spec = Buildspec()
        self.src = self.ground.scratch / "src"
        self.failed = False
        self.generation = tasks.generation()

    def run(self) -> None:
        build, status = self.build, "SUCCEEDED"
        try:
            with phase(build, "QUEUED"):
                slots.wait(build)
            tasks.spawn(f"codebuild-timeout-{build.id}", self._watch)
            with phase(build, "PROVISIONING"):
                preparing.provision(build, self.ground, self.log)
            with phase(build, "DOWNLOAD_SOURCE"):
                self.spec, self.src = preparing.download(build, self.ground, self.log)
            status = self._phases()
        except PhaseFailed:
            status = "FAILED"
        except Ended:
            status = build.ending
        except Exception:
            status = "FAULT"
            bugs.report(f"codebuild: {build.id}")
        finally:
            self._finalize(status)

    def _watch(self) -> None:
        if not self.build.done.wait(limits.seconds(self.build.data["timeoutInMinutes"])):
            tasks.check()
            end(self.build, "TIMED_OUT")

    def _phases(self) -> str:
        """@raises PhaseFailed, Ended."""
        for name in ("install", "pre_build"):
            if not self._attempt(name):
                raise PhaseFailed("", "")
        built = self._attempt("build")
        # on-failure ABORT ends the build where the default would still run POST_BUILD.
        if not built and self.spec.phases["build"].on_failure == "ABORT":
            raise PhaseFailed("", "")
        self._attempt("post_build")
        with phase(self.build, "UPLOAD_ARTIFACTS"):
            self._upload()
        return "FAILED" if self.failed else "SUCCEEDED"

    def _attempt(self, name: str) -> bool:
        """Whether the build goes on after this phase.

        That a build whose phase failed with on-failure CONTINUE ends as FAILED is unchecked; the page does not say.
        """
        wanted = self.spec.phases.get(name, Phase())
        self.log.container(f"Entering phase {name.upper()}")
        try:
            with phase(self.build, name.upper()):
                self._commands(wanted)
        except PhaseFailed as failure:
            self.failed = True
            self.log.container(f"Phase complete: {name.upper()} State: FAILED")
            self.log.container(f"Phase context status code: {failure.code} Message: {failure.text}")
            return wanted.on_failure == "CONTINUE"
        self.log.container(f"Phase complete: {name.upper()} State: SUCCEEDED")
        return True

    def _commands(self, wanted: Phase) -> None:
        try:
            for command in wanted.commands:
                self._command(command)
        finally:
            for command in wanted.finally_ if not self.build.ending else ():
                self._command(command)

    def _command(self, command: str) -> None:
        shell = self.build.shell
        assert shell is not None
        self.log.container(f"Running command {command}")
        code = shell.run(command, CODEBUILD_BUILD_SUCCEEDING="0" if self.failed else "1")
        if self.build.ending:
            raise Ended
        if code != 0:
            self.log.container(f"Command did not execute successfully {command} exit status {code}")
            text = f"Error while executing command: {command}. Reason: exit status {code}"
            raise PhaseFailed("COMMAND_EXECUTION_ERROR", text)

    def _upload(self) -> None:
        build, say = self.build, self.log.container
        self._export()
        s3 = self.ground.client("s3")
        reports.upload(self.ground.client("codebuild"), s3, self.ground.session, build, self.spec, self.src, say)
        artifacts.upload(s3, build, self.spec, self.src, self.ground.scratch, say)

    def _export(self) -> None:
        assert self.build.shell is not None
        found = self.build.shell.values(self.spec.exported) if self.spec.exported else {}
        self.build.data["exportedEnvironmentVariables"] = [
            {"name": name, "value": found[name]} for name in self.spec.exported if name in found
        ]

    def _finalize(self, status: str) -> None:
        build = self.build
        if self.generation != tasks.generation():  # reset meanwhile: nobody is left to tell
            self.ground.leave()
            self.ground.clear()
            build.done.set()
            return
        try:
            if build.shell is not None:
                build.shell.close()
            self._say_end(status)
            self.log.close()
            log_store.store(build, self.ground, self.log)
            self.ground.leave()
        finally:
            build.ending = build.ending or status
            slots.free(build)
            _final_phase(build)
            complete(build, status)
            build.done.set()
            self.ground.clear()

    def _say_end(self, status: str) -> None:
        last: dict[str, Any] = self.build.data["phases"][-1]
        told = last["phaseType"].lower() in PHASES and last.get("phaseStatus") == "FAILED"
        for context in last.get("contexts", []) if last.get("phaseStatus") != "SUCCEEDED" and not told else []:
            self.log.container(f"Phase complete: {last['phaseType']} State: {last['phaseStatus']}")
            self.log.container(f"Phase context status code: {context['statusCode']} Message: {context['message']}")
        self.log.container(f"Build ended: {status}")


def _final_phase(build: Build) -> None:
    ending, build.ending = build.ending, ""
    with phase(build, "FINALIZING"):
        pass
    build.ending = ending
