"""Schedules fire. https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.tests.codebuild.conftest import finished
from rehearsal.tests.codebuild.conftest import project as project
from rehearsal.tests.codebuild.conftest import role as role
from rehearsal.tests.conftest import post
from rehearsal.tests.iam.test_enforcement import allow, make_role

PREFIX = "arn:aws:{}:us-east-1:123456789012:{}"
OFF = {"Mode": "OFF"}
NIGHTLY = "cron(0 5 * * ? *)"


class Night:
    """The queue `box`, a role that may send to it, and a clock."""

    def __init__(self, aws: Callable[..., Any], role: Callable[..., str], endpoint: str) -> None:
        self.aws, self.endpoint, self.scheduler = aws, endpoint, aws("scheduler")
        self.box = aws("sqs").create_queue(QueueName="box")["QueueUrl"]
        self.role = role("timer", "scheduler.amazonaws.com", ["sqs:SendMessage"], PREFIX.format("sqs", "*"))

    def create(self, name: str, expression: str = NIGHTLY, target: dict[str, Any] | None = None, **more: Any) -> str:
        to = {"Arn": PREFIX.format("sqs", "box"), "RoleArn": self.role, "Input": name, **(target or {})}
        asked = {"ScheduleExpression": expression, "FlexibleTimeWindow": OFF, "Target": to, **more}
        return str(self.scheduler.create_schedule(Name=name, **asked)["ScheduleArn"])

    def names(self) -> list[str]:
        return [found["Name"] for found in self.scheduler.list_schedules()["Schedules"]]

    def move(self, **by: float) -> None:
        post(self.endpoint, "/_rehearsal/clock", {"seconds": timedelta(**by).total_seconds()})

    def taken(self, url: str = "") -> list[dict[str, Any]]:
        sqs, all_found = self.aws("sqs"), []
        while found := sqs.receive_message(
            QueueUrl=url or self.box, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            all_found += found
            for message in found:
                sqs.delete_message(QueueUrl=url or self.box, ReceiptHandle=message["ReceiptHandle"])
        return all_found

    def bodies(self) -> list[str]:
        return sorted(message["Body"] for message in self.taken())

    def dead(self) -> list[dict[str, str]]:
        url = self.aws("sqs").get_queue_url(QueueName="dead")["QueueUrl"]
        return [{k: v["StringValue"] for k, v in m["MessageAttributes"].items()} for m in self.taken(url)]


@pytest.fixture
def night(aws: Callable[..., Any], role: Callable[..., str], fresh: str) -> Iterator[Night]:
    yield Night(aws, role, fresh)


def refused(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_every_time_that_came_is_called_once(night: Night) -> None:
    night.create("nightly")
    night.create("hours", "rate(6 hours)", StartDate=datetime.now(UTC) + timedelta(hours=1))
    night.create("off", State="DISABLED")
    assert night.bodies() == []
    night.move(days=1)
    assert night.bodies() == ["hours"] * 4 + ["nightly"]
    night.move(hours=6)
    assert [b for b in night.bodies() if b == "hours"] == ["hours"]


def test_a_rate_without_a_start_begins_at_once(night: Night) -> None:
    night.create("now", "rate(1 day)")
    night.move(seconds=0)
    assert night.bodies() == ["now"]


def test_one_that_was_switched_off_changed_or_deleted_does_as_it_says_now(night: Night) -> None:
    for name in ("off", "changed", "gone"):
        night.create(name)
    kept = {"ScheduleExpression": NIGHTLY, "FlexibleTimeWindow": OFF}
    target = {"Arn": PREFIX.format("sqs", "box"), "RoleArn": night.role, "Input": "other"}
    night.scheduler.update_schedule(Name="off", State="DISABLED", Target=target, **kept)
    night.scheduler.update_schedule(Name="changed", Target=target, **kept)
    night.scheduler.delete_schedule(Name="gone")
    night.move(days=1)
    assert night.bodies() == ["other"]


def test_a_schedule_ends_with_its_end_and_goes_where_that_was_asked_for(night: Night) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    night.create("once", f"at({soon:%Y-%m-%dT%H:%M:%S})", ActionAfterCompletion="DELETE")
    night.create("kept", f"at({soon:%Y-%m-%dT%H:%M:%S})")
    night.create("twice", "rate(1 hour)", EndDate=soon + timedelta(minutes=10), ActionAfterCompletion="DELETE")
    night.move(days=1)
    assert night.bodies() == ["kept", "once", "twice", "twice"]
    assert night.names() == ["kept"]


def test_schedules_go_with_their_group(night: Night) -> None:
    night.scheduler.create_schedule_group(Name="team")
    night.create("grouped", GroupName="team")
    assert refused(lambda: night.scheduler.create_schedule_group(Name="team"))[0] == "ConflictException"
    night.scheduler.delete_schedule_group(Name="team")
    night.move(days=1)
    assert night.bodies() == []
    assert refused(lambda: night.create("again", GroupName="team"))[0] == "ResourceNotFoundException"
    assert refused(lambda: night.scheduler.delete_schedule_group(Name="default"))[0] == "ValidationException"


def test_a_universal_target_is_called_as_its_role_with_what_the_schedule_knows(night: Night) -> None:
    body = {"QueueUrl": night.box, "MessageBody": "<aws.scheduler.scheduled-time> <aws.scheduler.attempt-number>"}
    target = {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "Input": json.dumps(body)}
    night.create("any", "at(2040-02-29T12:00:00)", target)
    post(night.endpoint, "/_rehearsal/clock", {"seconds": 366 * 86400})
    assert night.bodies() == []
    night.create("soon", target=target)
    night.move(days=1)
    [said] = night.bodies()
    assert said.endswith("T05:00:00Z 1")


def test_a_build_is_started_by_either_kind_of_target(
    night: Night, project: Callable[..., str], role: Callable[..., str]
) -> None:
    name = project("version: 0.2\nphases: {build: {commands: ['true']}}")
    arn = PREFIX.format("codebuild", f"project/{name}")
    starter = role("starter", "scheduler.amazonaws.com", ["codebuild:StartBuild"], arn)
    any_target = {"Arn": "arn:aws:scheduler:::aws-sdk:codebuild:startBuild", "Input": json.dumps({"ProjectName": name})}
    night.create("own", target={"Arn": arn, "RoleArn": starter})
    night.create("any", target={**any_target, "RoleArn": starter})
    night.move(days=1)
    codebuild = night.aws("codebuild")
    builds = codebuild.list_builds_for_project(projectName=name)["ids"]
    assert len(builds) == 2
    build = finished(codebuild, builds[0])
    assert (build["buildStatus"], build["initiator"]) == ("SUCCEEDED", "starter/EventBridgeScheduler")


def test_what_fails_is_tried_again_and_ends_in_the_dead_letter_queue(night: Night, role: Callable[..., str]) -> None:
    """https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html"""
    night.aws("sqs").create_queue(QueueName="dead")
    box, dead = PREFIX.format("sqs", "box"), PREFIX.format("sqs", "dead")
    lesser = role("lesser", "scheduler.amazonaws.com", ["sqs:SendMessage"], dead)
    policy = {"RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600}}
    target = {"Arn": box, "RoleArn": lesser, "DeadLetterConfig": {"Arn": dead}, **policy}
    night.create("denied", target=target)
    night.move(days=1)
    assert night.dead() == []
    night.move(minutes=1)
    night.move(minutes=1)
    [letter] = night.dead()
    assert letter["RETRY_ATTEMPTS"] == "2" and letter["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
    assert letter["SCHEDULE_ARN"].endswith("schedule/default/denied") and letter["TARGET_ARN"] == box
    assert "not authorized to perform: sqs:SendMessage" in letter["ERROR_MESSAGE"]
    assert night.bodies() == []


def test_an_event_that_is_too_old_is_given_up(night: Night, role: Callable[..., str]) -> None:
    night.aws("sqs").create_queue(QueueName="dead")
    dead = PREFIX.format("sqs", "dead")
    lesser = role("lesser", "scheduler.amazonaws.com", ["sqs:SendMessage"], dead)
    policy = {"RetryPolicy": {"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": 60}}
    night.create("denied", target={"RoleArn": lesser, "DeadLetterConfig": {"Arn": dead}, **policy})
    night.move(days=1)
    night.move(minutes=2)
    [letter] = night.dead()
    assert (letter["EXHAUSTED_RETRY_CONDITION"], letter["RETRY_ATTEMPTS"]) == ("MaximumEventAgeInSeconds", "1")


def test_what_fails_once_comes_through_the_second_time(night: Night) -> None:
    night.create("through")
    post(night.endpoint, "/_rehearsal/faults", {"kind": "error", "service": "sqs", "operation": "SendMessage", "times": 6})
    night.move(days=1)
    night.move(minutes=1)
    post(night.endpoint, "/_rehearsal/faults", method="DELETE")
    night.move(minutes=1)
    assert night.bodies() == ["through"]


def test_rights_may_name_a_schedule_or_a_group(night: Night, aws: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html"""
    night.scheduler.create_schedule_group(Name="team")
    night.create("mine", GroupName="team")
    night.create("theirs")
    team = [PREFIX.format("scheduler", "schedule/team/*"), PREFIX.format("scheduler", "schedule-group/team")]
    reader = aws("scheduler", role=make_role(aws, allow("scheduler:Get*", team)))
    assert reader.get_schedule(Name="mine", GroupName="team")["State"] == "ENABLED"
    assert reader.get_schedule_group(Name="team")["State"] == "ACTIVE"
    assert refused(lambda: reader.get_schedule(Name="theirs"))[0] == "AccessDeniedException"
    assert refused(lambda: reader.get_schedule_group(Name="default"))[0] == "AccessDeniedException"


