"""Events that Auto Scaling sends to EventBridge.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.services import events
from rehearsal.services.autoscaling.model import Activity, Group


def emit(group: Group, detail_type: str, detail: dict[str, Any], resources: list[str] | None = None) -> None:
    events.emit("aws.autoscaling", detail_type, detail, resources or [group.arn], group.region, group.account)


def checkpoint_reached(group: Group, refresh: str, percentage: int, delay: int) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html"""
    detail = {
        "InstanceRefreshId": refresh,
        "AutoScalingGroupName": group.name,
        "CheckpointPercentage": str(percentage),
        "CheckpointDelayInSeconds": str(delay),
    }
    emit(group, "EC2 Auto Scaling Instance Refresh Checkpoint Reached", detail)


def instance_changed(
    group: Group, what: str, activity: Activity, instance_id: str | None, zone: str, subnet: str
) -> None:
    """`what`: Launch Successful, Launch Unsuccessful, Terminate Successful, Terminate Unsuccessful."""
    arn = f"arn:aws:ec2:{group.region}:{group.account}:instance/{instance_id}" if instance_id else None
    detail = {
        "StatusCode": "InProgress" if activity.status == "Successful" else activity.status,
        "AutoScalingGroupName": group.name,
        "ActivityId": activity.id,
        "Details": {"Availability Zone": zone, "Subnet ID": subnet},
        "RequestId": activity.id,
        "StatusMessage": activity.message or "",
        "EndTime": (activity.end or activity.start).isoformat(),
        "EC2InstanceId": instance_id or "",
        "StartTime": activity.start.isoformat(),
        "Cause": activity.cause,
        "Description": activity.description,
        "Origin": "EC2" if what.startswith("Launch") else "AutoScalingGroup",
        "Destination": "AutoScalingGroup" if what.startswith("Launch") else "EC2",
    }
    emit(group, f"EC2 Instance {what}", detail, [group.arn, *([arn] if arn else [])])
