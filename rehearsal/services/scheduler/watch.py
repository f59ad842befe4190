"""What is due by the calendar: schedules in the order of their times, and calls that are tried again.

While there is a schedule a thread looks every second; a move of the clock looks at once, and ends when all is called.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.backends import get_backend

from rehearsal.kernel import bugs, calendar, tasks
from rehearsal.kernel.errors import Cancelled
from rehearsal.services.scheduler import expressions
from rehearsal.services.scheduler.invocation import Invocation

_lock = threading.RLock()
_watched: dict[str, Watched] = {}
_again: list[Invocation] = []
_running = False
_turn = threading.Lock()
_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="scheduler")


@dataclass
class Watched:
    """A schedule of moto's, and when it is due next."""

    schedule: Any
    account: str
    region: str
    times: expressions.Times
    due: datetime | None = field(default=None)

    def advance(self, after: datetime) -> None:
        found = self.times(after)
        start, end = self.schedule.start_date, self.schedule.end_date
        if found is not None and start is not None and found < moment(start):
            found = self.times(moment(start) - timedelta(microseconds=1))
        self.due = None if found is not None and end is not None and found > moment(end) else found

    def is_there(self) -> bool:
        groups = get_backend("scheduler")[self.account][self.region].schedule_groups
        group = groups.get(self.schedule.group_name)
        return group is not None and group.schedules.get(self.schedule.name) is self.schedule

    def remove(self) -> None:
        if self.is_there():
            groups = get_backend("scheduler")[self.account][self.region].schedule_groups
            groups[self.schedule.group_name].delete_schedule(self.schedule.name)


def moment(said: Any) -> datetime:
    """A date as a request or moto's record holds it."""
    return said.astimezone(UTC) if isinstance(said, datetime) else datetime.fromtimestamp(float(said), UTC)


def begin(schedule: Any, account: str, region: str) -> None:
    """Watches a schedule that is new, or was changed: what would have been due before is not made up for."""
    global _running
    now = calendar.now()
    known = _watched.get(schedule.arn)
    start = now if schedule.start_date is None else moment(schedule.start_date)
    times = expressions.parse(schedule.schedule_expression, schedule.schedule_expression_timezone, start)
    watched = Watched(schedule, account, region, times)
    # A new one with a rate begins at once. Unchecked: whether a changed one does; here it waits for its interval.
    watched.advance(now if known is not None and known.schedule is schedule else now - timedelta(microseconds=1))
    with _lock:
        _watched[schedule.arn] = watched
        if _running:
            return
        _running = True
    tasks.spawn("scheduler", _tick)


def _tick() -> None:
    global _running
    while True:
        run_due()
        with _lock:
            if not _watched and not _again:
                _running = False
                return
        tasks.real_sleep(1)


@calendar.follow
def run_due() -> None:
    """Calls all that is due, in the order of its times, and returns when each was called once."""
    with _turn:
        while found := _take(calendar.now()):
            born = tasks.generation()
            wait([_pool.submit(_call, one, born) for one in found])


def _take(now: datetime) -> list[Invocation]:
    with _lock:
        found = [one for one in _again if one.due <= now]
        _again[:] = [one for one in _again if one.due > now]
        for arn, watched in list(_watched.items()):
            if not watched.is_there():
                del _watched[arn]
                continue
            found += _times_of(watched, now)
    return sorted(found, key=lambda one: one.due)


def _times_of(watched: Watched, now: datetime) -> list[Invocation]:
    found = []
    while watched.due is not None and watched.due <= now:
        scheduled = watched.due
        watched.advance(scheduled)
        if watched.schedule.state == "ENABLED":
            found.append(Invocation(watched.schedule, watched.account, watched.region, scheduled))
    if found and watched.due is None and watched.schedule.action_after_completion == "DELETE":
        found[-1].after = watched.remove
    return found


def _call(one: Invocation, born: int) -> None:
    if born != tasks.generation():
        return
    try:
        if not one.call():
            with _lock:
                _again.append(one)
    except Cancelled:
        pass
    except Exception:  # nobody waits for it; it must be seen all the same
        bugs.report(f"schedule {one.schedule.name}")


@tasks.on_reset
def _forget() -> None:
    global _running
    with _lock:
        _watched.clear()
        _again.clear()
        _running = False
