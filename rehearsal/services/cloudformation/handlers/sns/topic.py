"""AWS::SNS::Topic and AWS::SNS::Subscription."""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.shapes import text
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list

_TOPIC_ATTRIBUTES = (
    "ArchivePolicy", "ContentBasedDeduplication", "DisplayName", "FifoThroughputScope", "FifoTopic",
    "KmsMasterKeyId", "SignatureVersion", "TracingConfig",
)  # fmt: skip
_SUBSCRIPTION_ATTRIBUTES = (
    "DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy", "ReplayPolicy",
    "SubscriptionRoleArn",
)  # fmt: skip


class Topic(Resource):
    """Ref is the ARN.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html
    """

    type_name = "AWS::SNS::Topic"
    service = "sns"
    tags = TagCalls(add="tag_resource", remove="untag_resource", resource="ResourceArn")
    refused = {
        "DataProtectionPolicy": "messages are not inspected here",
        "DeliveryStatusLogging": "deliveries are not logged here",
        "MaximumMessageSize": "messages are not measured here",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("sns")
        name = properties.get("TopicName") or ctx.physical_name(256, r"A-Za-z0-9_-")
        attributes = {key: text(properties[key]) for key in _TOPIC_ATTRIBUTES if key in properties}
        tags = self.tags.wanted(ctx, properties)
        topic = api.create_topic(Name=name, Attributes=attributes, **({"Tags": as_list(tags)} if tags else {}))
        ctx.created(topic["TopicArn"])
        self._subscribe(api, topic["TopicArn"], [], properties.get("Subscription", []))
        return topic["TopicArn"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("sns")
        for key in sorted(changed & set(_TOPIC_ATTRIBUTES)):
            api.set_topic_attributes(
                TopicArn=physical_id, AttributeName=key, AttributeValue=text(new.get(key, _unset(key)))
            )
        if "Subscription" in changed:
            self._subscribe(api, physical_id, old.get("Subscription", []), new.get("Subscription", []))

    def _subscribe(self, api: Any, topic: str, old: list[Model], new: list[Model]) -> None:
        for item in new:
            if item not in old:
                api.subscribe(TopicArn=topic, Protocol=item["Protocol"], Endpoint=item["Endpoint"])
        gone = [(item["Protocol"], item["Endpoint"]) for item in old if item not in new]
        for told in self._subscriptions(api, topic) if gone else []:
            confirmed = told["SubscriptionArn"].startswith("arn:")
            if confirmed and (told["Protocol"], told["Endpoint"]) in gone:
                api.unsubscribe(SubscriptionArn=told["SubscriptionArn"])

    def _subscriptions(self, api: Any, topic: str) -> list[dict[str, Any]]:
        pages = api.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
        return [item for page in pages for item in page["Subscriptions"]]

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("sns").delete_topic(TopicArn=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("sns")
        model = self.model(api.get_topic_attributes(TopicArn=physical_id)["Attributes"])
        model["TopicName"] = physical_id.rpartition(":")[2]
        if "Subscription" in properties:
            model["Subscription"] = [
                {"Protocol": item["Protocol"], "Endpoint": item["Endpoint"]}
                for item in self._subscriptions(api, physical_id)
                if {"Protocol": item["Protocol"], "Endpoint": item["Endpoint"]} in properties["Subscription"]
            ]
        model["Tags"] = api.list_tags_for_resource(ResourceArn=physical_id)["Tags"]
        return model


def _unset(attribute: str) -> str:
    """What stands for an attribute that the template no longer sets."""
    defaults = {"ContentBasedDeduplication": "false", "SignatureVersion": "1", "TracingConfig": "PassThrough"}
    return defaults.get(attribute, "")


class Subscription(Resource):
    """Ref is the ARN, also while an e-mail address has not confirmed.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html
    """

    type_name = "AWS::SNS::Subscription"
    service = "sns"
    refused = {"Region": "subscriptions are made in the stack's own region only"}

    def make(self, ctx: Context, properties: Model) -> str:
        attributes = {key: text(properties[key]) for key in _SUBSCRIPTION_ATTRIBUTES if key in properties}
        reply = ctx.client("sns").subscribe(
            **self.args("subscribe", properties, "TopicArn", "Protocol", "Endpoint"),
            Attributes=attributes,
            ReturnSubscriptionArn=True,
        )
        return reply["SubscriptionArn"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        for key in sorted(changed):
            unset = (
                "false" if key == "RawMessageDelivery" else "MessageAttributes" if key == "FilterPolicyScope" else "{}"
            )
            ctx.client("sns").set_subscription_attributes(
                SubscriptionArn=physical_id, AttributeName=key, AttributeValue=text(new.get(key, unset))
            )

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("sns").unsubscribe(SubscriptionArn=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        told = ctx.client("sns").get_subscription_attributes(SubscriptionArn=physical_id)["Attributes"]
        return {**self.model(told), "Arn": physical_id}
