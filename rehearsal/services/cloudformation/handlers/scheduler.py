"""EventBridge Scheduler: schedules and their groups."""

from rehearsal.services.cloudformation.handler import Context, Model, UpdateRequiresReplacement
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list, attribute
from rehearsal.services.cloudformation.handlers.wait import until

_NAME = r"A-Za-z0-9_.-"


class Schedule(Resource):
    """Ref is the name. An update replaces the whole schedule.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html
    """

    type_name = "AWS::Scheduler::Schedule"
    service = "scheduler"

    def make(self, ctx: Context, properties: Model) -> str:
        name = properties.get("Name") or ctx.physical_name(64, _NAME)
        arguments = self.args("create_schedule", {**properties, "Name": name})
        ctx.client("scheduler").create_schedule(**arguments, ClientToken=ctx.token)
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        if "GroupName" in changed:
            raise UpdateRequiresReplacement("GroupName")
        arguments = self.args("update_schedule", {**new, "Name": physical_id})
        ctx.client("scheduler").update_schedule(**arguments, ClientToken=ctx.token)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        group = properties.get("GroupName", "default")
        ctx.client("scheduler").delete_schedule(Name=physical_id, GroupName=group)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        group = properties.get("GroupName", "default")
        return self.model(ctx.client("scheduler").get_schedule(Name=physical_id, GroupName=group))


class ScheduleGroup(Resource):
    """Ref is the name. Its schedules go with it, so its deletion takes time.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedulegroup.html
    """

    type_name = "AWS::Scheduler::ScheduleGroup"
    service = "scheduler"
    tags = TagCalls(add="tag_resource", remove="untag_resource", resource="ResourceArn", identify=attribute("Arn"))

    def make(self, ctx: Context, properties: Model) -> str:
        name = properties.get("Name") or ctx.physical_name(64, _NAME)
        tags = self.tags.wanted(ctx, properties)
        ctx.client("scheduler").create_schedule_group(
            Name=name, ClientToken=ctx.token, **({"Tags": as_list(tags)} if tags else {})
        )
        return name

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        if not self.exists(ctx, physical_id, properties):
            return
        ctx.client("scheduler").delete_schedule_group(Name=physical_id, ClientToken=ctx.token)
        until(ctx, f"{physical_id} deletion", lambda: not self.exists(ctx, physical_id, properties))

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("scheduler")
        group = api.get_schedule_group(Name=physical_id)
        tags = api.list_tags_for_resource(ResourceArn=group["Arn"])["Tags"]
        return {**self.model(group), "Tags": tags}


HANDLERS = (Schedule(), ScheduleGroup())
