"""What hangs on an Auto Scaling group: scaling policies, lifecycle hooks."""

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource


class ScalingPolicy(Resource):
    """Ref is the ARN. CloudFormation names the policy.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-scalingpolicy.html
    """

    type_name = "AWS::AutoScaling::ScalingPolicy"
    service = "autoscaling"

    def make(self, ctx: Context, properties: Model) -> str:
        return self._put(ctx, ctx.physical_name(255), properties)

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> str:
        return self._put(ctx, _policy_name(physical_id), new)

    def _put(self, ctx: Context, name: str, properties: Model) -> str:
        arguments = self.args("put_scaling_policy", properties)
        return ctx.client("autoscaling").put_scaling_policy(PolicyName=name, **arguments)["PolicyARN"]

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        if self.exists(ctx, physical_id, properties):
            ctx.client("autoscaling").delete_policy(
                AutoScalingGroupName=properties["AutoScalingGroupName"], PolicyName=_policy_name(physical_id)
            )

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = ctx.client("autoscaling").describe_policies(
            AutoScalingGroupName=properties["AutoScalingGroupName"], PolicyNames=[_policy_name(physical_id)]
        )["ScalingPolicies"]
        return {**self.model(found[0]), "Arn": found[0]["PolicyARN"]} if found else None


def _policy_name(arn: str) -> str:
    return arn.rpartition(":policyName/")[2]


class LifecycleHook(Resource):
    """Ref is the name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-lifecyclehook.html
    """

    type_name = "AWS::AutoScaling::LifecycleHook"
    service = "autoscaling"

    def make(self, ctx: Context, properties: Model) -> str:
        name = properties.get("LifecycleHookName") or ctx.physical_name(255)
        self._put(ctx, name, properties)
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        self._put(ctx, physical_id, new)

    def _put(self, ctx: Context, name: str, properties: Model) -> None:
        wanted = {**properties, "LifecycleHookName": name}
        ctx.client("autoscaling").put_lifecycle_hook(**self.args("put_lifecycle_hook", wanted))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        if self.exists(ctx, physical_id, properties):
            ctx.client("autoscaling").delete_lifecycle_hook(
                AutoScalingGroupName=properties["AutoScalingGroupName"], LifecycleHookName=physical_id
            )

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = ctx.client("autoscaling").describe_lifecycle_hooks(
            AutoScalingGroupName=properties["AutoScalingGroupName"], LifecycleHookNames=[physical_id]
        )["LifecycleHooks"]
        return self.model(found[0]) if found else None
