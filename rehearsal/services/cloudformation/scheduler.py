"""Runs the work of a graph: everything as soon as what it needs is done, side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable

from rehearsal.kernel import bugs, tasks
from rehearsal.kernel.errors import Cancelled
from rehearsal.services.cloudformation.graph import Graph

# More at once would only wait for each other on a small machine.
WIDTH = 16


def run(
    name: str,
    graph: Graph,
    work: Callable[[str], bool],
    *,
    keep_going: bool = False,
    stopped: Callable[[], bool] = lambda: False,
    failed: Callable[[], None] = lambda: None,
) -> list[str]:
    """Calls `work` for every node, which tells whether it went well; returns the nodes that did not.

    After a failure nothing new begins; with `keep_going`, whatever does not need what failed still does.
    `failed` is called at the first failure, while others may be running.
    """
    changed = threading.Condition()
    begun: set[str] = set()
    running: set[str] = set()
    done: set[str] = set()
    broken: set[str] = set()

    def body(node: str) -> None:
        well = False
        try:
            well = work(node)
        except Cancelled:
            raise
        except Exception:
            bugs.report(f"{name}: {node}")
        finally:
            with changed:
                running.discard(node)
                (done if well else broken).add(node)
                if not well and len(broken) == 1:
                    failed()
                changed.notify()

    while True:
        tasks.check()
        with changed:
            if not (stopped() or (broken and not keep_going)):
                ready = [node for node in sorted(graph) if node not in begun and graph[node] <= done]
                for node in ready[: WIDTH - len(running)]:
                    begun.add(node)
                    running.add(node)
                    tasks.spawn(f"{name}-{node}", body, node)
            if not running:
                return sorted(broken)
            changed.wait(0.25)
