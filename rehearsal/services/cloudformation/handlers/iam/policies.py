"""AWS::IAM::Policy (inline, on entities that others own) and AWS::IAM::ManagedPolicy."""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.iam import entities
from rehearsal.services.cloudformation.handlers.iam.entities import ENTITIES
from rehearsal.services.cloudformation.handlers.shapes import text

_VERSIONS = 5


class Policy(Resource):
    """IAM has no such thing by itself, so CloudFormation makes the id that Ref gives.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
    """

    type_name = "AWS::IAM::Policy"
    service = "iam"

    def make(self, ctx: Context, properties: Model) -> str:
        physical_id = ctx.physical_name(128)
        ctx.created(physical_id)
        self._put(ctx, properties)
        return physical_id

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("iam")
        self._put(ctx, new)
        for kind in ENTITIES:
            for entity in old.get(kind, []):
                if entity not in new.get(kind, []) or old["PolicyName"] != new["PolicyName"]:
                    entities.delete_inline(api, kind, entity, old["PolicyName"])

    def _put(self, ctx: Context, properties: Model) -> None:
        for kind in ENTITIES:
            for entity in properties.get(kind, []):
                entities.put_inline(
                    ctx.client("iam"), kind, entity, properties["PolicyName"], properties["PolicyDocument"]
                )

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        for kind in ENTITIES:
            for entity in properties.get(kind, []):
                entities.delete_inline(ctx.client("iam"), kind, entity, properties["PolicyName"])

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api, name = ctx.client("iam"), properties["PolicyName"]
        model: Model = {"Id": physical_id, "PolicyName": name}
        for kind in ENTITIES:
            documents = {entity: entities.get_inline(api, kind, entity, name) for entity in properties.get(kind, [])}
            present = [entity for entity, document in documents.items() if document is not None]
            if present:
                model[kind] = present
                model["PolicyDocument"] = documents[present[0]]
        return model if "PolicyDocument" in model else None


class ManagedPolicy(Resource):
    """Ref is the ARN.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
    """

    type_name = "AWS::IAM::ManagedPolicy"
    service = "iam"

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("iam")
        name = properties.get("ManagedPolicyName") or ctx.physical_name(128, r"A-Za-z0-9+=,.@_-")
        arguments = self.args("create_policy", properties, "PolicyDocument", "Description", "Path")
        arn = api.create_policy(PolicyName=name, **arguments)["Policy"]["Arn"]
        ctx.created(arn)
        for kind in ENTITIES:
            entities.replace(api, [], properties.get(kind, []), kind, arn)
        return arn

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("iam")
        if "PolicyDocument" in changed:
            others = self._versions(api, physical_id)
            if len(others) >= _VERSIONS - 1:  # five versions are the most; the oldest goes
                api.delete_policy_version(PolicyArn=physical_id, VersionId=others[-1])
            api.create_policy_version(
                PolicyArn=physical_id, PolicyDocument=text(new["PolicyDocument"]), SetAsDefault=True
            )
        for kind in ENTITIES:
            entities.replace(api, old.get(kind, []), new.get(kind, []), kind, physical_id)

    def _versions(self, api: Any, arn: str) -> list[str]:
        """Versions but the default one, newest first."""
        found = api.list_policy_versions(PolicyArn=arn)["Versions"]
        ordered = sorted(found, key=lambda version: int(version["VersionId"][1:]), reverse=True)
        return [version["VersionId"] for version in ordered if not version["IsDefaultVersion"]]

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        api = ctx.client("iam")
        for kind in ENTITIES:
            entities.replace(api, properties.get(kind, []), [], kind, physical_id)
        for version in self._versions(api, physical_id):
            api.delete_policy_version(PolicyArn=physical_id, VersionId=version)
        api.delete_policy(PolicyArn=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("iam")
        policy = api.get_policy(PolicyArn=physical_id)["Policy"]
        version = api.get_policy_version(PolicyArn=physical_id, VersionId=policy["DefaultVersionId"])
        holders = api.list_entities_for_policy(PolicyArn=physical_id)
        return self.model(
            {
                "PermissionsBoundaryUsageCount": 0,
                **policy,
                "PolicyArn": physical_id,
                "ManagedPolicyName": policy["PolicyName"],
                "PolicyDocument": version["PolicyVersion"]["Document"],
                "Roles": [role["RoleName"] for role in holders["PolicyRoles"]],
                "Users": [user["UserName"] for user in holders["PolicyUsers"]],
                "Groups": [group["GroupName"] for group in holders["PolicyGroups"]],
            }
        )
