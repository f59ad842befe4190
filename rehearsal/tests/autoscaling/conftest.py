"""Groups of instances that are EC2's records with a small web server each, behind a load balancer on loopback."""

from __future__ import annotations

import base64
import http.client
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rehearsal.kernel import tasks
from rehearsal.kernel.settings import settings
from rehearsal.services.ec2 import lifecycle, states
from rehearsal.services.elb import wire as wires
from rehearsal.tests.conftest import client_of
from rehearsal.tests.elb.conftest import Ground
from rehearsal.tests.elb.loopback import LOST, Loopback, Site, until


class Fleet:
    """`versions` are launch templates' user data: "broken" makes a site that never gets healthy."""

    def __init__(self, endpoint: str, wire: Loopback) -> None:
        self.endpoint, self.wire = endpoint, wire
        self.sites: dict[str, Site] = {}
        self.lock = threading.Lock()
        self.ground = Ground(endpoint, wire)
        self.ec2, self.elb = self.ground.ec2, self.ground.elb
        self.asg = client_of(endpoint, "autoscaling")
        self.cloudwatch = client_of(endpoint, "cloudwatch")
        self.image = self.ec2.describe_images(Owners=["136693071363"])["Images"][0]["ImageId"]
        self.group_arn = self._target_group()
        self.template = self.ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=self._data("one"))[
            "LaunchTemplate"
        ]["LaunchTemplateId"]

    def _target_group(self) -> str:
        made = self.elb.create_target_group(
            Name="web-instances", Protocol="HTTP", Port=80, VpcId=self.ground.vpc, HealthCheckPath="/health",
            HealthCheckIntervalSeconds=6, HealthCheckTimeoutSeconds=2, HealthyThresholdCount=2, UnhealthyThresholdCount=2,
        )["TargetGroups"][0]["TargetGroupArn"]  # fmt: skip
        self.ground.set(made, **{"deregistration_delay.timeout_seconds": "20"})
        forward = {"Type": "forward", "TargetGroupArn": made}
        self.elb.modify_listener(ListenerArn=self.ground.listener, DefaultActions=[forward])
        return str(made)

    def _data(self, words: str) -> dict[str, Any]:
        data = base64.b64encode(words.encode()).decode()
        return {"ImageId": self.image, "InstanceType": "t3.micro", "UserData": data}

    def version(self, words: str) -> str:
        made = self.ec2.create_launch_template_version(
            LaunchTemplateId=self.template, LaunchTemplateData=self._data(words)
        )
        return str(made["LaunchTemplateVersion"]["VersionNumber"])

    def spec(self, version: str = "1") -> dict[str, str]:
        return {"LaunchTemplateId": self.template, "Version": version}

    def make(self, name: str = "web", size: int = 2, **settings: Any) -> None:
        self.asg.create_auto_scaling_group(
            **{
                "AutoScalingGroupName": name, "LaunchTemplate": self.spec(), "MinSize": 0, "MaxSize": 6, "DesiredCapacity": size,
                "VPCZoneIdentifier": ",".join(self.ground.subnets), "TargetGroupARNs": [self.group_arn],
                "HealthCheckType": "ELB", "HealthCheckGracePeriod": 0, **settings,
            }
        )  # fmt: skip

    def boot(self, instance: Any, layers: tuple[str, ...]) -> None:
        """In place of a machine: half a second later a web server."""
        lifecycle._machines[instance.id] = lifecycle.Machine(instance, layers)
        tasks.spawn(f"boot-{instance.id}", self._boot, instance)

    def _boot(self, instance: Any) -> None:
        tasks.real_sleep(0.2)
        if instance.state != "pending":
            return
        words = base64.b64decode(str(instance.user_data)).decode()
        site = Site(self.wire, instance.private_ip)
        site.healthy = "broken" not in words
        with self.lock:
            self.sites[instance.id] = site
        states.put(instance, "running")

    def end(self, machine: Any, *_: Any) -> None:
        with self.lock:
            site = self.sites.pop(machine.instance.id, None)
        if site:
            site.close()
        states.put(machine.instance, "terminated", *states.USER_SHUTDOWN)

    def describe(self, name: str = "web") -> dict[str, Any]:
        return dict(self.asg.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0])

    def instances(self, name: str = "web", state: str = "InService") -> list[dict[str, Any]]:
        return [i for i in self.describe(name)["Instances"] if i["LifecycleState"] == state]

    def ids(self, name: str = "web") -> set[str]:
        return {i["InstanceId"] for i in self.instances(name)}

    def versions(self, name: str = "web") -> list[str]:
        return sorted(i["LaunchTemplate"]["Version"] for i in self.instances(name))

    def healthy(self) -> int:
        found = self.elb.describe_target_health(TargetGroupArn=self.group_arn)["TargetHealthDescriptions"]
        return sum(d["TargetHealth"]["State"] == "healthy" for d in found)

    def serve(self, number: int = 2, seconds: float = 60) -> None:
        """Waits until that many instances are in service, healthy, and nothing else is there."""
        until(lambda: len(self.describe()["Instances"]) == len(self.instances()) == number == self.healthy(), seconds)

    def activities(self, name: str = "web") -> list[dict[str, Any]]:
        return list(self.asg.describe_scaling_activities(AutoScalingGroupName=name)["Activities"])

    def refresh(self, identifier: str = "") -> dict[str, Any]:
        wanted = {"InstanceRefreshIds": [identifier]} if identifier else {}
        found = self.asg.describe_instance_refreshes(AutoScalingGroupName="web", **wanted)
        return dict(found["InstanceRefreshes"][0])

    def start(self, version: str | None = None, **preferences: Any) -> str:
        wanted = {"DesiredConfiguration": {"LaunchTemplate": self.spec(version)}} if version else {}
        preferences = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150, "InstanceWarmup": 0, **preferences}
        made = self.asg.start_instance_refresh(AutoScalingGroupName="web", Preferences=preferences, **wanted)
        return str(made["InstanceRefreshId"])

    def until_status(self, *statuses: str, seconds: float = 60) -> dict[str, Any]:
        until(lambda: self.refresh()["Status"] in statuses, seconds)
        return self.refresh()

    def alarm(self, name: str) -> None:
        """One that nothing but `ring` puts into another state."""
        self.cloudwatch.put_metric_alarm(
            AlarmName=name, Namespace="Shop", MetricName="Errors", Statistic="Sum", Period=60, EvaluationPeriods=1,
            Threshold=0, ComparisonOperator="GreaterThanThreshold", TreatMissingData="ignore",
        )  # fmt: skip

    def ring(self, name: str, state: str = "ALARM") -> None:
        self.cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="by hand")

    def traffic(self) -> tuple[Callable[[], Counter[int]], Any]:
        """Customers who never rest; the function ends them and tells how they were answered."""
        ended, answers = threading.Event(), Counter[int]()

        def customer() -> None:
            while not ended.is_set():
                connection = http.client.HTTPConnection("127.0.0.1", self.ground.port, timeout=5)
                try:
                    for _ in range(20):
                        connection.request("GET", "/")
                        answer = connection.getresponse()
                        answer.read()
                        answers[answer.status] += 1
                except (OSError, http.client.HTTPException):
                    answers[LOST] += 1
                connection.close()

        crowd = [threading.Thread(target=customer) for _ in range(3)]
        for one in crowd:
            one.start()

        def end() -> Counter[int]:
            ended.set()
            for one in crowd:
                one.join()
            return answers

        return end, answers


@pytest.fixture
def fleet(fresh: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    monkeypatch.setattr(settings, "speed", 60.0)
    wire, before = Loopback(), wires.wire
    wires.use(wire)
    made = Fleet(fresh, wire)
    monkeypatch.setattr(lifecycle, "launch", made.boot)
    monkeypatch.setattr(lifecycle, "terminate", made.end)
    monkeypatch.setattr("rehearsal.services.autoscaling.health.BOOT", 1.0)
    yield made
    tasks.reset()
    for site in made.sites.values():
        site.close()
    wires.use(before)
