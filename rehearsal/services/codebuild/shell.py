"""Runs a build's commands through the agent. One command is one script, as on AWS; variables and the directory go on
from each to the next. https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec-ref-versions
"""

from __future__ import annotations

import json
import os
import queue
import secrets
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from rehearsal.services.codebuild import agent

# The trap keeps variables and directory also when a command ends its script with `exit`.
_SCRIPT = """. {env}
cd "$(cat {directory})" || exit 1
__keep() {{ __status=$?; export -p > {env}.new && mv {env}.new {env}; pwd > {directory}; exit $__status; }}
trap __keep EXIT
{command}
"""


class Shell:
    """`say` receives each line of output. Close it always: it ends every process of the build."""

    def __init__(
        self, scratch: Path, source: Path, environment: dict[str, str], shell: str, prefix: list[str],
        say: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.scratch, self.shell, self.say = scratch, shell, say
        self.environment, self.directory = scratch / "env.sh", scratch / "dir.txt"
        self.mark = f"\x01{secrets.token_hex(16)}"
        self.results: queue.Queue[int] = queue.Queue()
        self.sending = threading.Lock()
        lines = [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
        self.environment.touch(mode=0o600)
        self.environment.write_text("\n".join(lines) + "\n")
        self.directory.write_text(str(source))
        self.path = environment["PATH"]
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-I", "-S", agent.__file__, self.mark],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=scratch,
            env={"PATH": os.environ.get("PATH", os.defpath)}, start_new_session=True,
        )  # fmt: skip
        self.reader = threading.Thread(target=self._read, name="build-output", daemon=True)
        self.reader.start()

    def run(self, command: str, **variables: str) -> int:
        """The command's exit status. Only one command runs at a time; -1 when the agent is gone."""
        header = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
        script = self.scratch / "script.sh"
        env, directory = shlex.quote(str(self.environment)), shlex.quote(str(self.directory))
        script.write_text(_SCRIPT.format(env=env, directory=directory, command=header + command))
        self._send({"argv": [self.shell, str(script)], "cwd": str(self.scratch), "env": {"PATH": self.path}})
        return self.results.get()

    def values(self, names: tuple[str, ...]) -> dict[str, str]:
        """What the build's variables hold now; those that are not set are left out."""
        target = self.scratch / "values"
        script = self.scratch / "values.sh"
        wanted = "\n".join(f'[ -n "${{{n}+x}}" ] && printf "%s=%s\\0" {n} "${n}"' for n in names)
        script.write_text(f". {shlex.quote(str(self.environment))}\n{{\n{wanted}\n}} > {shlex.quote(str(target))}\n")
        self._send({"argv": [self.shell, str(script)], "cwd": str(self.scratch), "env": {"PATH": self.path}})
        self.results.get()
        pairs = target.read_text(errors="replace").split("\0") if target.exists() else []
        return dict(pair.split("=", 1) for pair in pairs if pair)

    def stop(self, grace: float) -> None:
        """Ends what runs now; the waiting `run` returns."""
        self._send({"stop": grace})

    def close(self) -> None:
        try:
            assert self.process.stdin is not None
            self.process.stdin.close()
            self.process.wait(timeout=10)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            self.process.kill()
        self.reader.join(timeout=2)

    def _send(self, request: dict[str, object]) -> None:
        assert self.process.stdin is not None
        try:
            with self.sending:
                self.process.stdin.write(json.dumps(request).encode() + b"\n")
                self.process.stdin.flush()
        except (BrokenPipeError, ValueError):
            self.results.put(-1)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for raw in self.process.stdout:
            line = raw.decode(errors="replace").rstrip("\n")
            text, found, status = line.partition(self.mark)
            if text or not found:
                self.say(text)
            if found:
                self.results.put(int(status))
        self.results.put(-1)
