"""AWS::IAM::Role with its inline and managed policies and its boundary.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
"""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.iam import entities
from rehearsal.services.cloudformation.handlers.shapes import text
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list

_CREATED = ("AssumeRolePolicyDocument", "Path", "Description", "MaxSessionDuration", "PermissionsBoundary")


class Role(Resource):
    """Ref is the name."""

    type_name = "AWS::IAM::Role"
    service = "iam"
    tags = TagCalls(add="tag_role", remove="untag_role", resource="RoleName")

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("iam")
        name = properties.get("RoleName") or ctx.physical_name(64, r"A-Za-z0-9+=,.@_-")
        tags = self.tags.wanted(ctx, properties)
        api.create_role(
            RoleName=name,
            **self.args("create_role", properties, *_CREATED),
            **({"Tags": as_list(tags)} if tags else {}),
        )
        ctx.created(name)
        self._policies(api, name, {}, properties)
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("iam")
        if "AssumeRolePolicyDocument" in changed:
            api.update_assume_role_policy(RoleName=physical_id, PolicyDocument=text(new["AssumeRolePolicyDocument"]))
        if changed & {"Description", "MaxSessionDuration"}:
            api.update_role(
                RoleName=physical_id,
                Description=new.get("Description", ""),
                MaxSessionDuration=int(new.get("MaxSessionDuration", 3600)),
            )
        if "PermissionsBoundary" in changed:
            if "PermissionsBoundary" in new:
                api.put_role_permissions_boundary(RoleName=physical_id, PermissionsBoundary=new["PermissionsBoundary"])
            else:
                api.delete_role_permissions_boundary(RoleName=physical_id)
        self._policies(api, physical_id, old, new)

    def _policies(self, api: Any, role: str, old: Model, new: Model) -> None:
        managed, wanted = set(old.get("ManagedPolicyArns", [])), set(new.get("ManagedPolicyArns", []))
        for arn in sorted(wanted - managed):
            entities.attach(api, "Roles", role, arn)
        before, after = _inline(old), _inline(new)
        for name, document in after.items():
            if before.get(name) != document:
                entities.put_inline(api, "Roles", role, name, document)
        for name in before.keys() - after.keys():
            entities.delete_inline(api, "Roles", role, name)
        for arn in sorted(managed - wanted):
            entities.detach(api, "Roles", role, arn)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        """What others attached stays, and IAM then refuses the deletion, as on AWS."""
        api = ctx.client("iam")
        self._policies(api, physical_id, properties, {})
        api.delete_role(RoleName=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("iam")
        role = api.get_role(RoleName=physical_id)["Role"]
        model = self.model(role)
        model["PermissionsBoundary"] = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        attached = api.list_attached_role_policies(RoleName=physical_id)["AttachedPolicies"]
        model["ManagedPolicyArns"] = [policy["PolicyArn"] for policy in attached]
        model["Policies"] = [
            {"PolicyName": name, "PolicyDocument": entities.get_inline(api, "Roles", physical_id, name)}
            for name in self._own(api, physical_id, properties)
        ]
        return {name: value for name, value in model.items() if value is not None}

    def _own(self, api: Any, role: str, properties: Model) -> list[str]:
        """Inline policies of the role but those that an AWS::IAM::Policy may have put: drift leaves these out.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
        """
        mine = _inline(properties)
        return [name for name in api.list_role_policies(RoleName=role)["PolicyNames"] if name in mine]


def _inline(properties: Model) -> dict[str, Any]:
    return {policy["PolicyName"]: policy["PolicyDocument"] for policy in properties.get("Policies", [])}
