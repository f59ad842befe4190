"""UpdatePolicy AutoScalingInstanceRefresh: the service's own instance refresh, started and followed.

The policy has no AutoRollback: when the refresh fails the resource fails, and the stack's roll-back sets the group
back and runs a second refresh under the same preferences (unchecked; the schema leaves nothing else).
https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html
"""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.services.cloudformation.handler import Context, HandlerFailure, OperationCancelled
from rehearsal.services.cloudformation.handlers.shapes import arguments
from rehearsal.services.cloudformation.handlers.wait import until

_GOING = {"Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"}
_FAILED = {"Failed", "Cancelled", "RollbackFailed", "RollbackSuccessful"}
_PAUSE = 10.0
# A refresh may take 24 hours and an equal time of checkpoints; CloudFormation's own limit for the type is 36 hours.
_LIMIT = 36 * 3600.0


def run(ctx: Context, group: str, policy: Mapping[str, Any]) -> None:
    api = ctx.client("autoscaling")
    _end_running(ctx, api, group)
    wanted = {"Strategy": policy.get("Strategy", "Rolling"), "Preferences": policy.get("Preferences", {})}
    parameters = arguments("autoscaling", "start_instance_refresh", wanted)
    refresh = api.start_instance_refresh(AutoScalingGroupName=group, **parameters)["InstanceRefreshId"]
    ctx.log(f"Instance refresh {refresh} started")
    try:
        _follow(ctx, api, group, refresh)
    except OperationCancelled:
        _cancel(api, group)
        raise


def _follow(ctx: Context, api: Any, group: str, refresh: str) -> None:
    shown: tuple[str, int] | None = None

    def ended() -> dict[str, Any] | None:
        nonlocal shown
        found = _find(api, group, refresh)
        state = (found["Status"], found.get("PercentageComplete", 0))
        if state != shown and found["Status"] in _GOING:
            ctx.log(f"Instance refresh {refresh} is {found['Status']}: {state[1]} percent complete")
        shown = state
        return None if found["Status"] in _GOING else found

    found = until(ctx, f"instance refresh {refresh}", ended, timeout=_LIMIT, pause=_PAUSE)
    if found["Status"] in _FAILED:
        reason = found.get("StatusReason") or "no reason was given"
        raise HandlerFailure(f"Instance refresh {refresh} is {found['Status']}: {reason}", "NotStabilized")


def _find(api: Any, group: str, refresh: str) -> dict[str, Any]:
    reply = api.describe_instance_refreshes(AutoScalingGroupName=group, InstanceRefreshIds=[refresh])
    return reply["InstanceRefreshes"][0]


def _end_running(ctx: Context, api: Any, group: str) -> None:
    """One refresh at a time: what an update or a person left running is cancelled first."""
    if not _cancel(api, group):
        return

    def idle() -> bool:
        found = api.describe_instance_refreshes(AutoScalingGroupName=group)["InstanceRefreshes"]
        return all(item["Status"] not in _GOING for item in found)

    until(ctx, f"cancellation of the instance refresh of {group}", idle)


def _cancel(api: Any, group: str) -> bool:
    try:
        api.cancel_instance_refresh(AutoScalingGroupName=group)
    except ClientError as error:
        if "ActiveInstanceRefreshNotFound" in error.response["Error"]["Code"]:
            return False
        raise
    return True
