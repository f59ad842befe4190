"""Groups: launching, keeping, shrinking, deleting.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
"""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from rehearsal.tests.autoscaling.conftest import Fleet
from rehearsal.tests.elb.loopback import until


def test_launches_over_the_zones_with_tags_and_registers(fleet: Fleet) -> None:
    tags = [
        {"Key": "Owner", "Value": "acme", "PropagateAtLaunch": True},
        {"Key": "Secret", "Value": "x", "PropagateAtLaunch": False},
    ]
    fleet.make(Tags=tags)
    fleet.serve(2)
    found = fleet.instances()
    assert {i["AvailabilityZone"] for i in found} == {"us-east-1a", "us-east-1b"}
    assert all(i["LaunchTemplate"]["Version"] == "1" and i["HealthStatus"] == "Healthy" for i in found)
    reply = fleet.ec2.describe_instances(InstanceIds=[found[0]["InstanceId"]])
    given = {t["Key"]: t["Value"] for t in reply["Reservations"][0]["Instances"][0]["Tags"]}
    assert given["aws:autoscaling:groupName"] == "web" and given["Owner"] == "acme" and "Secret" not in given
    first = fleet.activities()[0]
    assert first["StatusCode"] == "Successful" and first["Progress"] == 100
    assert first["Description"].startswith("Launching a new EC2 instance: i-")
    assert "a user request created an AutoScalingGroup changing the desired capacity from 0 to 2." in first["Cause"]
    assert "increasing the capacity from 0 to 2." in first["Cause"]


def test_describes_a_group_as_aws_does(fleet: Fleet) -> None:
    fleet.make(size=1)
    found = fleet.describe()
    assert found["LaunchTemplate"] == {**fleet.spec(), "LaunchTemplateName": "web"}
    assert (found["MinSize"], found["MaxSize"], found["DesiredCapacity"], found["DefaultCooldown"]) == (0, 6, 1, 300)
    assert found["AvailabilityZones"] == ["us-east-1a", "us-east-1b"] and found["TargetGroupARNs"] == [fleet.group_arn]
    assert found["TerminationPolicies"] == ["Default"] and found["NewInstancesProtectedFromScaleIn"] is False
    assert ":autoScalingGroup:" in found["AutoScalingGroupARN"] and found["ServiceLinkedRoleARN"].startswith("arn:aws:iam")
    with pytest.raises(ClientError, match="AlreadyExists"):
        fleet.make()


def test_replaces_an_instance_that_was_terminated(fleet: Fleet) -> None:
    fleet.make()
    fleet.serve(2)
    lost = fleet.instances()[0]["InstanceId"]
    fleet.ec2.terminate_instances(InstanceIds=[lost])
    until(lambda: lost not in fleet.ids() and fleet.healthy() == 2 and len(fleet.ids()) == 2)
    causes = [a["Cause"] for a in fleet.activities()]
    assert any("in response to an EC2 health check indicating it has been terminated or stopped" in c for c in causes)
    assert any("an unhealthy instance needing to be replaced" in c for c in causes)


def test_replaces_an_instance_that_its_target_group_finds_unhealthy(fleet: Fleet) -> None:
    fleet.make(HealthCheckGracePeriod=30)
    fleet.serve(2)
    sick = fleet.instances()[0]["InstanceId"]
    fleet.sites[sick].healthy = False
    until(lambda: sick not in fleet.ids() and fleet.healthy() == 2)
    assert any("ELB system health check failure" in a["Cause"] for a in fleet.activities())


def test_shrinks_by_draining_before_it_terminates(fleet: Fleet) -> None:
    fleet.make()
    fleet.serve(2)
    before = {i["InstanceId"] for i in fleet.instances()}
    fleet.asg.update_auto_scaling_group(AutoScalingGroupName="web", DesiredCapacity=1)
    until(lambda: fleet.instances(state="Terminating"))
    victim = fleet.instances(state="Terminating")[0]["InstanceId"]
    until(lambda: fleet.activities()[0]["StatusCode"] == "WaitingForELBConnectionDraining")
    running = fleet.ec2.describe_instances(InstanceIds=[victim])["Reservations"][0]["Instances"][0]["State"]["Name"]
    assert running == "running"
    fleet.serve(1)
    assert fleet.ids() == before - {victim}
    assert "shrinking the capacity from 2 to 1" in fleet.activities()[0]["Cause"]


def test_spares_what_is_protected_from_scale_in(fleet: Fleet) -> None:
    fleet.make()
    fleet.serve(2)
    kept = fleet.instances()[0]["InstanceId"]
    fleet.asg.set_instance_protection(AutoScalingGroupName="web", InstanceIds=[kept], ProtectedFromScaleIn=True)
    fleet.asg.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=0)
    until(lambda: fleet.ids() == {kept} and len(fleet.describe()["Instances"]) == 1)


def test_a_launch_that_fails_is_told_and_tried_again(fleet: Fleet) -> None:
    other = fleet.ec2.create_launch_template(LaunchTemplateName="other", LaunchTemplateData=fleet._data("one"))
    given = {"LaunchTemplateId": other["LaunchTemplate"]["LaunchTemplateId"]}
    fleet.make(size=0, LaunchTemplate={**given, "Version": "1"})
    fleet.ec2.delete_launch_template(**given)
    fleet.asg.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=1)
    until(lambda: fleet.activities())
    failed = fleet.activities()[0]
    assert failed["StatusCode"] == "Failed" and failed["StatusMessage"].endswith("Launching EC2 instance failed.")
    until(lambda: len(fleet.activities()) > 1)
    fleet.asg.update_auto_scaling_group(AutoScalingGroupName="web", LaunchTemplate=fleet.spec())
    fleet.serve(1)


