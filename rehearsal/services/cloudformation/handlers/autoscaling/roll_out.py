"""How a changed group reaches its instances: the group's UpdatePolicy.

Without a policy only new instances get the change.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
"""

from rehearsal.services.cloudformation.handler import Context, Model, UpdateRequiresReplacement
from rehearsal.services.cloudformation.handlers.autoscaling import refresh, rolling

# What instances are made from, or where they stand.
_INSTANCES = frozenset({"LaunchTemplate", "LaunchConfigurationName", "MixedInstancesPolicy", "VPCZoneIdentifier"})
_REPLACING = _INSTANCES | {"AvailabilityZones"}


def check_replacing(ctx: Context, changed: frozenset[str]) -> None:
    """AutoScalingReplacingUpdate makes a new group beside the old one."""
    policy = ctx.update_policy.get("AutoScalingReplacingUpdate", {})
    if policy.get("WillReplace") and changed & _REPLACING:
        raise UpdateRequiresReplacement(", ".join(sorted(changed & _REPLACING)))


def follow(ctx: Context, group: str, new: Model, changed: frozenset[str]) -> None:
    if "AutoScalingInstanceRefresh" in ctx.update_policy:
        if changed & _INSTANCES:
            refresh.run(ctx, group, ctx.update_policy["AutoScalingInstanceRefresh"])
    elif "AutoScalingRollingUpdate" in ctx.update_policy:
        # Also when an earlier update left instances of an older configuration behind.
        rolling.run(ctx, group, ctx.update_policy["AutoScalingRollingUpdate"], bool(changed & {"VPCZoneIdentifier"}))
