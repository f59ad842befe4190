"""EventBridge: rules with their targets, buses, connections, API destinations."""

import json
from typing import Any

from rehearsal.cloudformation.handler import Context, HandlerFailure, Model, UpdateRequiresReplacement
from rehearsal.cloudformation.handlers.base import Resource
from rehearsal.cloudformation.handlers.shapes import text
from rehearsal.cloudformation.handlers.tags import TagCalls, as_list, attribute
from rehearsal.cloudformation.handlers.wait import until, until_state

_TAGS = TagCalls(add="tag_resource", remove="untag_resource", resource="ResourceARN", identify=attribute("Arn"))
_CONNECTIVITY = "private connectivity does not exist in the rehearsal"


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


class Connection(Resource):
    """Ref is the name. Usable once it is authorized; its secrets never come back.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-connection.html
    """

    type_name = "AWS::Events::Connection"
    service = "events"
    refused = {"InvocationConnectivityParameters": _CONNECTIVITY, "KmsKeyIdentifier": "secrets have the account's key"}

    def make(self, ctx: Context, properties: Model) -> str:
        name = properties.get("Name") or ctx.physical_name(64, r"A-Za-z0-9_.-")
        ctx.client("events").create_connection(**self.args("create_connection", {**properties, "Name": name}))
        ctx.created(name)
        self._settle(ctx, name)
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        arguments = self.some("update_connection", new, new.keys() - {"Name"})
        ctx.client("events").update_connection(Name=physical_id, **arguments)
        self._settle(ctx, physical_id)

    def _settle(self, ctx: Context, name: str) -> None:
        api = ctx.client("events")
        until_state(
            ctx, f"connection {name}", lambda: api.describe_connection(Name=name)["ConnectionState"],
            {"AUTHORIZED", "ACTIVE"}, {"DEAUTHORIZED", "FAILED_CONNECTIVITY"},
        )  # fmt: skip

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("events").delete_connection(Name=physical_id)
        until(ctx, f"{physical_id} deletion", lambda: not self.exists(ctx, physical_id, properties))

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = ctx.client("events").describe_connection(Name=physical_id)
        if found.get("ConnectionState") == "DELETING":
            return None
        arn = found["ConnectionArn"]
        return {**self.model(found), "Arn": arn, "ArnForPolicy": _without_id(arn)}


def _without_id(arn: str) -> str:
    """Policies name connections and destinations without the random part of their ARN."""
    return arn.rpartition("/")[0]


class ApiDestination(Resource):
    """Ref is the name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-apidestination.html
    """

    type_name = "AWS::Events::ApiDestination"
    service = "events"

    def make(self, ctx: Context, properties: Model) -> str:
        name = properties.get("Name") or ctx.physical_name(64, r"A-Za-z0-9_.-")
        wanted = {**properties, "Name": name}
        ctx.client("events").create_api_destination(**self.args("create_api_destination", wanted))
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        arguments = self.some("update_api_destination", new, new.keys() - {"Name"})
        ctx.client("events").update_api_destination(Name=physical_id, **arguments)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("events").delete_api_destination(Name=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = ctx.client("events").describe_api_destination(Name=physical_id)
        arn = found["ApiDestinationArn"]
        return {**self.model(found), "Arn": arn, "ArnForPolicy": _without_id(arn)}


HANDLERS = (Rule(), EventBus(), Connection(), ApiDestination())
