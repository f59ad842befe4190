"""Policies of topics: AWS::SNS::TopicPolicy and AWS::SNS::TopicInlinePolicy."""

import json
from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.shapes import text


def _set_policy(ctx: Context, topic: str, policy: Any) -> None:
    ctx.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=text(policy))


def _get_policy(ctx: Context, topic: str) -> Any:
    told = ctx.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"].get("Policy")
    return json.loads(told) if told else None


def _default_policy(ctx: Context, topic: str) -> Model:
    """The policy that a new topic has: its owner may do everything.

    https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    """
    actions = ("GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic",
               "Subscribe", "ListSubscriptionsByTopic", "Publish")  # fmt: skip
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions],
        "Resource": topic,
        "Condition": {"StringEquals": {"AWS:SourceOwner": ctx.account}},
    }
    return {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}


class TopicPolicy(Resource):
    """CloudFormation makes the id that Ref gives; deletion puts the default policy back.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topicpolicy.html
    """

    type_name = "AWS::SNS::TopicPolicy"
    service = "sns"

    def make(self, ctx: Context, properties: Model) -> str:
        physical_id = ctx.physical_name(128)
        ctx.created(physical_id)
        for topic in properties["Topics"]:
            _set_policy(ctx, topic, properties["PolicyDocument"])
        return physical_id

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        for topic in new["Topics"]:
            _set_policy(ctx, topic, new["PolicyDocument"])
        for topic in set(old["Topics"]) - set(new["Topics"]):
            _set_policy(ctx, topic, _default_policy(ctx, topic))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        for topic in properties["Topics"]:
            _set_policy(ctx, topic, _default_policy(ctx, topic))

    def attributes(self, ctx: Context, physical_id: str, properties: Model) -> Model:
        """Known without reading, which a role that may only set policies could not."""
        return {"Id": physical_id}

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        told = {topic: _get_policy(ctx, topic) for topic in properties["Topics"]}
        own = {topic: policy for topic, policy in told.items() if policy and policy != _default_policy(ctx, topic)}
        if not own:
            return None
        return {"Id": physical_id, "Topics": list(own), "PolicyDocument": next(iter(own.values()))}


class TopicInlinePolicy(Resource):
    """The physical id is the topic's ARN.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topicinlinepolicy.html
    """

    type_name = "AWS::SNS::TopicInlinePolicy"
    service = "sns"

    def make(self, ctx: Context, properties: Model) -> str:
        _set_policy(ctx, properties["TopicArn"], properties["PolicyDocument"])
        return properties["TopicArn"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        _set_policy(ctx, physical_id, new["PolicyDocument"])

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        _set_policy(ctx, physical_id, _default_policy(ctx, physical_id))

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        policy = _get_policy(ctx, physical_id)
        if not policy or policy == _default_policy(ctx, physical_id):
            return None
        return {"TopicArn": physical_id, "PolicyDocument": policy}
