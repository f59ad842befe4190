"""Step Functions: AWS::StepFunctions::StateMachine."""

import json
from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.tags import TagCalls, lower
from rehearsal.services.cloudformation.handlers.wait import until

_SETTINGS = ("RoleArn", "LoggingConfiguration", "TracingConfiguration", "EncryptionConfiguration")


class StateMachine(Resource):
    """Ref is the ARN. The definition is text, an object, or an object of S3, with substitutions.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html
    """

    type_name = "AWS::StepFunctions::StateMachine"
    service = "stepfunctions"
    tags = TagCalls(
        add="tag_resource", remove="untag_resource", resource="resourceArn", tags="tags", keys="tagKeys", form=lower
    )  # fmt: skip
    missing = ("StateMachineDoesNotExist",)

    def make(self, ctx: Context, properties: Model) -> str:
        name = properties.get("StateMachineName") or ctx.physical_name(80, r"A-Za-z0-9_-")
        reply = ctx.client("stepfunctions").create_state_machine(
            name=name,
            type=properties.get("StateMachineType", "STANDARD"),
            definition=_definition(ctx, properties),
            tags=lower(self.tags.wanted(ctx, properties)),
            **self.args("create_state_machine", properties, *_SETTINGS),
        )
        return reply["stateMachineArn"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        ctx.client("stepfunctions").update_state_machine(
            stateMachineArn=physical_id,
            definition=_definition(ctx, new),
            **self.args("update_state_machine", new, *_SETTINGS),
        )

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        # DeleteStateMachine succeeds for one that is gone, and waits for running executions.
        ctx.client("stepfunctions").delete_state_machine(stateMachineArn=physical_id)
        until(ctx, f"{physical_id} deletion", lambda: not self.exists(ctx, physical_id, properties))

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("stepfunctions")
        found = api.describe_state_machine(stateMachineArn=physical_id)
        if found.get("status") == "DELETING":
            return None
        tags = api.list_tags_for_resource(resourceArn=physical_id)["tags"]
        model = self.model(found)
        return {
            **model,
            "Arn": physical_id,
            "StateMachineName": found["name"],
            "StateMachineType": found["type"],
            # A machine that was never changed has the revision INITIAL.
            "StateMachineRevisionId": found.get("revisionId") or "INITIAL",
            "DefinitionString": _unsubstituted(properties, found["definition"]),
            "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in tags],
        }


def _definition(ctx: Context, properties: Model) -> str:
    substitutions = properties.get("DefinitionSubstitutions", {})
    if "DefinitionS3Location" in properties:
        place = properties["DefinitionS3Location"]
        version = {"VersionId": place["Version"]} if "Version" in place else {}
        found = ctx.client("s3").get_object(Bucket=place["Bucket"], Key=place["Key"], **version)
        return _substitute(found["Body"].read().decode(), substitutions)
    if "DefinitionString" in properties:
        return _substitute(properties["DefinitionString"], substitutions)
    return _substitute(json.dumps(properties["Definition"]), substitutions)


def _substitute(definition: str, substitutions: dict[str, Any]) -> str:
    for name, value in substitutions.items():
        definition = definition.replace(f"${{{name}}}", str(value).lower() if isinstance(value, bool) else str(value))
    return definition


def _unsubstituted(properties: Model, told: str) -> str:
    """The template's own text where what the service tells comes of it."""
    given = properties.get("DefinitionString")
    if given is not None and _substitute(given, properties.get("DefinitionSubstitutions", {})) == told:
        return given
    return told


HANDLERS = (StateMachine(),)
