"""Systems Manager: AWS::SSM::Parameter (String and StringList; CloudFormation makes no SecureString)."""

import time

from rehearsal.kernel import tasks
from rehearsal.services.cloudformation.handler import Context, HandlerFailure, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list, as_map

# Seconds of the real clock for what takes AWS a few of its own.
LONGEST_VALIDATION = 15.0
_VALUES = ("Type", "Value", "Description", "AllowedPattern", "Tier", "Policies", "DataType")


class Parameter(Resource):
    """Ref is the name. Tags are a map here.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
    """

    type_name = "AWS::SSM::Parameter"
    service = "ssm"
    tags = TagCalls(
        add="add_tags_to_resource",
        remove="remove_tags_from_resource",
        resource="ResourceId",
        fixed={"ResourceType": "Parameter"},
    )

    def make(self, ctx: Context, properties: Model) -> str:
        name = properties.get("Name") or ctx.physical_name(1011, r"A-Za-z0-9_.-")
        tags = self.tags.wanted(ctx, properties)
        ctx.client("ssm").put_parameter(
            Name=name,
            **self.args("put_parameter", properties, *_VALUES),
            **({"Tags": as_list(tags)} if tags else {}),
        )
        self._settle(ctx, name, properties)
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        arguments = self.args("put_parameter", new, *_VALUES)
        if "Description" in changed:
            arguments.setdefault("Description", "")
        ctx.client("ssm").put_parameter(Name=physical_id, Overwrite=True, **arguments)
        self._settle(ctx, physical_id, new)

    def _settle(self, ctx: Context, name: str, properties: Model) -> None:
        """An image is looked at only after the call was answered, and a value that is none is never there.

        https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html
        """
        if properties.get("DataType") != "aws:ec2:image":
            return
        deadline = time.monotonic() + LONGEST_VALIDATION
        while time.monotonic() < deadline:
            found = ctx.client("ssm").get_parameters(Names=[name])["Parameters"]
            if found and found[0]["Value"] == properties["Value"]:
                return
            tasks.real_sleep(0.1)
        said = f"{properties['Value']} did not become the value of {name}: it is no image that one may use"
        raise HandlerFailure(said, "NotStabilized")

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("ssm").delete_parameter(Name=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("ssm")
        found = api.get_parameters(Names=[physical_id])["Parameters"]
        if not found:
            return None
        model = self.model(found[0])
        name = physical_id if physical_id.startswith("/") else f"/{physical_id}"
        model["Arn"] = f"arn:{ctx.partition}:ssm:{ctx.region}:{ctx.account}:parameter{name}"
        told = api.list_tags_for_resource(ResourceType="Parameter", ResourceId=physical_id)["TagList"]
        return {**model, "Tags": as_map(told)}


HANDLERS = (Parameter(),)
