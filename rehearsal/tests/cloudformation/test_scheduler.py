"""The graph of a stack and how it is worked off.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
"""

from __future__ import annotations

import threading
import time

from rehearsal.services.cloudformation import scheduler
from rehearsal.services.cloudformation.graph import only, order, reverse


def graph(**needs: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(need.split()) for name, need in needs.items()}


DIAMOND = graph(a="", b="a", c="a", d="b c")


def test_orders() -> None:
    assert order(DIAMOND) == ["a", "b", "c", "d"]
    assert reverse(DIAMOND) == graph(a="b c", b="d", c="d", d="")
    assert only(DIAMOND, ["a", "d"]) == graph(a="", d="a")


def test_nothing_runs_before_what_it_needs_and_equals_run_together() -> None:
    done: list[str] = []
    together = threading.Barrier(2, timeout=5)

    def work(name: str) -> bool:
        if name in "bc":
            together.wait()
        done.append(name)
        return True

    assert scheduler.run("t", DIAMOND, work) == []
    assert done[0] == "a" and done[-1] == "d"


def test_after_a_failure_nothing_new_begins_unless_it_shall_go_on() -> None:
    wide = graph(a="", b="a", c="", d="c")

    def work(name: str) -> bool:
        if name == "c":
            time.sleep(0.2)
        done.append(name)
        return name != "a"

    done: list[str] = []
    assert scheduler.run("t", wide, work) == ["a"]
    assert sorted(done) == ["a", "c"]
    done = []
    assert scheduler.run("t", wide, work, keep_going=True) == ["a"]
    assert sorted(done) == ["a", "c", "d"]