def test_refuses_what_could_never_be_launched(fleet: Fleet) -> None:
    for changed, message in (
        ({"LaunchTemplate": fleet.spec("9")}, "ValidationError"),
        ({"MinSize": 3, "MaxSize": 2, "DesiredCapacity": 3}, "Max bound must be greater"),
        ({"DesiredCapacity": 7}, "must be between"),
        ({"VPCZoneIdentifier": "subnet-0123456789abcdef0"}, "does not exist"),
        ({"TargetGroupARNs": [fleet.group_arn + "x"]}, "Provided Target Groups may not be valid"),
        ({"MaxInstanceLifetime": 86400}, "NotImplemented"),
    ):
        with pytest.raises(ClientError, match=message):
            fleet.make(**changed)  # type: ignore[arg-type]
    gone = fleet.ec2.create_launch_template(
        LaunchTemplateName="gone", LaunchTemplateData={"ImageId": "ami-0123456789abcdef0", "InstanceType": "t3.micro"}
    )["LaunchTemplate"]["LaunchTemplateId"]
    with pytest.raises(ClientError, match="You must use a valid fully-formed launch template"):
        fleet.make(LaunchTemplate={"LaunchTemplateId": gone, "Version": "1"})


def test_deleting_wants_an_empty_group_or_force(fleet: Fleet) -> None:
    fleet.make()
    fleet.serve(2)
    with pytest.raises(ClientError, match="ResourceInUse"):
        fleet.asg.delete_auto_scaling_group(AutoScalingGroupName="web")
    fleet.asg.delete_auto_scaling_group(AutoScalingGroupName="web", ForceDelete=True)
    found = fleet.asg.describe_auto_scaling_groups()["AutoScalingGroups"]
    assert not found or found[0]["Status"] == "Delete in progress"
    until(lambda: not fleet.asg.describe_auto_scaling_groups()["AutoScalingGroups"])
    assert not fleet.sites
    told = fleet.asg.describe_scaling_activities(AutoScalingGroupName="web", IncludeDeletedGroups=True)["Activities"]
    assert told[0]["AutoScalingGroupState"] == "Deleted"


def test_lifecycle_hooks_hold_an_instance_on_its_way_in_and_out(fleet: Fleet) -> None:
    """lifecycle-hooks.html"""
    hooks = [
        {"LifecycleHookName": n, "LifecycleTransition": f"autoscaling:EC2_INSTANCE_{t}", "DefaultResult": "CONTINUE"}
        for n, t in (("in", "LAUNCHING"), ("out", "TERMINATING"))
    ]
    fleet.make(size=1, LifecycleHookSpecificationList=hooks)
    until(lambda: fleet.instances(state="Pending:Wait"))
    name = fleet.instances(state="Pending:Wait")[0]["InstanceId"]
    fleet.asg.record_lifecycle_action_heartbeat(AutoScalingGroupName="web", LifecycleHookName="in", InstanceId=name)
    complete = {"AutoScalingGroupName": "web", "InstanceId": name, "LifecycleActionResult": "CONTINUE"}
    fleet.asg.complete_lifecycle_action(LifecycleHookName="in", **complete)
    fleet.serve(1)
    fleet.asg.terminate_instance_in_auto_scaling_group(InstanceId=name, ShouldDecrementDesiredCapacity=True)
    until(lambda: fleet.instances(state="Terminating:Wait"))
    fleet.asg.complete_lifecycle_action(LifecycleHookName="out", **complete)
    until(lambda: not fleet.describe()["Instances"])
    with pytest.raises(ClientError, match="No active Lifecycle Action"):
        fleet.asg.complete_lifecycle_action(LifecycleHookName="in", **complete)


def test_suspended_processes_do_not_run(fleet: Fleet) -> None:
    fleet.make(size=1)
    fleet.serve(1)
    fleet.asg.suspend_processes(AutoScalingGroupName="web", ScalingProcesses=["Launch"])
    fleet.asg.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=2)
    import time

    time.sleep(1)
    assert len(fleet.describe()["Instances"]) == 1
    assert fleet.describe()["SuspendedProcesses"][0]["ProcessName"] == "Launch"
    fleet.asg.resume_processes(AutoScalingGroupName="web")
    fleet.serve(2)


def test_a_group_without_its_launch_template_replaces_nothing_and_can_be_deleted(fleet: Fleet) -> None:
    """Unchecked: that an update which names no template does not look at the one that the group has."""
    fleet.make()
    fleet.serve(2)
    fleet.ec2.delete_launch_template(LaunchTemplateId=fleet.spec()["LaunchTemplateId"])
    fleet.ec2.terminate_instances(InstanceIds=[fleet.instances()[0]["InstanceId"]])
    until(lambda: any("Launching EC2 instance failed" in a.get("StatusMessage", "") for a in fleet.activities()))
    assert len(fleet.ids()) == 1
    fleet.asg.update_auto_scaling_group(AutoScalingGroupName="web", MinSize=0, MaxSize=0, DesiredCapacity=0)
    fleet.asg.delete_auto_scaling_group(AutoScalingGroupName="web", ForceDelete=True)
    until(lambda: not fleet.asg.describe_auto_scaling_groups(AutoScalingGroupNames=["web"])["AutoScalingGroups"])
