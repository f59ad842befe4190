"""The pure parts: who goes, where to, how many at once.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
"""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.services.autoscaling.choosing import subnet_for_next, to_terminate
from rehearsal.services.autoscaling.model import Activity, Member
from rehearsal.services.autoscaling.refresh_plan import Bounds, Count, surge_now, take_out_now


def member(name: str, zone: str, version: str, launched: float, template: str = "lt-1", **more: Any) -> Member:
    made = Member(zone, f"subnet-{zone}", {"LaunchTemplateId": template, "Version": version}, "t3.micro", Activity("", "", "", ""))
    made.id, made.launched, made.state = name, launched, "InService"
    for key, value in more.items():
        setattr(made, key, value)
    return made


GROUP = [
    member("a1", "a", "2", 1.0),
    member("a2", "a", "1", 3.0),
    member("a3", "a", "2", 2.0),
    member("b1", "b", "1", 0.5),
]


@pytest.mark.parametrize(
    ("policies", "victim"),
    [
        (["Default"], "a2"),
        (["OldestInstance"], "a1"),
        (["NewestInstance"], "a2"),
        (["OldestLaunchTemplate"], "a2"),
        (["OldestLaunchTemplate", "NewestInstance"], "a2"),
    ],
)
def test_the_fullest_zone_loses_one_by_the_policies(policies: list[str], victim: str) -> None:
    chosen = to_terminate(GROUP, policies, "lt-1", lambda m: True)
    assert chosen is not None and chosen.id == victim


def test_another_template_is_older_than_any_version() -> None:
    foreign = member("a4", "a", "9", 9.0, template="lt-0")
    chosen = to_terminate([*GROUP, foreign], ["Default"], "lt-1", lambda m: True)
    assert chosen is foreign


def test_what_serves_nothing_goes_first_and_protected_never() -> None:
    assert to_terminate(GROUP, ["OldestInstance"], "lt-1", lambda m: m.id != "b1") is GROUP[3]
    assert to_terminate([member("p", "a", "1", 1.0, protected=True)], [], "lt-1", lambda m: True) is None


def test_new_instances_go_where_fewest_are() -> None:
    assert subnet_for_next(GROUP, [("subnet-a", "a"), ("subnet-b", "b")]) == ("subnet-b", "b")
    assert subnet_for_next([], [("subnet-a", "a"), ("subnet-b", "b")]) == ("subnet-a", "a")


# desired, minimum, maximum; waiting, idle, ready, warming, allowed -> surge, taken out
PLANS = [
    ((2, 100, 150), (2, 0, 2, 0, 2), 1, 0),
    ((2, 100, 150), (2, 0, 3, 0, 2), 1, 1),
    ((2, 100, 110), (2, 0, 2, 0, 2), 1, 0),
    ((2, 100, 100), (2, 0, 2, 0, 2), 1, 0),
    ((2, 100, None), (2, 0, 2, 0, 2), 0, 1),
    ((2, 100, None), (1, 0, 1, 1, 1), 0, 0),
    ((4, 50, 100), (4, 0, 4, 0, 4), 0, 2),
    ((4, 50, 100), (2, 0, 2, 2, 2), 0, 0),
    ((10, 90, None), (10, 0, 10, 0, 10), 0, 1),
    ((4, 0, 100), (4, 0, 4, 0, 4), 0, 4),
    ((4, 100, 200), (4, 0, 4, 0, 1), 1, 0),
    ((2, 100, 150), (1, 1, 2, 0, 1), 1, 0),
]


@pytest.mark.parametrize(("bounds", "count", "surge", "out"), PLANS)
def test_a_refresh_keeps_its_healthy_percentages(bounds: Any, count: Any, surge: int, out: int) -> None:
    assert (surge_now(Bounds(*bounds), Count(*count)), take_out_now(Bounds(*bounds), Count(*count))) == (surge, out)
