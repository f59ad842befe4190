"""CloudWatch: AWS::CloudWatch::Alarm."""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list, attribute

_QUERY = "alarms on queries do not exist in the rehearsal"


class Alarm(Resource):
    """Ref is the name. Put replaces the whole alarm.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
    """

    type_name = "AWS::CloudWatch::Alarm"
    service = "cloudwatch"
    tags = TagCalls(
        add="tag_resource", remove="untag_resource", resource="ResourceARN", identify=attribute("Arn")
    )  # fmt: skip
    refused = {
        "ActionConfiguration": _QUERY,
        "EvaluationCriteria": _QUERY,
        "EvaluationInterval": _QUERY,
        "EvaluationWindow": _QUERY,
        "WarmUpConfiguration": _QUERY,
    }

    def make(self, ctx: Context, properties: Model) -> str:
        name = properties.get("AlarmName") or ctx.physical_name(255)
        tags = self.tags.wanted(ctx, properties)
        self._put(ctx, name, properties, **({"Tags": as_list(tags)} if tags else {}))
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        self._put(ctx, physical_id, new)

    def _put(self, ctx: Context, name: str, properties: Model, **more: Any) -> None:
        own = properties.keys() - {"Tags", "AlarmName"}
        ctx.client("cloudwatch").put_metric_alarm(
            AlarmName=name, **self.some("put_metric_alarm", properties, own), **more
        )

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        if self._find(ctx, physical_id):
            ctx.client("cloudwatch").delete_alarms(AlarmNames=[physical_id])

    def _find(self, ctx: Context, name: str) -> dict[str, Any] | None:
        found = ctx.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return found[0] if found else None

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        alarm = self._find(ctx, physical_id)
        if alarm is None:
            return None
        tags = ctx.client("cloudwatch").list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
        return {**self.model(alarm), "Arn": alarm["AlarmArn"], "Tags": tags}


HANDLERS = (Alarm(),)
