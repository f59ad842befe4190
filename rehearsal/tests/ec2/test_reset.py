"""POST /moto-api/reset with instances up: the machine is as before."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from rehearsal.machines import names
from rehearsal.tests.conftest import client_of, post
from rehearsal.tests.ec2.conftest import DEBIAN, until


def test_a_reset_ends_running_and_booting_instances(fresh: str) -> None:
    ec2 = client_of(fresh, "ec2")
    image = ec2.describe_images(Owners=[DEBIAN])["Images"][0]["ImageId"]

    def run() -> str:
        made = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)
        return made["Instances"][0]["InstanceId"]

    def state(identifier: str) -> Any:
        return ec2.describe_instances(InstanceIds=[identifier])["Reservations"][0]["Instances"][0]["State"]["Name"]

    running = run()
    until(lambda: state(running) == "running")
    booting = run()
    post(fresh, "/moto-api/reset")
    time.sleep(0.5)
    assert [p.name for p in names.NETNS.glob(f"{names.prefix()}i-*")] == []
    mounts = Path("/proc/self/mountinfo").read_text()
    assert running not in mounts and booting not in mounts
    assert ec2.describe_instances()["Reservations"] == []
    assert ec2.describe_images(Owners=[DEBIAN])["Images"][0]["ImageId"] == image
