"""Auto Scaling settings that moto drops, and its missing notifications; the group's work is not done here.

These are methods of moto's own classes, so an operation that the rehearsal does itself simply goes before them.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore import xform_name
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

# Members of Create- and UpdateAutoScalingGroup that are only kept and told.
_KEPT = (
    "AvailabilityZoneDistribution", "AvailabilityZoneImpairmentPolicy", "CapacityRebalance", "Context",
    "DefaultCooldown", "DefaultInstanceWarmup", "DesiredCapacityType", "InstanceMaintenancePolicy",
    "MaxInstanceLifetime", "PlacementGroup", "ServiceLinkedRoleARN", "TerminationPolicies",
)  # fmt: skip


def _keeping(original: Callable[[AutoScalingResponse], ActionResult]) -> Callable[[AutoScalingResponse], ActionResult]:
    def call(self: AutoScalingResponse) -> ActionResult:
        result = original(self)
        params = self._get_params()
        group = self.autoscaling_backend.autoscaling_groups.get(params.get("AutoScalingGroupName"))
        if group is not None:
            for name in _KEPT:
                if name in params:
                    setattr(group, xform_name(name), params[name])
        return result

    return call


def _put_scaling_policy(self: AutoScalingResponse) -> ActionResult:
    result = _original_put_scaling_policy(self)
    # moto names the member PolicyArn, which the service's model does not have.
    return ActionResult({"PolicyARN": result.result["PolicyArn"], "Alarms": []})


_original_put_scaling_policy = AutoScalingResponse.put_scaling_policy


def _topics(backend: AutoScalingBackend, group: str) -> dict[str, list[str]]:
    found: FakeAutoScalingGroup = backend.autoscaling_groups[group]
    if not hasattr(found, "rehearsal_notifications"):
        found.rehearsal_notifications = {}
    return found.rehearsal_notifications


def _put_notifications(self: AutoScalingResponse) -> EmptyResult:
    topics = _topics(self.autoscaling_backend, self._get_param("AutoScalingGroupName"))
    topics[self._get_param("TopicARN")] = list(self._get_param("NotificationTypes", []))
    return EmptyResult()


def _delete_notifications(self: AutoScalingResponse) -> EmptyResult:
    _topics(self.autoscaling_backend, self._get_param("AutoScalingGroupName")).pop(self._get_param("TopicARN"), None)
    return EmptyResult()


def _describe_notifications(self: AutoScalingResponse) -> ActionResult:
    backend = self.autoscaling_backend
    names = self._get_param("AutoScalingGroupNames", []) or list(backend.autoscaling_groups)
    rows: list[dict[str, Any]] = [
        {"AutoScalingGroupName": name, "TopicARN": topic, "NotificationType": event}
        for name in names
        if name in backend.autoscaling_groups
        for topic, events in _topics(backend, name).items()
        for event in events
    ]
    return ActionResult({"NotificationConfigurations": rows})


def _disable_metrics(self: AutoScalingResponse) -> EmptyResult:
    group = self.autoscaling_backend.autoscaling_groups[self._get_param("AutoScalingGroupName")]
    gone = set(self._get_param("Metrics", []) or group.metrics)
    group.metrics = [metric for metric in group.metrics if metric not in gone]
    return EmptyResult()


def apply() -> None:
    response: Any = AutoScalingResponse
    response.create_auto_scaling_group = _keeping(response.create_auto_scaling_group)
    response.update_auto_scaling_group = _keeping(response.update_auto_scaling_group)
    response.put_scaling_policy = _put_scaling_policy
    response.put_notification_configuration = _put_notifications
    response.delete_notification_configuration = _delete_notifications
    response.describe_notification_configurations = _describe_notifications
    response.disable_metrics_collection = _disable_metrics
