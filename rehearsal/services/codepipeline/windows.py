"""Deployment windows: whether a moment fits a cron expression of six or seven fields.

https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-DeploymentWindow.html
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Test = Callable[[datetime], bool]
_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
_LIMITS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199))
_FIELDS = ("second", "minute", "hour", "day of month", "month", "day of week", "year")


def parse(cron: str, zone: str) -> Test:
    """@raises ValueError saying which field is wrong."""
    fields = cron.split()
    if len(fields) not in (6, 7):
        raise ValueError(f"Cron expression '{cron}' must have 6 or 7 fields")
    if fields[0] != "*":
        raise ValueError("the seconds of a Cron expression must be *")
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"unknown time zone {zone}") from error
    tests = [_field(number, text) for number, text in enumerate(fields)]
    return lambda moment: all(test(moment.astimezone(place)) for test in tests)


def _field(number: int, text: str) -> Test:
    parts = [_part(number, part) for part in text.upper().split(",")]
    return lambda moment: any(part(moment) for part in parts)


def _part(number: int, text: str) -> Test:
    special = _special(number, text)
    if special is not None:
        return special
    low, high = _LIMITS[number]
    span, _, step = text.partition("/")
    try:
        if span in ("*", "?"):
            first, last = low, high
        else:
            begin, _, end = span.partition("-")
            first = _number(number, begin)
            last = _number(number, end) if end else (high if step else first)
        by = int(step) if step else 1
    except (ValueError, KeyError) as error:
        raise ValueError(f"invalid {_FIELDS[number]} '{text}' in Cron expression") from error
    if not (low <= first <= high and low <= last <= high and by > 0):
        raise ValueError(f"{_FIELDS[number]} '{text}' in Cron expression is out of range")
    wanted = set(range(first, last + 1, by)) if first <= last else {*range(first, high + 1), *range(low, last + 1)}
    return lambda moment: _value(number, moment) in wanted


def _special(number: int, text: str) -> Test | None:
    """L, W and # of the two day fields."""
    if number == 3 and text == "L":
        return lambda m: m.day == calendar.monthrange(m.year, m.month)[1]
    if number == 3 and (found := re.fullmatch(r"L-(\d+)", text)):
        back = int(found.group(1))
        return lambda m: m.day == calendar.monthrange(m.year, m.month)[1] - back
    if number == 3 and (found := re.fullmatch(r"(\d+|L)W", text)):
        day = found.group(1)
        return lambda m: m.day == _weekday(m, day)
    if number == 5 and text == "L":
        return lambda m: _value(5, m) == 7
    if number == 5 and (found := re.fullmatch(r"(\w+)L", text)):
        wanted = _number(5, found.group(1))
        return lambda m: _value(5, m) == wanted and m.day + 7 > calendar.monthrange(m.year, m.month)[1]
    if number == 5 and (found := re.fullmatch(r"(\w+)#([1-5])", text)):
        wanted, nth = _number(5, found.group(1)), int(found.group(2))
        return lambda m: _value(5, m) == wanted and (m.day - 1) // 7 + 1 == nth
    return None


def _weekday(moment: datetime, day: str) -> int:
    """The working day nearest to a day of this month, within the month."""
    last = calendar.monthrange(moment.year, moment.month)[1]
    wanted = last if day == "L" else min(int(day), last)
    falls = calendar.weekday(moment.year, moment.month, wanted)
    if falls == 5:
        return wanted - 1 if wanted > 1 else wanted + 2
    if falls == 6:
        return wanted + 1 if wanted < last else wanted - 2
    return wanted


def _number(number: int, text: str) -> int:
    names = {4: _MONTHS, 5: _DAYS}.get(number, {})
    return names[text] if text in names else int(text)


def _value(number: int, moment: datetime) -> int:
    weekday = moment.isoweekday() % 7 + 1
    values = (moment.second, moment.minute, moment.hour, moment.day, moment.month, weekday, moment.year)
    return values[number]
