"""Secrets Manager: AWS::SecretsManager::Secret."""

import json

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list


class Secret(Resource):
    """Ref is the ARN. A generated value stays until the way it is generated changes.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
    """

    type_name = "AWS::SecretsManager::Secret"
    service = "secretsmanager"
    tags = TagCalls(add="tag_resource", remove="untag_resource", resource="SecretId")
    refused = {
        "ReplicaRegions": "secrets are not replicated here",
        "Type": "secrets of partners do not exist in the rehearsal",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        name = properties.get("Name") or ctx.physical_name(512, r"A-Za-z0-9/_+=.@-")
        tags = self.tags.wanted(ctx, properties)
        return ctx.client("secretsmanager").create_secret(
            Name=name,
            ClientRequestToken=ctx.token,
            SecretString=self._value(ctx, properties),
            **self.args("create_secret", properties, "Description", "KmsKeyId"),
            **({"Tags": as_list(tags)} if tags else {}),
        )["ARN"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        arguments = self.args("update_secret", new, "Description", "KmsKeyId")
        if "Description" in changed:
            arguments.setdefault("Description", "")
        if changed & {"SecretString", "GenerateSecretString"}:
            arguments["SecretString"] = self._value(ctx, new)
        ctx.client("secretsmanager").update_secret(SecretId=physical_id, ClientRequestToken=ctx.token, **arguments)

    def _value(self, ctx: Context, properties: Model) -> str:
        if "GenerateSecretString" not in properties:
            return properties.get("SecretString", "")
        wanted = dict(properties["GenerateSecretString"])
        template, key = wanted.pop("SecretStringTemplate", None), wanted.pop("GenerateStringKey", None)
        arguments = self.args("get_random_password", wanted)
        password = ctx.client("secretsmanager").get_random_password(**arguments)["RandomPassword"]
        return json.dumps({**json.loads(template), key: password}) if template else password

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        if self.exists(ctx, physical_id, properties):
            ctx.client("secretsmanager").delete_secret(SecretId=physical_id, ForceDeleteWithoutRecovery=True)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = ctx.client("secretsmanager").describe_secret(SecretId=physical_id)
        return None if found.get("DeletedDate") else {**self.model(found), "Id": found["ARN"]}


HANDLERS = (Secret(),)
