"""`python -m rehearsal.fuzz [--minutes N] [--seed N] [--only TARGET] [--finds FOLDER]`."""

from __future__ import annotations

import argparse
import os
import threading
import time
from pathlib import Path

from werkzeug.serving import make_server

from rehearsal import composition
from rehearsal.kernel import gateway, plugins, tasks
from rehearsal.kernel.server import Handler, forget_surroundings
from rehearsal.kernel.settings import settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="rehearsal.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", action="append", help="a target's name; may be given again")
    parser.add_argument("--finds", type=Path, default=Path(".state/fuzz"))
    parser.add_argument("--smoke", action="store_true", help="every operation with wrong parameters, once")
    asked = parser.parse_args()
    settings.name, settings.speed = f"fuzz-{os.getpid()}", 1000.0
    composition.compose()
    forget_surroundings()
    # Handlers and pipelines call the services over HTTP, as everywhere.
    server = make_server("127.0.0.1", 0, gateway.application, threaded=True, request_handler=Handler)
    settings.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    from rehearsal.fuzz import run, targets

    chosen = [t for t in targets.all_targets() if not asked.only or t.name in asked.only]
    try:
        if asked.smoke:
            return 1 if run.smoke(asked.finds) else 0
        return 1 if run.run(chosen, asked.minutes * 60, asked.seed, asked.finds) else 0
    finally:
        tasks.reset()
        plugins.stop()


if __name__ == "__main__":
    raise SystemExit(main())
