"""UpdatePolicy AutoScalingRollingUpdate: CloudFormation replaces instances in batches by itself.

Messages are as CloudFormation's events show them (unchecked: they are not documented).
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.services.cloudformation.handler import Context, HandlerFailure, Signal
from rehearsal.services.cloudformation.handlers.autoscaling.signals import await_signals
from rehearsal.services.cloudformation.handlers.wait import until
from rehearsal.services.cloudformation.signals import seconds


@dataclass(frozen=True)
class Policy:
    """Defaults are AWS's."""

    batch: int
    in_service: int
    percent: int
    pause: float
    duration: str
    signals: bool
    suspended: tuple[str, ...]

    @staticmethod
    def of(told: Mapping[str, Any]) -> "Policy":
        signals = str(told.get("WaitOnResourceSignals", False)).lower() == "true"
        duration = str(told.get("PauseTime", "PT5M" if signals else "PT0S"))
        return Policy(
            batch=int(told.get("MaxBatchSize", 1)),
            in_service=int(told.get("MinInstancesInService", 0)),
            percent=int(told.get("MinSuccessfulInstancesPercent", 100)),
            pause=seconds(duration),
            duration=duration,
            signals=signals,
            suspended=tuple(told.get("SuspendProcesses", ())),
        )


def run(ctx: Context, name: str, told: Mapping[str, Any], everything: bool) -> None:
    """Replaces instances that are not of the group's present configuration; with `everything`, all of them."""
    policy = Policy.of(told)
    api = ctx.client("autoscaling")
    group = _group(api, name)
    old = [item for item in group["Instances"] if everything or _outdated(ctx, group, item)]
    if not old:
        return
    if policy.in_service >= group["MaxSize"]:
        raise HandlerFailure(
            "MinInstancesInService must be less than the autoscaling group's MaxSize", "InvalidRequest"
        )
    if policy.suspended:
        api.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=list(policy.suspended))
    try:
        _replace_all(ctx, api, group, [item["InstanceId"] for item in old], policy)
    finally:
        with suppress(ClientError):  # the group's own failure is what counts
            api.update_auto_scaling_group(
                AutoScalingGroupName=name, MinSize=group["MinSize"], DesiredCapacity=group["DesiredCapacity"]
            )
            if policy.suspended:
                api.resume_processes(AutoScalingGroupName=name, ScalingProcesses=list(policy.suspended))


def _replace_all(ctx: Context, api: Any, group: dict[str, Any], old: list[str], policy: Policy) -> None:
    name, total, done = group["AutoScalingGroupName"], len(old), 0
    capacity = group["DesiredCapacity"]
    batch = min(policy.batch, total)
    floor = max(policy.in_service, group["MinSize"] - batch)
    size = min(max(capacity, policy.in_service + batch), group["MaxSize"])
    ctx.log(
        f"Rolling update initiated. Terminating {total} obsolete instance(s) in batches of {batch}, while keeping at "
        f"least {max(floor, 0)} instance(s) in service."
    )
    if size > capacity:
        ctx.log(f"Temporarily setting autoscaling group MinSize and DesiredCapacity to {size}.")
        api.update_auto_scaling_group(
            AutoScalingGroupName=name, MinSize=min(size, group["MaxSize"]), DesiredCapacity=size
        )
        _await_new(ctx, api, name, {item["InstanceId"] for item in group["Instances"]}, size - capacity, size, policy)
    while old:
        now, old = old[:batch], old[batch:]
        known = {item["InstanceId"] for item in _group(api, name)["Instances"]}
        # At the end the extra instances stand in for those that go: the group shrinks back to its own size.
        wanted = min(size, max(capacity, policy.in_service, capacity + len(old)))
        shrink = size - wanted
        if shrink:
            api.update_auto_scaling_group(AutoScalingGroupName=name, MinSize=group["MinSize"])
        fresh = len(now) - shrink
        ctx.log(f"Terminating instance(s) [{','.join(now)}]; replacing with {fresh} new instance(s).")
        for number, instance in enumerate(now):
            api.terminate_instance_in_auto_scaling_group(
                InstanceId=instance, ShouldDecrementDesiredCapacity=number < shrink
            )
        done += len(now)
        size = wanted
        ctx.log(f"Successfully terminated instance(s) [{','.join(now)}] (Progress {100 * done // total}%).")
        _await_new(ctx, api, name, known, fresh, size, policy)


def _await_new(ctx: Context, api: Any, name: str, known: set[str], count: int, size: int, policy: Policy) -> None:
    """Waits for new instances to be in service, and for their signals or the pause."""
    until(ctx, f"new instances of {name}", lambda: _ready(_group(api, name)) >= size, timeout=3600)
    if policy.signals and count:
        ctx.log(f"New instance(s) added to autoscaling group - Waiting on {count} resource signal(s).")

        def new(signal: Signal) -> bool:
            return signal.unique_id not in known

        await_signals(ctx, count, policy.pause, policy.percent, policy.duration, new)
    elif policy.pause and not policy.signals:
        ctx.sleep(policy.pause)


def _ready(group: dict[str, Any]) -> int:
    return sum(item["LifecycleState"] == "InService" for item in group["Instances"])


def _group(api: Any, name: str) -> dict[str, Any]:
    return api.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]


def _outdated(ctx: Context, group: dict[str, Any], instance: dict[str, Any]) -> bool:
    """Whether an instance was made from another template, version or configuration than new ones are."""
    mixed = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {}).get("LaunchTemplateSpecification")
    wanted = group.get("LaunchTemplate") or mixed
    if wanted is None:
        return instance.get("LaunchConfigurationName") != group.get("LaunchConfigurationName")
    has = instance.get("LaunchTemplate", {})
    version = _version(ctx, wanted)
    return has.get("LaunchTemplateId") != wanted["LaunchTemplateId"] or str(has.get("Version")) != version


def _version(ctx: Context, template: dict[str, Any]) -> str:
    version = str(template.get("Version", "$Default"))
    if version not in ("$Default", "$Latest"):
        return version
    found = ctx.client("ec2").describe_launch_templates(LaunchTemplateIds=[template["LaunchTemplateId"]])
    member = "LatestVersionNumber" if version == "$Latest" else "DefaultVersionNumber"
    return str(found["LaunchTemplates"][0][member])
