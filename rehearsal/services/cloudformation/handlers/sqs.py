"""Amazon SQS: AWS::SQS::Queue and AWS::SQS::QueuePolicy."""

import json
from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.shapes import text
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list, as_map

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
_ATTRIBUTES = {
    "ContentBasedDeduplication": "false", "DeduplicationScope": "queue", "DelaySeconds": "0",
    "FifoThroughputLimit": "perQueue", "KmsDataKeyReusePeriodSeconds": "300", "KmsMasterKeyId": "",
    "MaximumMessageSize": "262144", "MessageRetentionPeriod": "345600", "ReceiveMessageWaitTimeSeconds": "0",
    "RedriveAllowPolicy": "", "RedrivePolicy": "", "SqsManagedSseEnabled": "true", "VisibilityTimeout": "30",
}  # fmt: skip


class Queue(Resource):
    """Ref is the URL.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
    """

    type_name = "AWS::SQS::Queue"
    service = "sqs"
    tags = TagCalls(add="tag_queue", remove="untag_queue", resource="QueueUrl", form=dict)

    def make(self, ctx: Context, properties: Model) -> str:
        fifo = str(properties.get("FifoQueue", False)).lower() == "true"
        name = properties.get("QueueName") or ctx.physical_name(75, r"A-Za-z0-9_-") + (".fifo" if fifo else "")
        attributes = {key: text(properties[key]) for key in _ATTRIBUTES if key in properties}
        if fifo:
            attributes["FifoQueue"] = "true"
        tags = self.tags.wanted(ctx, properties)
        return ctx.client("sqs").create_queue(
            QueueName=name, Attributes=attributes, **({"tags": tags} if tags else {})
        )["QueueUrl"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        attributes = {key: text(new.get(key, default)) for key, default in _ATTRIBUTES.items() if key in changed}
        ctx.client("sqs").set_queue_attributes(QueueUrl=physical_id, Attributes=attributes)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("sqs").delete_queue(QueueUrl=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("sqs")
        told = api.get_queue_attributes(QueueUrl=physical_id, AttributeNames=["All"])["Attributes"]
        model = self.model(told)
        model["QueueUrl"] = physical_id
        model["Arn"] = told["QueueArn"]
        model["QueueName"] = told["QueueArn"].rpartition(":")[2]
        tags = api.list_queue_tags(QueueUrl=physical_id).get("Tags", {})
        return {**model, "Tags": as_list(as_map(tags))}


class QueuePolicy(Resource):
    """CloudFormation makes the id that Ref gives.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html
    """

    type_name = "AWS::SQS::QueuePolicy"
    service = "sqs"

    def make(self, ctx: Context, properties: Model) -> str:
        physical_id = ctx.physical_name(128)
        ctx.created(physical_id)
        self._set(ctx, properties["Queues"], properties["PolicyDocument"])
        return physical_id

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        self._set(ctx, new["Queues"], new["PolicyDocument"])
        self._set(ctx, sorted(set(old["Queues"]) - set(new["Queues"])), "")

    def _set(self, ctx: Context, queues: list[str], policy: Any) -> None:
        for queue in queues:
            ctx.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": text(policy)})

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        self._set(ctx, properties["Queues"], "")

    def attributes(self, ctx: Context, physical_id: str, properties: Model) -> Model:
        """Known without reading, which a role that may only set policies could not."""
        return {"Id": physical_id}

    def _told(self, ctx: Context, properties: Model) -> dict[str, Any]:
        found = {}
        for queue in properties["Queues"]:
            reply = ctx.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy"])
            policy = reply.get("Attributes", {}).get("Policy")
            found[queue] = json.loads(policy) if policy else None
        return found

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        told = {queue: policy for queue, policy in self._told(ctx, properties).items() if policy}
        return {"Id": physical_id, "Queues": list(told), "PolicyDocument": next(iter(told.values()))} if told else None


HANDLERS = (Queue(), QueuePolicy())
