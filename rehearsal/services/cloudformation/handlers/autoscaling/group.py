"""AWS::AutoScaling::AutoScalingGroup: its life, but for how an update reaches the instances (roll_out.py).

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html
"""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, HandlerFailure, Model
from rehearsal.services.cloudformation.handlers.autoscaling import group_model, roll_out
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.drift import same
from rehearsal.services.cloudformation.handlers.wait import until

_LATER = {"Tags", "MetricsCollection", "VPCZoneIdentifier"}
_ATTACHED = {"TargetGroupARNs", "LoadBalancerNames", "TrafficSources"}
# UpdateAutoScalingGroup does not know these; they are set once, or by operations of their own.
_NOT_UPDATED = _LATER | _ATTACHED | {"AutoScalingGroupName", "InstanceId", "LifecycleHookSpecificationList"}

_NOTICES = "groups tell EventBridge of their instances, not topics"


class AutoScalingGroup(Resource):
    """Ref is the name. Complete when its instances are in service, deleted when they are gone."""

    type_name = "AWS::AutoScaling::AutoScalingGroup"
    service = "autoscaling"
    renames = group_model.RENAMES
    refused = {
        "AvailabilityZoneIds": "zones are named here",
        "CapacityReservationSpecification": "capacity is not reserved here",
        "DeletionProtection": "groups are not protected here",
        "InstanceLifecyclePolicy": "instances are not retained here",
        "NotificationConfiguration": _NOTICES,
        "NotificationConfigurations": _NOTICES,
        "LoadBalancerNames": "classic load balancers do not exist in the rehearsal",
        "TrafficSources": "VPC Lattice does not exist in the rehearsal: use TargetGroupARNs",
    }
    unreadable = frozenset({"LifecycleHookSpecificationList"})

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("autoscaling")
        name = properties.get("AutoScalingGroupName") or ctx.physical_name(255)
        arguments = self.some("create_auto_scaling_group", properties, properties.keys() - _LATER)
        arguments.update(group_model.subnets(properties), AutoScalingGroupName=name)
        tags = group_model.tags(ctx, name, properties)
        api.create_auto_scaling_group(**arguments, **({"Tags": tags} if tags else {}))
        ctx.created(name)
        self._metrics(api, name, [], properties.get("MetricsCollection", []))
        self.stabilize(ctx, name)
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        roll_out.check_replacing(ctx, changed)
        api = ctx.client("autoscaling")
        scheduled = ctx.update_policy.get("AutoScalingScheduledAction", {})
        keep_sizes = bool(scheduled.get("IgnoreUnmodifiedGroupSizeProperties"))
        left = {name for name in group_model.SIZES if keep_sizes and name not in changed}
        arguments = self.some("update_auto_scaling_group", new, new.keys() - _NOT_UPDATED - left)
        arguments.update(group_model.subnets(new))
        api.update_auto_scaling_group(AutoScalingGroupName=physical_id, **arguments)
        self._attach(api, physical_id, old, new)
        if "LifecycleHookSpecificationList" in changed:
            self._hooks(api, physical_id, old, new)
        self._metrics(api, physical_id, old.get("MetricsCollection", []), new.get("MetricsCollection", []))
        roll_out.follow(ctx, physical_id, new, changed)
        if changed & set(group_model.SIZES):
            self.stabilize(ctx, physical_id)

    def update(self, ctx: Context, physical_id: str, old: Model, new: Model) -> str:
        result = super().update(ctx, physical_id, old, new)
        api = ctx.client("autoscaling")
        before = group_model.tags(ctx, physical_id, old, previous=True)
        after = group_model.tags(ctx, physical_id, new)
        kept = {tag["Key"] for tag in after}
        gone = [tag for tag in before if tag["Key"] not in kept]
        if gone:
            api.delete_tags(Tags=gone)
        if after and after != before:
            api.create_or_update_tags(Tags=after)
        return result

    def _attach(self, api: Any, group: str, old: Model, new: Model) -> None:
        before, after = set(old.get("TargetGroupARNs", [])), set(new.get("TargetGroupARNs", []))
        if after - before:
            api.attach_load_balancer_target_groups(AutoScalingGroupName=group, TargetGroupARNs=sorted(after - before))
        if before - after:
            api.detach_load_balancer_target_groups(AutoScalingGroupName=group, TargetGroupARNs=sorted(before - after))

    def _hooks(self, api: Any, group: str, old: Model, new: Model) -> None:
        before = {hook["LifecycleHookName"] for hook in old.get("LifecycleHookSpecificationList", [])}
        wanted = {hook["LifecycleHookName"]: hook for hook in new.get("LifecycleHookSpecificationList", [])}
        for name in before - wanted.keys():
            api.delete_lifecycle_hook(AutoScalingGroupName=group, LifecycleHookName=name)
        for hook in wanted.values():
            api.put_lifecycle_hook(AutoScalingGroupName=group, **self.args("put_lifecycle_hook", hook))

    def _metrics(self, api: Any, group: str, old: list[Model], new: list[Model]) -> None:
        if same(old, new):
            return
        if old:
            api.disable_metrics_collection(AutoScalingGroupName=group)
        for item in new:
            api.enable_metrics_collection(AutoScalingGroupName=group, **item)

    def stabilize(self, ctx: Context, name: str) -> None:
        """Waits until as many instances are in service as are desired. A launch that fails again and again ends it.

        How many failures CloudFormation allows is not documented (unchecked); AWS retries launches for ever.
        """

        def in_service() -> bool:
            group = self.find_group(ctx, name)
            if group is None:
                raise HandlerFailure(f"AutoScalingGroup {name} not found", "NotFound")
            ready = sum(item["LifecycleState"] == "InService" for item in group["Instances"])
            if ready >= group["DesiredCapacity"]:
                return True
            activities = ctx.client("autoscaling").describe_scaling_activities(AutoScalingGroupName=name)["Activities"]
            failed = [item for item in activities[:3] if item["StatusCode"] == "Failed"]
            if len(failed) == 3:
                sizes = f"{ready}/{group['MinSize']}/{group['DesiredCapacity']}"
                raise HandlerFailure(
                    f"Group did not stabilize. {{current/minSize/desired}} group sizes: {{{sizes}}}. "
                    f"Last failed scaling activity: {failed[0].get('StatusMessage', '')}",
                    "NotStabilized",
                )
            return False

        until(ctx, f"Group {name} did not stabilize", in_service, timeout=3600)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        if self.find_group(ctx, physical_id) is None:
            return
        api = ctx.client("autoscaling")
        api.update_auto_scaling_group(AutoScalingGroupName=physical_id, MinSize=0, MaxSize=0, DesiredCapacity=0)
        api.delete_auto_scaling_group(AutoScalingGroupName=physical_id, ForceDelete=True)
        until(ctx, f"{physical_id} deletion", lambda: self.find_group(ctx, physical_id) is None, timeout=3600)

    def find_group(self, ctx: Context, name: str) -> dict[str, Any] | None:
        found = ctx.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        return found["AutoScalingGroups"][0] if found["AutoScalingGroups"] else None

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = self.find_group(ctx, physical_id)
        if found is None or found.get("Status"):  # a status is told only while the group is being deleted
            return None
        model = self.model(found)
        zones = found.get("VPCZoneIdentifier", "")
        model["VPCZoneIdentifier"] = [subnet for subnet in zones.split(",") if subnet]
        model["Tags"] = group_model.own_tags(ctx, properties, found.get("Tags", []))
        enabled = found.get("EnabledMetrics", [])
        if enabled:
            collected = {"Granularity": enabled[0]["Granularity"], "Metrics": [item["Metric"] for item in enabled]}
            model["MetricsCollection"] = [collected]
        return model
