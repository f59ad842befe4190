"""From the first boot to the end: what stays of an instance, and what goes.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from rehearsal.machines import cgroups, names
from rehearsal.tests.ec2.world import World
from rehearsal.tests.ec2.world import world as world


def test_a_stopped_instance_keeps_its_disk_and_private_address(world: World) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ec2-instance-stop-start-works.html"""
    made = world.run()
    first = world.wait(made, "running")
    world.ssh(made, "echo kept > note")
    world.ec2.stop_instances(InstanceIds=[made])
    stopped = world.wait(made, "stopped")
    assert stopped["StateReason"]["Code"] == "Client.UserInitiatedShutdown"
    assert "PublicIpAddress" not in stopped
    world.ec2.start_instances(InstanceIds=[made])
    again = world.wait(made, "running")
    assert world.ssh(made, "cat note") == "kept"
    assert again["PrivateIpAddress"] == first["PrivateIpAddress"]
    assert again["PublicIpAddress"] != first["PublicIpAddress"]
    world.end(made)


@pytest.mark.parametrize("behaviour", ["stop", "terminate"])
def test_a_shutdown_from_inside_is_noticed(world: World, behaviour: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingInstanceInitiatedShutdownBehavior.html"""
    made = world.run(InstanceInitiatedShutdownBehavior=behaviour)
    world.wait(made, "running")
    world.ssh(made, "sudo systemd-run --quiet --on-active=0.2 systemctl poweroff")
    ended = world.wait(made, "stopped" if behaviour == "stop" else "terminated")
    assert ended["StateReason"]["Code"] == "Client.InstanceInitiatedShutdown"
    world.end(made)


def test_several_boot_at_once(world: World) -> None:
    begun = time.monotonic()
    made = world.ec2.run_instances(
        ImageId=world.base, InstanceType="t3.micro", MinCount=4, MaxCount=4, SubnetId=world.subnet,
    )["Instances"]  # fmt: skip
    identifiers = [i["InstanceId"] for i in made]
    assert [i["AmiLaunchIndex"] for i in made] == [0, 1, 2, 3]
    for identifier in identifiers:
        world.wait(identifier, "running")
    assert time.monotonic() - begun < 30
    groups = [h / names.prefix().rstrip(".") / i / "payload" for h in cgroups.hierarchies() for i in identifiers]
    assert all(group.is_dir() for group in groups), "guests share control groups, and with them their services'"
    world.ec2.terminate_instances(InstanceIds=identifiers)
    for identifier in identifiers:
        world.wait(identifier, "terminated")


def test_a_terminated_instance_leaves_nothing_on_the_machine(world: World) -> None:
    made = world.run()
    world.wait(made, "running")
    assert made in Path("/proc/self/mountinfo").read_text()
    world.end(made)
    assert made not in Path("/proc/self/mountinfo").read_text()
    assert not (names.NETNS / names.namespace(made)).exists()
    assert not (names.disks() / "instances" / made).exists()
    assert not any((h / names.prefix().rstrip(".") / made).exists() for h in cgroups.hierarchies())
