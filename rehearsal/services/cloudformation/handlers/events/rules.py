"""EventBridge: rules with their targets, and buses."""

import json
from typing import Any

from rehearsal.services.cloudformation.handler import Context, HandlerFailure, Model, UpdateRequiresReplacement
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.shapes import text
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list, attribute

_TAGS = TagCalls(add="tag_resource", remove="untag_resource", resource="ResourceARN", identify=attribute("Arn"))


class Rule(Resource):
    """Ref is the name, on a bus of one's own `bus|name`.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
    """

    type_name = "AWS::Events::Rule"
    service = "events"
    tags = _TAGS

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("events")
        name = properties.get("Name") or ctx.physical_name(64, r"A-Za-z0-9_.-")
        tags = self.tags.wanted(ctx, properties)
        self._put(api, name, properties, **({"Tags": as_list(tags)} if tags else {}))
        bus = properties.get("EventBusName", "default")
        physical_id = name if bus == "default" else f"{bus}|{name}"
        ctx.created(physical_id)
        self._targets(api, name, bus, [], properties.get("Targets", []))
        return physical_id

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        if "EventBusName" in changed:
            raise UpdateRequiresReplacement("EventBusName")
        api, (bus, name) = ctx.client("events"), _rule_of(physical_id)
        if changed - {"Targets"}:
            self._put(api, name, new)
        if "Targets" in changed:
            self._targets(api, name, bus, old.get("Targets", []), new.get("Targets", []))

    def _put(self, api: Any, name: str, properties: Model, **more: Any) -> None:
        own = properties.keys() - {"Targets", "Tags", "Name"}
        api.put_rule(Name=name, **self.some("put_rule", properties, own), **more)

    def _targets(self, api: Any, name: str, bus: str, old: list[Model], new: list[Model]) -> None:
        wanted = {target["Id"] for target in new}
        gone = [target["Id"] for target in old if target["Id"] not in wanted]
        if new:
            reply = api.put_targets(Rule=name, EventBusName=bus, **self.args("put_targets", {"Targets": new}))
            self._check(reply, "put")
        if gone:
            self._check(api.remove_targets(Rule=name, EventBusName=bus, Ids=gone), "remove")

    def _check(self, reply: dict[str, Any], verb: str) -> None:
        """These two answer 200 for entries that failed."""
        if reply.get("FailedEntryCount"):
            first = reply["FailedEntries"][0]
            raise HandlerFailure(f"Failed to {verb} target {first.get('TargetId')}: {first.get('ErrorMessage')}")

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        api, (bus, name) = ctx.client("events"), _rule_of(physical_id)
        targets = [target["Id"] for target in self._told(api, name, bus)]
        if targets:
            self._check(api.remove_targets(Rule=name, EventBusName=bus, Ids=targets), "remove")
        api.delete_rule(Name=name, EventBusName=bus)

    def _told(self, api: Any, name: str, bus: str) -> list[dict[str, Any]]:
        return api.list_targets_by_rule(Rule=name, EventBusName=bus)["Targets"]

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api, (bus, name) = ctx.client("events"), _rule_of(physical_id)
        rule = api.describe_rule(Name=name, EventBusName=bus)
        model = self.model({**rule, "RuleName": name, "Targets": self._told(api, name, bus)})
        model["Tags"] = api.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]
        return model


def _rule_of(physical_id: str) -> tuple[str, str]:
    bus, _, name = physical_id.rpartition("|")
    return bus or "default", name


class EventBus(Resource):
    """Ref is the name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbus.html
    """

    type_name = "AWS::Events::EventBus"
    service = "events"
    tags = _TAGS
    refused = {
        "EventSourceName": "partner event sources do not exist in the rehearsal",
        "LogConfig": "buses are not logged here",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("events")
        tags = self.tags.wanted(ctx, properties)
        own = self.some("create_event_bus", properties, properties.keys() - {"Policy", "Tags"})
        api.create_event_bus(**own, **({"Tags": as_list(tags)} if tags else {}))
        ctx.created(properties["Name"])
        self._permit(api, properties["Name"], properties)
        return properties["Name"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("events")
        if changed - {"Policy"}:
            arguments = self.some("update_event_bus", new, new.keys() - {"Policy", "Tags"})
            api.update_event_bus(**arguments)
        if "Policy" in changed:
            self._permit(api, physical_id, new)

    def _permit(self, api: Any, bus: str, properties: Model) -> None:
        if "Policy" in properties:
            api.put_permission(EventBusName=bus, Policy=text(properties["Policy"]))
        elif api.describe_event_bus(Name=bus).get("Policy"):
            api.remove_permission(EventBusName=bus, RemoveAllPermissions=True)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        # DeleteEventBus succeeds for one that is gone.
        ctx.client("events").delete_event_bus(Name=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("events")
        bus = api.describe_event_bus(Name=physical_id)
        model = self.model(bus)
        if bus.get("Policy"):
            model["Policy"] = json.loads(bus["Policy"])
        model["Tags"] = api.list_tags_for_resource(ResourceARN=bus["Arn"])["Tags"]
        return model
