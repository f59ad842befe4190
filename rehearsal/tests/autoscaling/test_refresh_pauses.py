"""Where an instance refresh waits: at its checkpoints, and while it bakes.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-adding-checkpoints-instance-refresh.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime

from rehearsal.kernel.settings import settings
from rehearsal.tests.autoscaling.conftest import Fleet
from rehearsal.tests.conftest import client_of
from rehearsal.tests.elb.loopback import until


def test_waits_at_a_checkpoint(fleet: Fleet) -> None:
    """asg-adding-checkpoints-instance-refresh.html"""
    fleet.make()
    fleet.serve(2)
    fleet.start(fleet.version("two"), CheckpointPercentages=[50, 100], CheckpointDelay=3600)
    until(lambda: "checkpoint of 50 percent" in fleet.refresh().get("StatusReason", ""))
    fleet.serve(2)
    time.sleep(0.7)
    paused = fleet.refresh()
    assert (paused["PercentageComplete"], paused["Status"]) == (50, "InProgress")
    assert fleet.versions() == ["1", "2"]


def told(fleet: Fleet) -> Callable[[], list[str]]:
    """Hears of checkpoints; the function returns the percentages so far."""
    sqs, events = client_of(fleet.endpoint, "sqs"), client_of(fleet.endpoint, "events")
    queue = sqs.create_queue(QueueName="events")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:123456789012:events"
    policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}]}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    kinds = [f"EC2 Auto Scaling Instance Refresh {kind}" for kind in ("Checkpoint Reached", "Succeeded")]
    events.put_rule(Name="refreshes", EventPattern=json.dumps({"detail-type": kinds}))
    events.put_targets(Rule="refreshes", Targets=[{"Id": "1", "Arn": arn}])
    found: list[str] = []

    def collect() -> list[str]:
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            found.append(json.loads(message["Body"])["detail"].get("CheckpointPercentage", "Succeeded"))
        return found

    return collect


def test_tells_each_checkpoint_but_those_overtaken_and_that_of_100(fleet: Fleet) -> None:
    """asg-adding-checkpoints-instance-refresh.html: its example of two instances and [10, 40, 100]."""
    fleet.make()
    fleet.serve(2)
    checkpoints = told(fleet)
    fleet.start(fleet.version("two"), CheckpointPercentages=[10, 40, 100], CheckpointDelay=30)
    fleet.until_status("Successful")
    until(lambda: "Succeeded" in checkpoints())
    assert sorted(checkpoints()) == ["40", "Succeeded"] and fleet.versions() == ["2", "2"]


def test_a_last_checkpoint_below_100_ends_the_refresh_there(fleet: Fleet) -> None:
    """enable-checkpoints-console-cli.html: "To partially refresh the Auto Scaling group"."""
    fleet.make()
    fleet.serve(2)
    checkpoints = told(fleet)
    fleet.start(fleet.version("two"), CheckpointPercentages=[50], CheckpointDelay=3600)
    found = fleet.until_status("Successful")
    assert (found["PercentageComplete"], found["InstancesToUpdate"]) == (50, 1)
    fleet.serve(2)
    assert fleet.versions() == ["1", "2"]
    until(lambda: sorted(checkpoints()) == ["50", "Succeeded"])


def test_bakes_when_all_are_replaced(fleet: Fleet) -> None:
    """API_RefreshPreferences.html: BakeTime"""
    fleet.make()
    fleet.serve(2)
    fleet.start(fleet.version("two"), BakeTime=3600)
    baking = fleet.until_status("Baking")
    assert baking["PercentageComplete"] == 100 and "bake time of 3600 seconds" in baking["StatusReason"]
    assert fleet.versions() == ["2", "2"]
    assert fleet.describe()["LaunchTemplate"]["Version"] == "1"


def test_goes_on_after_the_checkpoints_delay_and_the_bake_time(fleet: Fleet) -> None:
    """Read from what is recorded: at a minute a second a test that looks now and then could miss a pause."""
    fleet.make()
    fleet.serve(2)
    fleet.start(fleet.version("two"), CheckpointPercentages=[50, 100], CheckpointDelay=90, BakeTime=60)
    end = fleet.until_status("Successful", seconds=60)["EndTime"]
    ways: dict[str, list[datetime]] = {"Launching": [], "Terminating": []}
    for activity in fleet.activities():
        if "instance refresh" in activity["Cause"]:
            kind = activity["Description"].split()[0]
            ways[kind].append(activity["StartTime" if kind == "Launching" else "EndTime"])
    (_, launched), (gone, gone_last) = sorted(ways["Launching"]), sorted(ways["Terminating"])
    assert (launched - gone).total_seconds() * settings.speed >= 90
    assert (end - gone_last).total_seconds() * settings.speed >= 60
