"""Instances that enter service by a launch hook, and refreshes that wait for nothing but that and the warm-up.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rehearsal.tests.autoscaling.conftest import Fleet
from rehearsal.tests.conftest import post
from rehearsal.tests.elb.loopback import until

HOOK = {
    "LifecycleHookName": "serves",
    "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
    "DefaultResult": "ABANDON",
}


def hooked(fleet: Fleet, size: int = 2, timeout: int = 600, **settings: Any) -> None:
    hook = {**HOOK, "HeartbeatTimeout": timeout}
    fleet.make(size=size, LifecycleHookSpecificationList=[hook], HealthCheckGracePeriod=600, **settings)


def registered(fleet: Fleet) -> set[str]:
    found = fleet.elb.describe_target_health(TargetGroupArn=fleet.group_arn)["TargetHealthDescriptions"]
    return {d["Target"]["Id"] for d in found}


@contextmanager
def boot_checks(fleet: Fleet) -> Iterator[None]:
    """Completes the hook of every instance that serves, as its own boot would."""
    ended = threading.Event()

    def check() -> None:
        while not ended.wait(0.05):
            for waiting in fleet.instances(state="Pending:Wait"):
                name = waiting["InstanceId"]
                site = fleet.sites.get(name)
                if site and site.healthy:
                    fleet.asg.complete_lifecycle_action(
                        AutoScalingGroupName="web", LifecycleHookName="serves", InstanceId=name,
                        LifecycleActionResult="CONTINUE",
                    )  # fmt: skip

    checking = threading.Thread(target=check)
    checking.start()
    try:
        yield
    finally:
        ended.set()
        checking.join()


def unhealthy_alarm(fleet: Fleet, statistic: str, periods: int) -> None:
    fleet.cloudwatch.put_metric_alarm(
        AlarmName="unhealthy", Namespace="AWS/ApplicationELB", MetricName="UnHealthyHostCount", Statistic=statistic,
        Dimensions=[
            {"Name": "LoadBalancer", "Value": fleet.ground.arn.split("loadbalancer/")[1]},
            {"Name": "TargetGroup", "Value": fleet.group_arn.split(":", 5)[5]},
        ],
        Period=60, EvaluationPeriods=periods, Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
    )  # fmt: skip


def test_an_instance_gets_to_the_load_balancer_only_after_its_hook(fleet: Fleet) -> None:
    hooked(fleet, size=1)
    until(lambda: fleet.instances(state="Pending:Wait"))
    time.sleep(0.3)
    assert registered(fleet) == set() and fleet.ids() == set()
    with boot_checks(fleet):
        fleet.serve(1)
    assert registered(fleet) == fleet.ids()
    assert [a["StatusCode"] for a in fleet.activities()] == ["Successful"]


def test_a_hook_that_nobody_completes_ends_the_instance(fleet: Fleet) -> None:
    hooked(fleet, size=1, timeout=60)
    until(lambda: fleet.instances(state="Pending:Wait"))
    first = fleet.instances(state="Pending:Wait")[0]["InstanceId"]
    until(lambda: first not in fleet.sites)
    given_up = next(a for a in fleet.activities() if a["Description"].endswith(first) and "Launching" in a["Description"])
    assert given_up["StatusCode"] == "Cancelled" and "abandoned" in given_up["StatusMessage"]
    assert first not in registered(fleet)
    until(lambda: fleet.instances(state="Pending:Wait"))


def test_a_group_tells_how_many_of_its_instances_are_pending(fleet: Fleet) -> None:
    """ec2-auto-scaling-metrics.html"""
    hooked(fleet, size=1)
    fleet.asg.enable_metrics_collection(
        AutoScalingGroupName="web", Granularity="1Minute", Metrics=["GroupPendingInstances"]
    )
    fleet.cloudwatch.put_metric_alarm(
        AlarmName="starting", Namespace="AWS/AutoScaling", MetricName="GroupPendingInstances", Statistic="Minimum",
        Dimensions=[{"Name": "AutoScalingGroupName", "Value": "web"}], Period=60, EvaluationPeriods=2, Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold", TreatMissingData="notBreaching",
    )  # fmt: skip

    def state() -> str:
        return str(fleet.cloudwatch.describe_alarms(AlarmNames=["starting"])["MetricAlarms"][0]["StateValue"])

    until(lambda: state() == "ALARM")
    told = fleet.cloudwatch.list_metrics(Namespace="AWS/AutoScaling")["Metrics"]
    assert {m["MetricName"] for m in told} == {"GroupPendingInstances"}
    with boot_checks(fleet):
        until(lambda: state() == "OK")


def test_where_target_health_is_not_waited_for_only_hook_and_warm_up_hold_a_roll_out(fleet: Fleet) -> None:
    """The reading proves itself: without a hook and a warm-up an image that never serves replaces all that does."""
    post(fleet.endpoint, "/_rehearsal/readings", {"refresh-waits-for-target-health": False})
    fleet.make(HealthCheckGracePeriod=600)
    fleet.serve(2)
    fleet.start(fleet.version("broken"))
    fleet.until_status("Successful")
    until(lambda: fleet.versions() == ["2", "2"])
    assert fleet.healthy() == 0


def test_a_good_image_rolls_without_that_wait_and_no_request_is_lost(fleet: Fleet) -> None:
    """B21"""
    post(fleet.endpoint, "/_rehearsal/readings", {"refresh-waits-for-target-health": False})
    hooked(fleet)
    with boot_checks(fleet):
        fleet.serve(2)
        end, _ = fleet.traffic()
        fleet.start(fleet.version("two"), InstanceWarmup=60, MaxHealthyPercentage=200)
        found = fleet.until_status("Successful", "Failed")
        fleet.serve(2)
        assert set(end()) == {200} and found["Status"] == "Successful"
    assert fleet.versions() == ["2", "2"]


def test_an_image_that_never_serves_replaces_nothing_without_that_wait(fleet: Fleet) -> None:
    """B21"""
    post(fleet.endpoint, "/_rehearsal/readings", {"refresh-waits-for-target-health": False})
    hooked(fleet, timeout=60)
    with boot_checks(fleet):
        fleet.serve(2)
        before = fleet.ids()
        end, _ = fleet.traffic()
        fleet.start(fleet.version("broken"), InstanceWarmup=0, MaxHealthyPercentage=200)
        until(lambda: sum(a["StatusCode"] == "Cancelled" for a in fleet.activities()) >= 2)
        assert fleet.ids() == before == registered(fleet)
        fleet.asg.cancel_instance_refresh(AutoScalingGroupName="web")
        fleet.serve(2)
        assert set(end()) == {200} and fleet.ids() == before


def test_one_that_only_its_load_balancer_finds_unhealthy_is_caught_while_it_warms_up(fleet: Fleet) -> None:
    """Whichever way the hosts are counted: by their greatest number in three periods running."""
    readings = {"refresh-waits-for-target-health": False, "host-counts-by-zone": True}
    post(fleet.endpoint, "/_rehearsal/readings", readings)
    fleet.make(HealthCheckGracePeriod=600)
    fleet.serve(2)
    before = fleet.ids()
    unhealthy_alarm(fleet, "Maximum", 3)
    end, _ = fleet.traffic()
    fleet.start(
        fleet.version("broken"), InstanceWarmup=270, MaxHealthyPercentage=200, AlarmSpecification={"Alarms": ["unhealthy"]}
    )
    assert "unhealthy is in the ALARM state" in fleet.until_status("Failed", "Successful").get("StatusReason", "")
    fleet.serve(2)
    assert set(end()) == {200} and fleet.ids() == before


def test_the_least_number_of_a_zone_hides_what_another_zone_has(fleet: Fleet) -> None:
    """Why a minimum is no alarm where each zone reports its own."""
    post(fleet.endpoint, "/_rehearsal/readings", {"host-counts-by-zone": True})
    fleet.make(size=1, HealthCheckGracePeriod=600)
    fleet.serve(1)
    unhealthy_alarm(fleet, "Minimum", 2)
    next(iter(fleet.sites.values())).healthy = False
    until(lambda: fleet.healthy() == 0)
    # Five periods at a minute a second.
    time.sleep(5)
    assert fleet.cloudwatch.describe_alarms(AlarmNames=["unhealthy"])["MetricAlarms"][0]["StateValue"] != "ALARM"
    post(fleet.endpoint, "/_rehearsal/readings", {"host-counts-by-zone": False})
    until(lambda: fleet.cloudwatch.describe_alarms(AlarmNames=["unhealthy"])["MetricAlarms"][0]["StateValue"] == "ALARM")


def test_an_alarm_from_before_ends_a_refresh_where_it_is_read_so(fleet: Fleet) -> None:
    """instance-refresh-rollback.html, read the other way"""
    post(fleet.endpoint, "/_rehearsal/readings", {"earlier-alarm-ends-refresh": True})
    fleet.make()
    fleet.serve(2)
    before = fleet.ids()
    fleet.alarm("any")
    fleet.ring("any")
    fleet.start(fleet.version("two"), AlarmSpecification={"Alarms": ["any"]})
    assert "any is in the ALARM state" in fleet.until_status("Failed", "Successful").get("StatusReason", "")
    fleet.serve(2)
    assert fleet.ids() == before
    fleet.start("2")
    fleet.until_status("Successful")
