"""CloudWatch Logs: groups, streams, metric filters."""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list, as_map, attribute

_NAME = r"A-Za-z0-9_./#-"


class LogGroup(Resource):
    """Ref is the name, Arn ends in `:*`.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
    """

    type_name = "AWS::Logs::LogGroup"
    service = "logs"
    tags = TagCalls(
        add="tag_resource", remove="untag_resource", resource="resourceArn", tags="tags", keys="tagKeys", form=dict,
        identify=lambda resource, ctx, physical_id, properties: _plain_arn(
            attribute("Arn")(resource, ctx, physical_id, properties)
        ),
    )  # fmt: skip
    refused = {
        "BearerTokenAuthenticationEnabled": "log events come by signed calls only",
        "DataProtectionPolicy": "log events are not inspected here",
        "DeletionProtectionEnabled": "log groups are not protected here",
        "FieldIndexPolicies": "log events are not indexed here",
        "ResourcePolicyDocument": "log groups have no policies of their own here",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("logs")
        name = properties.get("LogGroupName") or ctx.physical_name(512, _NAME)
        tags = self.tags.wanted(ctx, properties)
        arguments = self.args("create_log_group", properties, "KmsKeyId", "LogGroupClass")
        api.create_log_group(logGroupName=name, **arguments, **({"tags": tags} if tags else {}))
        ctx.created(name)
        if "RetentionInDays" in properties:
            api.put_retention_policy(logGroupName=name, retentionInDays=int(properties["RetentionInDays"]))
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("logs")
        if "RetentionInDays" in changed:
            if "RetentionInDays" in new:
                api.put_retention_policy(logGroupName=physical_id, retentionInDays=int(new["RetentionInDays"]))
            else:
                api.delete_retention_policy(logGroupName=physical_id)
        if "KmsKeyId" in changed:
            if "KmsKeyId" in new:
                api.associate_kms_key(logGroupName=physical_id, kmsKeyId=new["KmsKeyId"])
            else:
                api.disassociate_kms_key(logGroupName=physical_id)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("logs").delete_log_group(logGroupName=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("logs")
        pages = api.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=physical_id)
        for group in (item for page in pages for item in page["logGroups"]):
            if group["logGroupName"] == physical_id:
                arn = _plain_arn(group["arn"])
                tags = api.list_tags_for_resource(resourceArn=arn).get("tags", {})
                return {**self.model(group), "Arn": f"{arn}:*", "Tags": as_list(as_map(tags))}
        return None


def _plain_arn(arn: str) -> str:
    return arn.removesuffix(":*")


class LogStream(Resource):
    """Ref is the name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-logstream.html
    """

    type_name = "AWS::Logs::LogStream"
    service = "logs"

    def make(self, ctx: Context, properties: Model) -> str:
        name = properties.get("LogStreamName") or ctx.physical_name(512, _NAME)
        ctx.client("logs").create_log_stream(logGroupName=properties["LogGroupName"], logStreamName=name)
        return name

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("logs").delete_log_stream(logGroupName=properties["LogGroupName"], logStreamName=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        group = properties["LogGroupName"]
        reply = ctx.client("logs").describe_log_streams(logGroupName=group, logStreamNamePrefix=physical_id)
        names = [stream["logStreamName"] for stream in reply["logStreams"]]
        return {"LogGroupName": group, "LogStreamName": physical_id} if physical_id in names else None


class MetricFilter(Resource):
    """Ref is the name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-metricfilter.html
    """

    type_name = "AWS::Logs::MetricFilter"
    service = "logs"
    refused = {
        "ApplyOnTransformedLogs": "log events are not transformed here",
        "EmitSystemFieldDimensions": "centralised logs do not exist here",
        "FieldSelectionCriteria": "centralised logs do not exist here",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        name = properties.get("FilterName") or ctx.physical_name(512, r"A-Za-z0-9_./-")
        self._put(ctx, name, properties)
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        self._put(ctx, physical_id, new)

    def _put(self, ctx: Context, name: str, properties: Model) -> None:
        wanted: dict[str, Any] = {**properties, "FilterName": name}
        # A template lists dimensions, the service wants a map.
        wanted["MetricTransformations"] = [
            {**item, "Dimensions": as_map(item["Dimensions"])} if "Dimensions" in item else item
            for item in properties["MetricTransformations"]
        ]
        ctx.client("logs").put_metric_filter(**self.args("put_metric_filter", wanted))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("logs").delete_metric_filter(logGroupName=properties["LogGroupName"], filterName=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        reply = ctx.client("logs").describe_metric_filters(
            logGroupName=properties["LogGroupName"], filterNamePrefix=physical_id
        )
        for found in reply["metricFilters"]:
            if found["filterName"] == physical_id:
                transformations = [
                    {**item, "dimensions": as_list(item["dimensions"])} if item.get("dimensions") else item
                    for item in found["metricTransformations"]
                ]
                return self.model({**found, "metricTransformations": transformations})
        return None


HANDLERS = (LogGroup(), LogStream(), MetricFilter())
