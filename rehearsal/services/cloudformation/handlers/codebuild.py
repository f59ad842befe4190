"""CodeBuild: projects and report groups."""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.tags import NO_TAGS, TagCalls, lower, wanted

# UpdateProject keeps what it is not told; these put a dropped property back.
_UNSET: dict[str, Any] = {
    "AutoRetryLimit": 0, "BadgeEnabled": False, "Cache": {"Type": "NO_CACHE"}, "ConcurrentBuildLimit": -1,
    "Description": "", "FileSystemLocations": [], "QueuedTimeoutInMinutes": 480, "SecondaryArtifacts": [],
    "SecondarySources": [], "SecondarySourceVersions": [], "SourceVersion": "", "TimeoutInMinutes": 60,
    "LogsConfig": {"CloudWatchLogs": {"Status": "ENABLED"}, "S3Logs": {"Status": "DISABLED"}}, "VpcConfig": {},
}  # fmt: skip


class Project(Resource):
    """Ref is the name. Tags are part of the project, so an update tells them with the rest.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codebuild-project.html
    """

    type_name = "AWS::CodeBuild::Project"
    service = "codebuild"
    tags = NO_TAGS
    refused = {
        "ResourceAccessRole": "projects are private here",
        "Triggers": "webhooks do not reach the rehearsal",
        "Visibility": "projects are private here",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        name = properties.get("Name") or ctx.physical_name(150, r"A-Za-z0-9_-")
        arguments = self.args("create_project", {**properties, "Name": name, "Tags": []})
        arguments["tags"] = lower(wanted(ctx, properties.get("Tags")))
        ctx.client("codebuild").create_project(**arguments)
        return name

    def update(self, ctx: Context, physical_id: str, old: Model, new: Model) -> str:
        self._refuse(new, new.keys())
        dropped = {name: value for name, value in _UNSET.items() if name in old and name not in new}
        arguments = self.args("update_project", {**dropped, **new, "Name": physical_id, "Tags": []})
        arguments["tags"] = lower(wanted(ctx, new.get("Tags")))
        ctx.client("codebuild").update_project(**arguments)
        return physical_id

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("codebuild").delete_project(name=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = ctx.client("codebuild").batch_get_projects(names=[physical_id])["projects"]
        if not found:
            return None
        model = self.model({**found[0], "Id": physical_id})
        if not model.get("VpcConfig", {}).get("VpcId"):
            model.pop("VpcConfig", None)
        return own_tags(ctx, properties, model)


def own_tags(ctx: Context, properties: Model, model: Model) -> Model:
    """The model without the stack's tags, as TagCalls does for types whose tags have operations."""
    calls = TagCalls(add="", remove="", resource="")
    return calls.own(ctx, properties, model)


class ReportGroup(Resource):
    """Ref is the ARN.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codebuild-reportgroup.html
    """

    type_name = "AWS::CodeBuild::ReportGroup"
    service = "codebuild"
    tags = NO_TAGS

    def make(self, ctx: Context, properties: Model) -> str:
        name = properties.get("Name") or ctx.physical_name(128, r"A-Za-z0-9_-")
        own = {key: value for key, value in properties.items() if key not in ("DeleteReports", "Tags")}
        arguments = self.args("create_report_group", {**own, "Name": name})
        tags = lower(wanted(ctx, properties.get("Tags")))
        return ctx.client("codebuild").create_report_group(**arguments, tags=tags)["reportGroup"]["arn"]

    def update(self, ctx: Context, physical_id: str, old: Model, new: Model) -> str:
        arguments = self.args("update_report_group", new, "ExportConfig")
        tags = lower(wanted(ctx, new.get("Tags")))
        ctx.client("codebuild").update_report_group(arn=physical_id, **arguments, tags=tags)
        return physical_id

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        if self.exists(ctx, physical_id, properties):
            delete = bool(properties.get("DeleteReports", False))
            ctx.client("codebuild").delete_report_group(arn=physical_id, deleteReports=delete)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = ctx.client("codebuild").batch_get_report_groups(reportGroupArns=[physical_id])["reportGroups"]
        return own_tags(ctx, properties, self.model(found[0])) if found else None


HANDLERS = (Project(), ReportGroup())
