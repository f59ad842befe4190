"""AWS KMS: AWS::KMS::Key and AWS::KMS::Alias."""

import json
from typing import Any

from rehearsal.services.cloudformation.handler import Context, HandlerFailure, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.shapes import text, truth
from rehearsal.services.cloudformation.handlers.tags import TagCalls

_GONE = {"PendingDeletion", "PendingReplicaDeletion"}
_FIXED = {"KeySpec", "KeyUsage", "MultiRegion", "Origin"}


def _tags(tags: Any) -> list[dict[str, str]]:
    return [{"TagKey": key, "TagValue": value} for key, value in tags.items()]


class Key(Resource):
    """Ref is the key's id. A deleted key waits for its end (30 days at most), and counts as gone meanwhile.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
    """

    type_name = "AWS::KMS::Key"
    service = "kms"
    tags = TagCalls(add="tag_resource", remove="untag_resource", resource="KeyId", form=_tags)
    renames = {"KeyPolicy": "Policy"}

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("kms")
        created = ("KeyPolicy", "Description", "BypassPolicyLockoutSafetyCheck", *_FIXED)
        arguments = self.args("create_key", properties, *created)
        tags = self.tags.wanted(ctx, properties)
        key = api.create_key(**arguments, **({"Tags": _tags(tags)} if tags else {}))["KeyMetadata"]["KeyId"]
        ctx.created(key)
        self._rotate(api, key, properties, {"EnableKeyRotation"} & properties.keys())
        if not truth(properties.get("Enabled", True)):
            api.disable_key(KeyId=key)
        return key

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        if changed & _FIXED:
            raise HandlerFailure(
                f"You cannot change {', '.join(sorted(changed & _FIXED))} of a KMS key", "NotUpdatable"
            )
        api = ctx.client("kms")
        enabled = truth(new.get("Enabled", True))
        if "Enabled" in changed and enabled:
            api.enable_key(KeyId=physical_id)
        if "KeyPolicy" in changed:
            api.put_key_policy(KeyId=physical_id, PolicyName="default", Policy=text(new["KeyPolicy"]))
        if "Description" in changed:
            api.update_key_description(KeyId=physical_id, Description=new.get("Description", ""))
        self._rotate(api, physical_id, new, changed & {"EnableKeyRotation", "RotationPeriodInDays"})
        if "Enabled" in changed and not enabled:
            api.disable_key(KeyId=physical_id)

    def _rotate(self, api: Any, key: str, properties: Model, changed: Any) -> None:
        if not changed:
            return
        if truth(properties.get("EnableKeyRotation", False)):
            api.enable_key_rotation(KeyId=key, **self.args("enable_key_rotation", properties, "RotationPeriodInDays"))
        else:
            api.disable_key_rotation(KeyId=key)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        if self.describe(ctx, physical_id, properties) is not None:
            window = int(properties.get("PendingWindowInDays", 30))
            ctx.client("kms").schedule_key_deletion(KeyId=physical_id, PendingWindowInDays=window)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("kms")
        key = api.describe_key(KeyId=physical_id)["KeyMetadata"]
        if key["KeyState"] in _GONE:
            return None
        model = self.model(key)
        model["KeyPolicy"] = json.loads(api.get_key_policy(KeyId=physical_id, PolicyName="default")["Policy"])
        model["EnableKeyRotation"] = api.get_key_rotation_status(KeyId=physical_id)["KeyRotationEnabled"]
        told = api.list_resource_tags(KeyId=physical_id)["Tags"]
        model["Tags"] = [{"Key": tag["TagKey"], "Value": tag["TagValue"]} for tag in told]
        return model


class Alias(Resource):
    """Ref is the alias's name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-alias.html
    """

    type_name = "AWS::KMS::Alias"
    service = "kms"

    def make(self, ctx: Context, properties: Model) -> str:
        ctx.client("kms").create_alias(**properties)
        return properties["AliasName"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        ctx.client("kms").update_alias(AliasName=physical_id, TargetKeyId=new["TargetKeyId"])

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("kms").delete_alias(AliasName=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        for page in ctx.client("kms").get_paginator("list_aliases").paginate():
            for alias in page["Aliases"]:
                if alias["AliasName"] == physical_id:
                    # A template may name the key by its ARN.
                    target = alias.get("TargetKeyId", "")
                    given = properties.get("TargetKeyId", "")
                    same = bool(target) and given.rpartition("/")[2] == target
                    return {"AliasName": physical_id, "TargetKeyId": given if same else target}
        return None


HANDLERS = (Key(), Alias())
