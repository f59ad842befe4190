"""Signals and wait conditions.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-creationpolicy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-waitcondition.html
"""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

import pytest

from rehearsal.services.cloudformation.signals import seconds
from rehearsal.tests.cloudformation.conftest import Cloud, refusal
from rehearsal.tests.cloudformation.toys import topic

WAITING = {"Resources": {"T": topic("t", CreationPolicy={"ResourceSignal": {"Count": 2, "Timeout": "PT10M"}})}}


def signal(cloud: Cloud, unique: str, status: str = "SUCCESS", logical_id: str = "T") -> None:
    cloud.until(lambda: cloud.trace(logical_id), lambda states: states)
    cloud.api.signal_resource(StackName="shop", LogicalResourceId=logical_id, UniqueId=unique, Status=status)


def test_a_creation_waits_for_its_signals(cloud: Cloud) -> None:
    cloud.create(WAITING, wait=False)
    signal(cloud, "i-1")
    signal(cloud, "i-1")
    assert cloud.status() == "CREATE_IN_PROGRESS"
    signal(cloud, "i-2")
    cloud.idle("shop")
    assert cloud.status() == "CREATE_COMPLETE"
    code, message = refusal(
        cloud.api.signal_resource, StackName="shop", LogicalResourceId="T", UniqueId="i-3", Status="SUCCESS"
    )
    assert (code, message) == ("ValidationError", "Resource T is in CREATE_COMPLETE state and can not be signaled")


def test_a_failure_signal_or_silence_fails_the_resource(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud.create(WAITING, wait=False)
    signal(cloud, "i-1", "FAILURE")
    cloud.idle("shop")
    assert "Received 1 FAILURE signal(s) out of 2." in cloud.reason("T", "CREATE_FAILED")
    monkeypatch.setattr("rehearsal.services.cloudformation.limits.SECOND", 1 / 1200)
    cloud.create(WAITING, name="silent")
    assert cloud.reason("T", "CREATE_FAILED", "silent") == (
        "Failed to receive 2 resource signal(s) within the specified duration"
    )


@pytest.mark.parametrize("kind", ["signals", "wait condition"])
def test_machines_have_real_time_to_signal_at_any_speed(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """What boots, boots in real time: a minute at speed 600 would be a tenth of a second."""
    monkeypatch.setattr("rehearsal.kernel.settings.settings.speed", 600.0)
    policy = {"CreationPolicy": {"ResourceSignal": {"Timeout": "PT1M"}}}
    cloud.create({"Resources": {"T": topic("t", **policy)}} if kind == "signals" else waiting(timeout="60"), wait=False)
    resource = "T" if kind == "signals" else "Wait"
    cloud.until(lambda: cloud.trace(resource), lambda states: states)
    time.sleep(0.5)
    signal(cloud, "i-1", logical_id=resource)
    cloud.idle("shop")
    assert cloud.status() == "CREATE_COMPLETE"


def waiting(count: int = 1, timeout: str = "600") -> dict[str, Any]:
    properties = {"Handle": {"Ref": "Handle"}, "Timeout": timeout, "Count": count}
    return {
        "Resources": {
            "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
            "Wait": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": properties},
        },
        "Outputs": {"Data": {"Value": {"Fn::GetAtt": ["Wait", "Data"]}}},
    }


def put(url: str, **body: str) -> None:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": ""}, method="PUT")
    with urllib.request.urlopen(request, timeout=10) as reply:
        assert reply.status == 200


def test_a_wait_condition_takes_what_is_put_to_its_handle(cloud: Cloud) -> None:
    cloud.create(waiting(2), wait=False)
    cloud.until(lambda: cloud.trace("Wait"), lambda states: states)
    url = cloud.physical("Handle")
    put(url, Status="SUCCESS", UniqueId="a", Data="one", Reason="")
    put(url, Status="SUCCESS", UniqueId="b", Data="two", Reason="")
    cloud.idle("shop")
    assert cloud.status() == "CREATE_COMPLETE"
    assert json.loads(cloud.outputs()["Data"]) == {"a": "one", "b": "two"}
    assert cloud.aws("s3").list_buckets()["Buckets"] == []


def test_a_wait_condition_fails_by_signal_and_by_time(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud.create(waiting(), wait=False)
    cloud.until(lambda: cloud.trace("Wait"), lambda states: states)
    put(cloud.physical("Handle"), Status="FAILURE", UniqueId="a", Data="", Reason="no disk")
    cloud.idle("shop")
    assert cloud.reason("Wait", "CREATE_FAILED") == ("WaitCondition received failed message: 'no disk' for uniqueId: a")
    monkeypatch.setattr("rehearsal.services.cloudformation.limits.SECOND", 1 / 1200)
    cloud.create(waiting(timeout="60"), name="late")
    assert cloud.reason("Wait", "CREATE_FAILED", "late") == (
        "WaitCondition timed out. Received 0 conditions when expecting 1"
    )


def test_durations() -> None:
    assert [seconds(text) for text in ("PT5M", "PT1H30M", "PT45S")] == [300, 5400, 45]
