"""How a changed group reaches its instances.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from rehearsal.kernel.settings import settings
from rehearsal.services.cloudformation.handler import (
    Context,
    HandlerFailure,
    OperationCancelled,
    Signal,
    UpdateRequiresReplacement,
)
from rehearsal.services.cloudformation.handlers import find
from rehearsal.tests.handlers.cases.instances import image
from rehearsal.tests.handlers.cases.networks import subnet
from rehearsal.tests.handlers.harness import Properties, World

TYPE = "AWS::AutoScaling::AutoScalingGroup"
REFRESH = {
    "AutoScalingInstanceRefresh": {
        "Strategy": "Rolling",
        "Preferences": {
            "MinHealthyPercentage": 100,
            "MaxHealthyPercentage": 200,
            "InstanceWarmup": 0,
            "SkipMatching": True,
        },
    }
}


class Group:
    """A group of two on the first version of a template, and what an update to the second does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.api, ec2 = world.client("autoscaling"), world.client("ec2")
        data = {"ImageId": image(world), "InstanceType": "t3.micro"}
        # A word of its own: the templates of earlier tests are still there.
        word = uuid4().hex
        template = ec2.create_launch_template(LaunchTemplateName=f"roll-{word}", LaunchTemplateData=data)
        self.template = template["LaunchTemplate"]["LaunchTemplateId"]
        ec2.create_launch_template_version(
            LaunchTemplateId=self.template, LaunchTemplateData={**data, "InstanceType": "t3.small"}
        )
        self.events: list[str] = []
        self.properties: Properties = self.on_version("1")
        self.context = world.context(TYPE, f"Group{word}", log=self.events.append)
        self.name = find(TYPE).create(self.context, self.properties)

    def on_version(self, version: str, **more: Any) -> Properties:
        template = {"LaunchTemplateId": self.template, "Version": version}
        sizes = {"MinSize": "2", "MaxSize": "4", "DesiredCapacity": "2"}
        return {**sizes, "VPCZoneIdentifier": [subnet(self.world)], "LaunchTemplate": template, **more}

    def update(self, new: Properties, policy: dict[str, Any], **more: Any) -> None:
        ctx: Context = self.world.again(self.context, update_policy=policy, **more)
        old, self.properties = self.properties, new
        find(TYPE).update(ctx, self.name, old, new)

    def told(self) -> dict[str, Any]:
        return self.api.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])["AutoScalingGroups"][0]

    def versions(self) -> list[str]:
        going = ("Terminating", "Terminated")
        live = [i for i in self.told()["Instances"] if not i["LifecycleState"].startswith(going)]
        return sorted(i["LaunchTemplate"]["Version"] for i in live)

    def signals(self, status: str) -> Callable[[], list[Signal]]:
        return lambda: [Signal(i["InstanceId"], status) for i in self.told()["Instances"]]


@pytest.fixture
def group(world: World) -> Iterator[Group]:
    made = Group(world)
    yield made
    find(TYPE).delete(made.context, made.name, made.properties)


@pytest.fixture
def alarm(world: World) -> Iterator[str]:
    api = world.client("cloudwatch")
    api.put_metric_alarm(
        AlarmName="roll-out", Namespace="hand", MetricName="a", Statistic="Sum", Period=86400, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="GreaterThanThreshold", TreatMissingData="ignore",
    )  # fmt: skip
    yield "roll-out"
    api.delete_alarms(AlarmNames=["roll-out"])


def watching(alarm: str) -> dict[str, Any]:
    own = REFRESH["AutoScalingInstanceRefresh"]["Preferences"]
    preferences = {**own, "AlarmSpecification": {"Alarms": [alarm]}, "BakeTime": 3600}
    return {"AutoScalingInstanceRefresh": {"Strategy": "Rolling", "Preferences": preferences}}


def test_without_a_policy_instances_stay_as_they_are(group: Group) -> None:
    group.update(group.on_version("2"), {})
    assert group.versions() == ["1", "1"]


def test_an_instance_refresh_is_started_and_followed_to_its_end(group: Group) -> None:
    group.update(group.on_version("2"), REFRESH)
    assert group.versions() == ["2", "2"]
    refreshes = group.api.describe_instance_refreshes(AutoScalingGroupName=group.name)["InstanceRefreshes"]
    assert [refresh["Status"] for refresh in refreshes] == ["Successful"]
    assert any("percent complete" in event for event in group.events)


def test_a_change_that_touches_no_instance_refreshes_nothing(group: Group) -> None:
    group.update(group.on_version("1", MaxSize="3"), REFRESH)
    assert group.api.describe_instance_refreshes(AutoScalingGroupName=group.name)["InstanceRefreshes"] == []


def test_an_alarm_fails_the_refresh_and_the_resource_with_its_reason(group: Group, alarm: str, world: World) -> None:
    def sleep(seconds: float) -> None:
        world.client("cloudwatch").set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="test")
        group.context.sleep(seconds)

    with pytest.raises(HandlerFailure, match=r"is Failed: .*alarm roll-out is in the ALARM state"):
        group.update(group.on_version("2"), watching(alarm), sleep=sleep)


