"""When a schedule fires. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from aws_croniter import AwsCroniter

_FORM = re.compile(r"(at|rate|cron)\((.*)\)")
_RATE = re.compile(r"([1-9][0-9]{0,8}) (minute|hour|day)s?")
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}

# The first time after a given one, in UTC; None: never again.
Times = Callable[[datetime], datetime | None]


def parse(expression: str, zone: str, start: datetime) -> Times:
    """`start`: from when on a rate counts. @raises ValueError for what is no expression, or no zone."""
    if zone not in _zones():
        raise ValueError(f"Invalid ScheduleExpressionTimezone {zone}.")
    found = _FORM.fullmatch(expression)
    if found is None:
        raise ValueError(f"Invalid Schedule Expression {expression}.")
    kind, inner = found.groups()
    try:
        if kind == "at":
            return _at(inner, ZoneInfo(zone))
        return _rate(inner, start) if kind == "rate" else _cron(inner, ZoneInfo(zone))
    except Exception as error:  # whatever the reader of cron expressions raises
        raise ValueError(f"Invalid Schedule Expression {expression}.") from error


def is_once(expression: str) -> bool:
    return expression.startswith("at(")


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _at(text: str, zone: ZoneInfo) -> Times:
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=zone).astimezone(UTC)
    # Unchecked: what AWS does about a time that has passed already. Here it never comes.
    return lambda after: moment if moment > after else None


def _rate(text: str, start: datetime) -> Times:
    found = _RATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    step = int(found.group(1)) * _UNITS[found.group(2)]

    def following(after: datetime) -> datetime:
        """The first one is the start itself."""
        return start if after < start else start + ((after - start) // step + 1) * step

    return following


def _cron(text: str, zone: ZoneInfo) -> Times:
    cron = AwsCroniter(text)

    def following(after: datetime) -> datetime | None:
        """A time that the clocks skip is skipped; one that they strike twice is kept once."""
        wall = after.astimezone(zone).replace(tzinfo=UTC)
        while True:
            [wall] = cron.get_next(wall)
            if wall is None:
                return None
            found = wall.replace(tzinfo=zone).astimezone(UTC)
            if found > after and found.astimezone(zone).replace(tzinfo=UTC) == wall:
                return found

    return following
