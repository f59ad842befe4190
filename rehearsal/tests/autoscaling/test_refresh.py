"""Instance refreshes.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
"""

from __future__ import annotations

import time

import pytest
from botocore.exceptions import ClientError

from rehearsal.services.autoscaling import refreshing
from rehearsal.tests.autoscaling.conftest import Fleet
from rehearsal.tests.elb.loopback import until


def test_replaces_every_instance_and_loses_no_request(fleet: Fleet) -> None:
    """A roll-out with 100 percent healthy at least launches first (B21)."""
    fleet.make()
    fleet.serve(2)
    end, _ = fleet.traffic()
    least = most = 2
    identifier = fleet.start(fleet.version("two"))
    seen = set()
    while fleet.refresh()["Status"] in ("Pending", "InProgress"):
        least, most = (
            min(least, fleet.healthy()),
            max(most, len(fleet.instances()) + len(fleet.instances(state="Pending"))),
        )
        seen.add(fleet.refresh().get("PercentageComplete"))
        time.sleep(0.02)
    found, answers = fleet.refresh(identifier), end()
    assert found["Status"] == "Successful" and found["PercentageComplete"] == 100 and found["InstancesToUpdate"] == 0
    assert (least, most) == (2, 3) and {0, 50} <= seen
    assert fleet.versions() == ["2", "2"] and set(answers) == {200} and answers[200] > 50
    assert fleet.describe()["LaunchTemplate"]["Version"] == "2"
    assert found["DesiredConfiguration"]["LaunchTemplate"]["Version"] == "2"
    assert found["Preferences"]["MinHealthyPercentage"] == 100 and found["Preferences"]["SkipMatching"] is False
    assert found["ProgressDetails"]["LivePoolProgress"] == {"PercentageComplete": 100, "InstancesToUpdate": 0}
    assert any("in response to an instance refresh" in a["Cause"] for a in fleet.activities())


def test_without_a_desired_configuration_the_groups_own_is_used(fleet: Fleet) -> None:
    fleet.make()
    fleet.serve(2)
    fleet.asg.update_auto_scaling_group(AutoScalingGroupName="web", LaunchTemplate=fleet.spec(fleet.version("two")))
    fleet.start(MinHealthyPercentage=50, MaxHealthyPercentage=100)
    assert fleet.until_status("Successful")["PercentageComplete"] == 100
    assert fleet.versions() == ["2", "2"]


def test_skips_what_matches_already(fleet: Fleet) -> None:
    fleet.make()
    fleet.serve(2)
    before = fleet.ids()
    fleet.start("1", SkipMatching=True)
    fleet.until_status("Successful")
    assert fleet.ids() == before


def test_an_alarm_stops_it_and_rolls_back_without_losing_a_request(fleet: Fleet) -> None:
    """instance-refresh-rollback.html: auto rollback (B21)"""
    fleet.make(HealthCheckGracePeriod=600)
    fleet.serve(2)
    before = fleet.ids()
    fleet.cloudwatch.put_metric_alarm(
        AlarmName="unhealthy", Namespace="AWS/ApplicationELB", MetricName="UnHealthyHostCount", Statistic="Maximum",
        Dimensions=[
            {"Name": "LoadBalancer", "Value": fleet.ground.arn.split("loadbalancer/")[1]},
            {"Name": "TargetGroup", "Value": fleet.group_arn.split(":", 5)[5]},
        ],
        Period=60, EvaluationPeriods=1, Threshold=0, ComparisonOperator="GreaterThanThreshold", TreatMissingData="notBreaching",
    )  # fmt: skip
    end, _ = fleet.traffic()
    fleet.start(fleet.version("broken"), AutoRollback=True, AlarmSpecification={"Alarms": ["unhealthy"]})
    found = fleet.until_status("RollbackSuccessful", "RollbackFailed", "Failed", "Successful")
    fleet.serve(2)
    assert found["Status"] == "RollbackSuccessful", found
    assert "unhealthy is in the ALARM state" in found["RollbackDetails"]["RollbackReason"]
    assert found["RollbackDetails"]["PercentageCompleteOnRollback"] == 0
    assert set(end()) == {200} and fleet.ids() == before and fleet.versions() == ["1", "1"]
    assert fleet.describe()["LaunchTemplate"]["Version"] == "1"


def test_without_auto_rollback_an_alarm_only_fails_it(fleet: Fleet) -> None:
    fleet.make()
    fleet.serve(2)
    before = fleet.ids()
    fleet.alarm("any")
    fleet.start(fleet.version("broken"), AlarmSpecification={"Alarms": ["any"]})
    until(lambda: len(fleet.instances()) == 3)
    fleet.ring("any")
    found = fleet.until_status("Failed")
    assert "any is in the ALARM state" in found["StatusReason"]
    fleet.serve(2)
    assert fleet.ids() == before


