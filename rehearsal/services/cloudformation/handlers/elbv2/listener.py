"""Listeners, their rules, and certificates that are added to them."""

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.elbv2.common import Elbv2Resource, only_named, pairs

_CHANGEABLE = {"Port", "Protocol", "SslPolicy", "Certificates", "DefaultActions", "AlpnPolicy", "MutualAuthentication"}


class Listener(Elbv2Resource):
    """Ref is the ARN.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-listener.html
    """

    type_name = "AWS::ElasticLoadBalancingV2::Listener"
    missing = ("ListenerNotFound",)

    def make(self, ctx: Context, properties: Model) -> str:
        arguments = self.some("create_listener", properties, properties.keys() - {"ListenerAttributes", "Tags"})
        reply = ctx.client("elbv2").create_listener(**arguments, **self.tagged(ctx, properties))
        arn = reply["Listeners"][0]["ListenerArn"]
        ctx.created(arn)
        self._attributes(ctx, arn, properties)
        return arn

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        if changed & _CHANGEABLE:
            # Actions and certificates belong to protocol and port, so all are told together.
            arguments = self.some("modify_listener", new, _CHANGEABLE)
            ctx.client("elbv2").modify_listener(ListenerArn=physical_id, **arguments)
        if "ListenerAttributes" in changed:
            self._attributes(ctx, physical_id, new)

    def _attributes(self, ctx: Context, arn: str, properties: Model) -> None:
        if properties.get("ListenerAttributes"):
            ctx.client("elbv2").modify_listener_attributes(
                ListenerArn=arn, Attributes=pairs(properties, "ListenerAttributes")
            )

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("elbv2").delete_listener(ListenerArn=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("elbv2")
        found = api.describe_listeners(ListenerArns=[physical_id])["Listeners"][0]
        model = self.model(found)
        model["Certificates"] = [{"CertificateArn": item["CertificateArn"]} for item in found.get("Certificates", [])]
        if "ListenerAttributes" in properties:
            told = api.describe_listener_attributes(ListenerArn=physical_id)["Attributes"]
            model["ListenerAttributes"] = only_named(told, properties["ListenerAttributes"])
        model["Tags"] = self.read_tags(ctx, physical_id)
        return model


class ListenerRule(Elbv2Resource):
    """Ref is the ARN.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-listenerrule.html
    """

    type_name = "AWS::ElasticLoadBalancingV2::ListenerRule"
    missing = ("RuleNotFound",)

    def make(self, ctx: Context, properties: Model) -> str:
        arguments = self.some("create_rule", properties, properties.keys() - {"Tags"})
        return ctx.client("elbv2").create_rule(**arguments, **self.tagged(ctx, properties))["Rules"][0]["RuleArn"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("elbv2")
        content = changed & {"Actions", "Conditions", "Transforms"}
        if content:
            arguments = self.some("modify_rule", new, content)
            if "Transforms" in content and "Transforms" not in new:
                arguments["ResetTransforms"] = True
            api.modify_rule(RuleArn=physical_id, **arguments)
        if "Priority" in changed:
            api.set_rule_priorities(RulePriorities=[{"RuleArn": physical_id, "Priority": int(new["Priority"])}])

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("elbv2").delete_rule(RuleArn=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = ctx.client("elbv2").describe_rules(RuleArns=[physical_id])["Rules"][0]
        return {**self.model(found), "Tags": self.read_tags(ctx, physical_id)}
