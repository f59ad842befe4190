"""DynamoDB: AWS::DynamoDB::Table."""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model, UpdateRequiresReplacement
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.shapes import truth
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list, attribute
from rehearsal.services.cloudformation.handlers.wait import until, until_state

_CREATED = (
    "AttributeDefinitions", "BillingMode", "DeletionProtectionEnabled", "GlobalSecondaryIndexes", "KeySchema",
    "LocalSecondaryIndexes", "ProvisionedThroughput", "SSESpecification", "StreamSpecification", "TableClass",
    "TableName",
)  # fmt: skip
_UPDATED = ("BillingMode", "DeletionProtectionEnabled", "ProvisionedThroughput", "SSESpecification", "TableClass")


class Table(Resource):
    """Ref is the name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
    """

    type_name = "AWS::DynamoDB::Table"
    service = "dynamodb"
    tags = TagCalls(add="tag_resource", remove="untag_resource", resource="ResourceArn", identify=attribute("Arn"))
    renames = {"SSESpecification.SSEEnabled": "Enabled"}
    refused = {
        "ContributorInsightsSpecification": "access is not counted here",
        "ImportSourceSpecification": "tables are not imported here",
        "KinesisStreamSpecification": "Kinesis does not exist in the rehearsal",
        "OnDemandThroughput": "throughput is not limited here",
        "ResourcePolicy": "policies of tables are not evaluated here",
        "VectorIndexes": "tables have no vector indexes here",
        "WarmThroughput": "throughput is not limited here",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("dynamodb")
        wanted = {"TableName": ctx.physical_name(255, r"A-Za-z0-9_.-"), "BillingMode": "PROVISIONED", **properties}
        arguments = self._stream(self.args("create_table", wanted, *_CREATED))
        tags = self.tags.wanted(ctx, properties)
        api.create_table(**arguments, **({"Tags": as_list(tags)} if tags else {}))
        name = wanted["TableName"]
        ctx.created(name)
        self._active(ctx, name)
        self._later(api, name, properties, properties.keys())
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        if changed & {"KeySchema", "LocalSecondaryIndexes"}:
            raise UpdateRequiresReplacement(", ".join(sorted(changed & {"KeySchema", "LocalSecondaryIndexes"})))
        api = ctx.client("dynamodb")
        if changed & set(_UPDATED):
            arguments = self.some("update_table", new, {*(changed & set(_UPDATED)), "BillingMode"})
            api.update_table(TableName=physical_id, **arguments)
            self._active(ctx, physical_id)
        if "StreamSpecification" in changed:
            arguments = self._stream(self.args("update_table", new, "StreamSpecification"))
            arguments.setdefault("StreamSpecification", {"StreamEnabled": False})
            api.update_table(TableName=physical_id, **arguments)
            self._active(ctx, physical_id)
        if "GlobalSecondaryIndexes" in changed:
            self._indexes(ctx, physical_id, old, new)
        self._later(api, physical_id, new, changed)

    def _stream(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """A template names the view only; the service wants to hear that the stream is on."""
        if "StreamSpecification" in arguments:
            arguments["StreamSpecification"]["StreamEnabled"] = True
        return arguments

    def _indexes(self, ctx: Context, name: str, old: Model, new: Model) -> None:
        """One index can be made or dropped at a time."""
        before = {item["IndexName"]: item for item in old.get("GlobalSecondaryIndexes", [])}
        after = {item["IndexName"]: item for item in new.get("GlobalSecondaryIndexes", [])}
        steps: list[dict[str, Any]] = [
            {"Delete": {"IndexName": index}} for index in before if after.get(index) != before[index]
        ]
        steps += [{"Create": item} for index, item in after.items() if before.get(index) != item]
        for step in steps:
            arguments = self.args(
                "update_table",
                {**new, "GlobalSecondaryIndexUpdates": [step]},
                "AttributeDefinitions",
                "GlobalSecondaryIndexUpdates",
            )
            ctx.client("dynamodb").update_table(TableName=name, **arguments)
            self._active(ctx, name)

    def _later(self, api: Any, name: str, properties: Model, among: Any) -> None:
        if "TimeToLiveSpecification" in among:
            given = properties.get("TimeToLiveSpecification")
            told = api.describe_time_to_live(TableName=name)["TimeToLiveDescription"].get("AttributeName")
            wanted = given or {"Enabled": False, "AttributeName": told}
            if given or told:
                api.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)
        if "PointInTimeRecoverySpecification" in among:
            given = properties.get("PointInTimeRecoverySpecification", {})
            enabled = truth(given.get("PointInTimeRecoveryEnabled", False))
            api.update_continuous_backups(
                TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled}
            )

    def _active(self, ctx: Context, name: str) -> None:
        api = ctx.client("dynamodb")
        until_state(ctx, name, lambda: api.describe_table(TableName=name)["Table"]["TableStatus"], {"ACTIVE"})

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("dynamodb").delete_table(TableName=physical_id)
        until(ctx, f"{physical_id} deletion", lambda: not self.exists(ctx, physical_id, properties))

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("dynamodb")
        table = api.describe_table(TableName=physical_id)["Table"]
        if table["TableStatus"] == "DELETING":
            return None
        model = self.model(table)
        model["Arn"], model["StreamArn"] = table["TableArn"], table.get("LatestStreamArn")
        model["BillingMode"] = table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
        model["TableClass"] = table.get("TableClassSummary", {}).get("TableClass", "STANDARD")
        encryption = table.get("SSEDescription", {})
        model["SSESpecification"] = {
            "SSEEnabled": encryption.get("Status") == "ENABLED", "SSEType": encryption.get("SSEType"),
            "KMSMasterKeyId": encryption.get("KMSMasterKeyArn"),
        }  # fmt: skip
        if "TimeToLiveSpecification" in properties:
            told = api.describe_time_to_live(TableName=physical_id)["TimeToLiveDescription"]
            enabled = told.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
            model["TimeToLiveSpecification"] = {"Enabled": enabled, "AttributeName": told.get("AttributeName")}
        if "PointInTimeRecoverySpecification" in properties:
            told = api.describe_continuous_backups(TableName=physical_id)["ContinuousBackupsDescription"]
            status = told["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
            model["PointInTimeRecoverySpecification"] = {"PointInTimeRecoveryEnabled": status == "ENABLED"}
        model["Tags"] = api.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
        return {name: value for name, value in model.items() if value is not None}


HANDLERS = (Table(),)
