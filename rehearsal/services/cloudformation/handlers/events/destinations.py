"""EventBridge's connections and API destinations."""

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.wait import until, until_state

_CONNECTIVITY = "private connectivity does not exist in the rehearsal"


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
