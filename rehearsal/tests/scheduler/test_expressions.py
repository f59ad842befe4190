"""https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html: its examples, and what it says of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rehearsal.services.scheduler.expressions import parse

BORN = datetime(2022, 11, 20, 8, 3, 20, tzinfo=UTC)


def times(expression: str, zone: str = "UTC", after: datetime = BORN, count: int = 3) -> list[str]:
    following, found = parse(expression, zone, BORN), []
    moment: datetime | None = after
    while moment is not None and len(found) < count:
        moment = following(moment)
        found += [f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"] if moment else ["never"]
    return found


@pytest.mark.parametrize(
    "expression, expected",
    [
        ("cron(15 12 * * ? *)", ["2022-11-20 12:15", "2022-11-21 12:15", "2022-11-22 12:15"]),
        ("cron(15 10 ? * 6L 2022-2023)", ["2022-11-25 10:15", "2022-12-30 10:15", "2023-01-27 10:15"]),
        ("cron(0 10 ? * FRIL *)", ["2022-11-25 10:00", "2022-12-30 10:00", "2023-01-27 10:00"]),
        ("cron(0 18 ? * MON-FRI *)", ["2022-11-21 18:00", "2022-11-22 18:00", "2022-11-23 18:00"]),
        ("cron(0 8 1 * ? *)", ["2022-12-01 08:00", "2023-01-01 08:00", "2023-02-01 08:00"]),
        ("cron(0/10 * ? * MON-FRI *)", ["2022-11-21 00:00", "2022-11-21 00:10", "2022-11-21 00:20"]),
        ("cron(0/5 8-17 ? * MON-FRI *)", ["2022-11-21 08:00", "2022-11-21 08:05", "2022-11-21 08:10"]),
        ("cron(0 9 ? * 2#1 *)", ["2022-12-05 09:00", "2023-01-02 09:00", "2023-02-06 09:00"]),
        ("cron(0 0 L * ? *)", ["2022-11-30 00:00", "2022-12-31 00:00", "2023-01-31 00:00"]),
        ("cron(0 0 3W * ? *)", ["2022-12-02 00:00", "2023-01-03 00:00", "2023-02-03 00:00"]),
        ("cron(0 6 1,15 JAN,JUL ? 2023)", ["2023-01-01 06:00", "2023-01-15 06:00", "2023-07-01 06:00"]),
        ("cron(0 0 29 2 ? 2023)", ["never"]),
        ("cron(*/15 * * * ? *)", ["2022-11-20 08:15", "2022-11-20 08:30", "2022-11-20 08:45"]),
        ("rate(5 minutes)", ["2022-11-20 08:08", "2022-11-20 08:13", "2022-11-20 08:18"]),
        ("rate(1 hour)", ["2022-11-20 09:03", "2022-11-20 10:03", "2022-11-20 11:03"]),
        ("rate(7 days)", ["2022-11-27 08:03", "2022-12-04 08:03", "2022-12-11 08:03"]),
        ("at(2022-11-20T13:00:00)", ["2022-11-20 13:00", "never"]),
        ("at(2022-11-20T08:03:20)", ["never"]),
    ],
)
def test_the_times_of(expression: str, expected: list[str]) -> None:
    assert times(expression) == expected


def test_a_rate_begins_with_its_start() -> None:
    assert times("rate(1 day)", after=BORN - timedelta(seconds=1), count=1) == ["2022-11-20 08:03"]


def test_a_time_zone_moves_with_its_summer_time() -> None:
    spring = datetime(2023, 3, 25, 12, tzinfo=UTC)
    assert times("cron(0 5 * * ? *)", "Europe/Berlin", spring, 2) == ["2023-03-26 03:00", "2023-03-27 03:00"]
    assert times("cron(0 5 * * ? *)", "Europe/Berlin", spring - timedelta(days=1), 1) == ["2023-03-25 04:00"]
    assert times("at(2023-07-01T12:00:00)", "America/New_York", spring, 1) == ["2023-07-01 16:00"]


def test_a_time_that_the_clocks_skip_is_skipped_and_one_that_comes_twice_is_kept_once() -> None:
    spring, autumn = datetime(2023, 3, 25, 12, tzinfo=UTC), datetime(2023, 10, 28, 12, tzinfo=UTC)
    assert times("cron(30 2 * * ? *)", "Europe/Berlin", spring, 1) == ["2023-03-27 00:30"]
    assert times("cron(30 2 * * ? *)", "Europe/Berlin", autumn, 2) == ["2023-10-29 00:30", "2023-10-30 01:30"]


@pytest.mark.parametrize(
    "expression",
    ["cron(0 5 * * * *)", "cron(0 5 ? * ? *)", "cron(0 5 * * ?)", "cron(60 5 * * ? *)", "cron(0 5 32 * ? *)", "",
     "rate(0 minutes)", "rate(5 weeks)", "rate(1.5 hours)", "at(2022-13-01T00:00:00)", "at(tomorrow)", "0 5 * * ? *",
     "cron(0 5 * * ? *) "],
)  # fmt: skip
def test_refuses(expression: str) -> None:
    with pytest.raises(ValueError, match="Invalid Schedule Expression"):
        parse(expression, "UTC", BORN)


def test_refuses_a_zone_that_is_none() -> None:
    with pytest.raises(ValueError, match="Invalid ScheduleExpressionTimezone Mars"):
        parse("rate(1 day)", "Mars", BORN)