def test_refuses_what_could_never_fire(night: Night, role: Callable[..., str]) -> None:
    other = role("other", "events.amazonaws.com", ["sqs:SendMessage"])
    assert refused(lambda: night.create("a", "cron(0 5 * * * *)")) == (
        "ValidationException",
        "Invalid Schedule Expression cron(0 5 * * * *).",
    )
    code, message = refused(lambda: night.create("b", target={"RoleArn": other}))
    assert code == "ValidationException" and "must allow AWS EventBridge Scheduler to assume the role" in message
    for arn in ("sqs:getQueueUrl", "sqs:sendNothing", "nothing:start", "sqs:SendMessage"):
        universal = {"Arn": f"arn:aws:scheduler:::aws-sdk:{arn}", "Input": "{}"}
        assert refused(lambda t=universal: night.create("c", target=t))[0] == "ValidationException"
    assert refused(lambda: night.create("d", target={"Arn": PREFIX.format("lambda", "function:f")}))[0] == "NotImplemented"
    past = datetime.now(UTC) - timedelta(hours=1)
    assert refused(lambda: night.create("e", EndDate=past))[0] == "ValidationException"
    assert night.names() == []


def test_the_clock_moves_forward_only_and_a_reset_sets_it_back(night: Night) -> None:
    import urllib.error

    night.move(days=2)
    assert post(night.endpoint, "/_rehearsal/clock", {"seconds": 0})["moved"] == 2 * 86400
    for wrong in ({"seconds": -1}, {"to": "2020-01-01T00:00:00Z"}, {"to": "2099-01-01T00:00:00"}, {"days": 1}, {}):
        with pytest.raises(urllib.error.HTTPError):
            post(night.endpoint, "/_rehearsal/clock", wrong)
    post(night.endpoint, "/moto-api/reset")
    assert post(night.endpoint, "/_rehearsal/clock", {"seconds": 0})["moved"] == 0
