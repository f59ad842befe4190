"""AWS::IAM::InstanceProfile and AWS::IAM::ServiceLinkedRole."""

from rehearsal.services.cloudformation.handler import Context, HandlerFailure, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.wait import until


class InstanceProfile(Resource):
    """Ref is the name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-instanceprofile.html
    """

    type_name = "AWS::IAM::InstanceProfile"
    service = "iam"

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("iam")
        name = properties.get("InstanceProfileName") or ctx.physical_name(128, r"A-Za-z0-9+=,.@_-")
        api.create_instance_profile(
            InstanceProfileName=name, **self.args("create_instance_profile", properties, "Path")
        )
        ctx.created(name)
        for role in properties["Roles"]:
            api.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("iam")
        # A profile holds one role, so the old one leaves first.
        for role in old["Roles"]:
            if role not in new["Roles"]:
                api.remove_role_from_instance_profile(InstanceProfileName=physical_id, RoleName=role)
        for role in new["Roles"]:
            if role not in old["Roles"]:
                api.add_role_to_instance_profile(InstanceProfileName=physical_id, RoleName=role)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        api = ctx.client("iam")
        profile = api.get_instance_profile(InstanceProfileName=physical_id)["InstanceProfile"]
        for role in profile["Roles"]:
            api.remove_role_from_instance_profile(InstanceProfileName=physical_id, RoleName=role["RoleName"])
        api.delete_instance_profile(InstanceProfileName=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        profile = ctx.client("iam").get_instance_profile(InstanceProfileName=physical_id)["InstanceProfile"]
        return self.model({**profile, "Roles": [role["RoleName"] for role in profile["Roles"]]})


class ServiceLinkedRole(Resource):
    """Ref is the name that the service chose.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-servicelinkedrole.html
    """

    type_name = "AWS::IAM::ServiceLinkedRole"
    service = "iam"

    def make(self, ctx: Context, properties: Model) -> str:
        arguments = self.args("create_service_linked_role", properties)
        return ctx.client("iam").create_service_linked_role(**arguments)["Role"]["RoleName"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        ctx.client("iam").update_role(RoleName=physical_id, Description=new.get("Description", ""))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        api = ctx.client("iam")
        task = api.delete_service_linked_role(RoleName=physical_id)["DeletionTaskId"]

        def ended() -> bool:
            status = api.get_service_linked_role_deletion_status(DeletionTaskId=task)
            if status["Status"] == "FAILED":
                raise HandlerFailure(status.get("Reason", {}).get("Reason", "the service still uses the role"))
            return status["Status"] == "SUCCEEDED"

        until(ctx, f"{physical_id} deletion", ended)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        return self.model(ctx.client("iam").get_role(RoleName=physical_id)["Role"])
