"""A template's Auto Scaling group in the words of the service, and back."""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.tags import as_map, is_system, of_stack

RENAMES = {
    "Cooldown": "DefaultCooldown",
    # A subnet list is one string there; tags and metrics have operations of their own.
    "VPCZoneIdentifier": None,
    "Tags": None,
    "MetricsCollection": None,
    "SkipZonalShiftValidation": "SkipZonalShiftValidation",
}
SIZES = ("MinSize", "MaxSize", "DesiredCapacity")


def subnets(properties: Model) -> dict[str, str]:
    value = properties.get("VPCZoneIdentifier")
    return {} if value is None else {"VPCZoneIdentifier": ",".join(value)}


def tags(ctx: Context, name: str, properties: Model, previous: bool = False) -> list[dict[str, Any]]:
    """The group's tags; those of the stack go to its instances, too."""
    stack = ctx.previous_tags if previous else ctx.tags
    wanted = {key: (value, True) for key, value in of_stack("AWS::AutoScaling::AutoScalingGroup", stack).items()}
    for tag in properties.get("Tags", []):
        wanted[tag["Key"]] = (tag["Value"], tag["PropagateAtLaunch"])
    return [
        {
            "ResourceId": name, "ResourceType": "auto-scaling-group",
            "Key": key, "Value": str(value), "PropagateAtLaunch": bool(propagate),
        }
        for key, (value, propagate) in wanted.items()
    ]  # fmt: skip


def own_tags(ctx: Context, properties: Model, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tags of the group that are the template's or a stranger's, not the stack's."""
    template = as_map(properties.get("Tags"))
    return [
        {"Key": tag["Key"], "Value": tag.get("Value", ""), "PropagateAtLaunch": tag["PropagateAtLaunch"]}
        for tag in told
        if tag["Key"] in template or not (is_system(tag["Key"]) or ctx.tags.get(tag["Key"]) == tag.get("Value"))
    ]
