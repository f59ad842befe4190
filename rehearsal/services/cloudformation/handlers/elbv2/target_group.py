"""AWS::ElasticLoadBalancingV2::TargetGroup.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-targetgroup.html
"""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.elbv2.common import NAME, Elbv2Resource, only_named, pairs, reset

_LATER = {"TargetGroupAttributes", "Targets", "Tags"}
_HEALTH = {
    "HealthCheckEnabled", "HealthCheckIntervalSeconds", "HealthCheckPath", "HealthCheckPort", "HealthCheckProtocol",
    "HealthCheckTimeoutSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount", "Matcher",
}  # fmt: skip
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
_HEALTH_DEFAULTS = {
    "HealthCheckIntervalSeconds": 30, "HealthCheckPath": "/", "HealthCheckPort": "traffic-port",
    "HealthCheckTimeoutSeconds": 5, "HealthyThresholdCount": 5, "UnhealthyThresholdCount": 2,
    "Matcher": {"HttpCode": "200"},
}  # fmt: skip
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
_DEFAULTS = {
    "deregistration_delay.timeout_seconds": "300",
    "stickiness.enabled": "false",
    "slow_start.duration_seconds": "0",
    "load_balancing.algorithm.type": "round_robin",
}


class TargetGroup(Elbv2Resource):
    """Ref is the ARN."""

    type_name = "AWS::ElasticLoadBalancingV2::TargetGroup"
    missing = ("TargetGroupNotFound",)
    refused = {"TargetControlPort": "target control agents do not exist in the rehearsal"}

    def make(self, ctx: Context, properties: Model) -> str:
        wanted = {"Name": ctx.physical_name(NAME), **properties}
        arguments = self.some("create_target_group", wanted, wanted.keys() - _LATER)
        reply = ctx.client("elbv2").create_target_group(**arguments, **self.tagged(ctx, properties))
        arn = reply["TargetGroups"][0]["TargetGroupArn"]
        ctx.created(arn)
        self._attributes(ctx, arn, pairs(properties, "TargetGroupAttributes"))
        self._targets(ctx, arn, [], properties.get("Targets", []))
        return arn

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        if changed & _HEALTH:
            # What the template no longer says goes back to its default.
            dropped = {name: _HEALTH_DEFAULTS[name] for name in changed & _HEALTH_DEFAULTS.keys() if name not in new}
            arguments = self.some("modify_target_group", {**dropped, **new}, changed & _HEALTH)
            ctx.client("elbv2").modify_target_group(TargetGroupArn=physical_id, **arguments)
        if "TargetGroupAttributes" in changed:
            before, after = pairs(old, "TargetGroupAttributes"), pairs(new, "TargetGroupAttributes")
            self._attributes(ctx, physical_id, reset(before, after, _DEFAULTS))
        if "Targets" in changed:
            self._targets(ctx, physical_id, old.get("Targets", []), new.get("Targets", []))

    def _attributes(self, ctx: Context, arn: str, attributes: list[dict[str, str]]) -> None:
        if attributes:
            ctx.client("elbv2").modify_target_group_attributes(TargetGroupArn=arn, Attributes=attributes)

    def _targets(self, ctx: Context, arn: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
        api = ctx.client("elbv2")
        gone = [target for target in old if target not in new]
        added = [target for target in new if target not in old]
        if added:
            api.register_targets(TargetGroupArn=arn, **self.args("register_targets", {"Targets": added}))
        if gone:
            api.deregister_targets(TargetGroupArn=arn, **self.args("deregister_targets", {"Targets": gone}))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("elbv2").delete_target_group(TargetGroupArn=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("elbv2")
        found = api.describe_target_groups(TargetGroupArns=[physical_id])["TargetGroups"][0]
        told = api.describe_target_group_attributes(TargetGroupArn=physical_id)["Attributes"]
        model = self.model(found)
        model["Name"] = found["TargetGroupName"]
        model["TargetGroupFullName"] = physical_id.rpartition(":")[2]
        model["TargetGroupAttributes"] = only_named(told, properties.get("TargetGroupAttributes", []))
        if "Targets" in properties:
            health = api.describe_target_health(TargetGroupArn=physical_id)["TargetHealthDescriptions"]
            model["Targets"] = [item["Target"] for item in health if item["TargetHealth"]["State"] != "draining"]
        model["Tags"] = self.read_tags(ctx, physical_id)
        return model
