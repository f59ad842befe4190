"""Runs a command on a terminal of its own, does one thing to it when it asks, and tells its exit code.

usage: terminal.py QUESTION WHAT COMMAND...; WHAT is keys to type, the name of a signal, or `close` for the terminal.
"""

import os
import pty
import signal
import sys


def main(question: str, what: str, *command: str) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    seen, acted = b"", False
    while True:
        try:
            read = os.read(terminal, 4096)
        except OSError:  # Nobody holds the other end any more.
            break
        seen += read
        if acted or not read or question.encode() not in seen:
            continue
        acted = True
        if what == "close":
            os.close(terminal)
            break
        if what.startswith("SIG"):
            os.kill(pid, getattr(signal, what))
        else:
            os.write(terminal, what.encode())
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    print(f"{seen.decode(errors='replace')}\nexit code {status}")


main(*sys.argv[1:])