def test_a_refresh_is_cancelled_with_the_operation(group: Group, alarm: str) -> None:
    def sleep(seconds: float) -> None:
        raise OperationCancelled

    with pytest.raises(OperationCancelled):
        group.update(group.on_version("2"), watching(alarm), sleep=sleep)
    refreshes = group.api.describe_instance_refreshes(AutoScalingGroupName=group.name)["InstanceRefreshes"]
    assert refreshes[0]["Status"] in ("Cancelling", "Cancelled")


def test_a_rolling_update_replaces_in_batches_and_gives_the_group_its_size_back(group: Group) -> None:
    group.update(group.on_version("2"), {"AutoScalingRollingUpdate": {"MinInstancesInService": 2, "MaxBatchSize": 1}})
    assert group.versions() == ["2", "2"]
    assert [group.told()[name] for name in ("MinSize", "MaxSize", "DesiredCapacity")] == [2, 4, 2]
    assert "Temporarily setting autoscaling group MinSize and DesiredCapacity to 3." in group.events
    assert [event.partition("; ")[2] for event in group.events if event.startswith("Terminating")] == [
        "replacing with 1 new instance(s).",
        "replacing with 0 new instance(s).",
    ]
    launches = group.api.describe_scaling_activities(AutoScalingGroupName=group.name)["Activities"]
    assert sum(activity["Description"].startswith("Launching") for activity in launches) == 4


def test_a_rolling_update_waits_for_signals_of_new_instances(group: Group) -> None:
    policy = {
        "AutoScalingRollingUpdate": {"MinInstancesInService": 1, "WaitOnResourceSignals": True, "PauseTime": "PT1M"}
    }
    group.update(group.on_version("2"), policy, signals=group.signals("SUCCESS"))
    assert group.versions() == ["2", "2"]
    assert any(event.startswith("Received SUCCESS signal with UniqueId i-") for event in group.events)


def test_a_failure_signal_fails_the_rolling_update(group: Group) -> None:
    policy = {
        "AutoScalingRollingUpdate": {"MinInstancesInService": 1, "WaitOnResourceSignals": True, "PauseTime": "PT1M"}
    }
    with pytest.raises(HandlerFailure, match="Unable to satisfy 100% MinSuccessfulInstancesPercent requirement"):
        group.update(group.on_version("2"), policy, signals=group.signals("FAILURE"))


def test_new_instances_have_real_time_to_signal_at_any_speed(group: Group) -> None:
    """Two seconds of real time, in which ten seconds at a speed would be over."""
    looks: list[list[Signal]] = []
    told = group.signals("SUCCESS")

    def late() -> list[Signal]:
        looks.append([])
        return told() if len(looks) > 4 else []

    policy = {
        "AutoScalingRollingUpdate": {"MinInstancesInService": 1, "WaitOnResourceSignals": True, "PauseTime": "PT10S"}
    }
    group.update(group.on_version("2"), policy, signals=late)
    assert group.versions() == ["2", "2"]


def test_new_instances_that_stay_silent_fail_the_rolling_update(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rehearsal.services.cloudformation.limits.SECOND", 1 / 600)
    policy = {
        "AutoScalingRollingUpdate": {"MinInstancesInService": 1, "WaitOnResourceSignals": True, "PauseTime": "PT5M"}
    }
    with pytest.raises(HandlerFailure, match=r"Failed to receive 1 resource signal.*waited PT5M"):
        group.update(group.on_version("2"), policy, signals=list)


def test_a_rolling_update_must_leave_room_below_the_largest_size(group: Group) -> None:
    with pytest.raises(HandlerFailure, match="MinInstancesInService must be less than"):
        group.update(group.on_version("2"), {"AutoScalingRollingUpdate": {"MinInstancesInService": 4}})


def test_a_replacing_update_wants_a_new_group(group: Group) -> None:
    with pytest.raises(UpdateRequiresReplacement):
        group.update(group.on_version("2"), {"AutoScalingReplacingUpdate": {"WillReplace": True}})


def test_sizes_that_the_template_leaves_alone_can_be_left_alone(group: Group) -> None:
    group.api.set_desired_capacity(AutoScalingGroupName=group.name, DesiredCapacity=3)
    policy = {"AutoScalingScheduledAction": {"IgnoreUnmodifiedGroupSizeProperties": True}}
    group.update(group.on_version("1", HealthCheckGracePeriod=30), policy)
    assert group.told()["DesiredCapacity"] == 3
    group.update(group.on_version("1", HealthCheckGracePeriod=60), {})
    assert group.told()["DesiredCapacity"] == 2


def test_a_group_whose_instances_cannot_be_launched_does_not_stabilize(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "speed", 600.0)
    ec2 = world.client("ec2")
    made = ec2.create_launch_template(
        LaunchTemplateName="roll-bad",
        LaunchTemplateData={"ImageId": "ami-0123456789abcdef0", "InstanceType": "t3.micro"},
    )
    template = {"LaunchTemplateId": made["LaunchTemplate"]["LaunchTemplateId"], "Version": "1"}
    properties = {"MinSize": "1", "MaxSize": "1", "VPCZoneIdentifier": [subnet(world)], "LaunchTemplate": template}
    created: list[str] = []
    ctx = world.context(TYPE, "Bad", created=created.append)
    with pytest.raises((HandlerFailure, ClientError), match=r"(?i)ami-0123456789abcdef0|image"):
        find(TYPE).create(ctx, properties)
    for name in created:
        find(TYPE).delete(ctx, name, properties)