def test_an_alarm_that_rang_before_does_not_stop_what_undoes_its_cause(fleet: Fleet) -> None:
    """instance-refresh-rollback.html: alarms that "go into the ALARM state"."""
    fleet.make()
    fleet.serve(2)
    fleet.alarm("any")
    fleet.ring("any")
    fleet.start(fleet.version("two"), AlarmSpecification={"Alarms": ["any"]})
    fleet.until_status("Successful")
    fleet.start(fleet.version("broken"), AlarmSpecification={"Alarms": ["any"]})
    fleet.ring("any", "OK")
    until(lambda: len(fleet.instances()) == 3)
    fleet.ring("any")
    assert "any is in the ALARM state" in fleet.until_status("Failed")["StatusReason"]


def test_an_instance_that_never_gets_healthy_fails_it_after_an_hour(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """asg-instance-refresh.html: up to 60 minutes; here two, of AWS's time."""
    monkeypatch.setattr(refreshing, "PATIENCE", 120.0)
    fleet.make(HealthCheckGracePeriod=600)
    fleet.serve(2)
    before = fleet.ids()
    fleet.start(fleet.version("broken"), AutoRollback=True)
    until(lambda: "insufficient data to evaluate its health" in fleet.refresh().get("StatusReason", ""))
    found = fleet.until_status("RollbackSuccessful")
    assert "no progress for one hour" in found["RollbackDetails"]["RollbackReason"] and fleet.ids() == before


def test_a_manual_rollback_brings_the_old_version_back(fleet: Fleet) -> None:
    """API_RollbackInstanceRefresh.html"""
    fleet.make()
    fleet.serve(2)
    fleet.start(fleet.version("two"), CheckpointPercentages=[50, 100], CheckpointDelay=3600)
    until(lambda: fleet.versions() == ["1", "2"])
    fleet.asg.rollback_instance_refresh(AutoScalingGroupName="web")
    found = fleet.until_status("RollbackSuccessful")
    assert found["RollbackDetails"]["PercentageCompleteOnRollback"] == 50 and found["PercentageComplete"] == 0
    assert fleet.versions() == ["1", "1"] and fleet.describe()["LaunchTemplate"]["Version"] == "1"


def test_cancelling_leaves_what_was_replaced(fleet: Fleet) -> None:
    """API_CancelInstanceRefresh.html"""
    fleet.make()
    fleet.serve(2)
    fleet.start(fleet.version("two"), CheckpointPercentages=[50, 100], CheckpointDelay=3600)
    until(lambda: fleet.versions() == ["1", "2"])
    fleet.asg.cancel_instance_refresh(AutoScalingGroupName="web")
    fleet.until_status("Cancelled")
    assert fleet.versions() == ["1", "2"] and fleet.describe()["LaunchTemplate"]["Version"] == "1"
    with pytest.raises(ClientError, match="ActiveInstanceRefreshNotFound"):
        fleet.asg.cancel_instance_refresh(AutoScalingGroupName="web")


def test_waits_for_protected_instances_or_ignores_them(fleet: Fleet) -> None:
    fleet.make()
    fleet.serve(2)
    kept = sorted(fleet.ids())[0]
    given = {"AutoScalingGroupName": "web", "InstanceIds": [kept]}
    fleet.asg.set_instance_protection(ProtectedFromScaleIn=True, **given)
    fleet.start(fleet.version("two"))
    until(lambda: "scale in protection" in fleet.refresh().get("StatusReason", ""))
    fleet.asg.set_instance_protection(ProtectedFromScaleIn=False, **given)
    fleet.until_status("Successful")
    kept = sorted(fleet.ids())[0]
    fleet.asg.set_instance_protection(ProtectedFromScaleIn=True, AutoScalingGroupName="web", InstanceIds=[kept])
    fleet.start(fleet.version("three"), ScaleInProtectedInstances="Ignore")
    fleet.until_status("Successful")
    assert kept in fleet.ids() and fleet.versions() == ["2", "3"]


def test_refuses_what_aws_refuses(fleet: Fleet) -> None:
    fleet.make(size=0)
    for preferences, message in (
        ({"MinHealthyPercentage": 101}, "MinHealthyPercentage"),
        ({"MaxHealthyPercentage": 201}, "MaxHealthyPercentage"),
        ({"CheckpointPercentages": [50, 20]}, "CheckpointPercentages"),
        ({"CheckpointDelay": 10}, "CheckpointDelay"),
        ({"AutoRollback": True}, "AutoRollback"),
        ({"AlarmSpecification": {"Alarms": ["none"]}}, "does not exist"),
    ):
        with pytest.raises(ClientError, match=message):
            fleet.start(**preferences)  # type: ignore[arg-type]
    with pytest.raises(ClientError, match="ActiveInstanceRefreshNotFound"):
        fleet.asg.rollback_instance_refresh(AutoScalingGroupName="web")
    fleet.asg.suspend_processes(AutoScalingGroupName="web", ScalingProcesses=["InstanceRefresh"])
    fleet.start()
    with pytest.raises(ClientError, match="InstanceRefreshInProgress"):
        fleet.start()
