"""CodePipeline: AWS::CodePipeline::Pipeline."""

from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.shapes import input_shape, to_api, truth
from rehearsal.services.cloudformation.handlers.tags import TagCalls, lower

_APART = {"Tags", "DisableInboundStageTransitions", "RestartExecutionOnUpdate"}


def _arn(resource: Resource, ctx: Context, physical_id: str, properties: Model) -> str:
    return f"arn:{ctx.partition}:codepipeline:{ctx.region}:{ctx.account}:{physical_id}"


class Pipeline(Resource):
    """Ref is the name. An update replaces the whole structure and counts up its version.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codepipeline-pipeline.html
    """

    type_name = "AWS::CodePipeline::Pipeline"
    service = "codepipeline"
    tags = TagCalls(
        add="tag_resource", remove="untag_resource", resource="resourceArn", tags="tags", keys="tagKeys", form=lower,
        identify=_arn,
    )  # fmt: skip
    missing = ("PipelineNotFoundException",)

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("codepipeline")
        name = properties.get("Name") or ctx.physical_name(100, r"A-Za-z0-9.@_-")
        tags = lower(self.tags.wanted(ctx, properties))
        api.create_pipeline(pipeline=_declaration(name, properties), **({"tags": tags} if tags else {}))
        ctx.created(name)
        self._transitions(api, name, [], properties.get("DisableInboundStageTransitions", []))
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("codepipeline")
        if changed - _APART:
            api.update_pipeline(pipeline=_declaration(physical_id, new))
        if "DisableInboundStageTransitions" in changed:
            before = old.get("DisableInboundStageTransitions", [])
            self._transitions(api, physical_id, before, new.get("DisableInboundStageTransitions", []))
        if truth(new.get("RestartExecutionOnUpdate", False)):
            api.start_pipeline_execution(name=physical_id)

    def _transitions(self, api: Any, name: str, old: list[Model], new: list[Model]) -> None:
        wanted = {item["StageName"] for item in new}
        for item in old:
            if item["StageName"] not in wanted:
                api.enable_stage_transition(pipelineName=name, stageName=item["StageName"], transitionType="Inbound")
        for item in new:
            if item not in old:
                api.disable_stage_transition(
                    pipelineName=name, stageName=item["StageName"], transitionType="Inbound", reason=item["Reason"]
                )

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        # DeletePipeline succeeds for one that is gone.
        ctx.client("codepipeline").delete_pipeline(name=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("codepipeline")
        found = api.get_pipeline(name=physical_id)
        model = self.model(found["pipeline"])
        model["Arn"] = found["metadata"]["pipelineArn"]
        model["Version"] = str(found["pipeline"]["version"])
        told = api.list_tags_for_resource(resourceArn=model["Arn"])["tags"]
        model["Tags"] = [{"Key": tag["key"], "Value": tag["value"]} for tag in told]
        if "DisableInboundStageTransitions" in properties:
            stages = api.get_pipeline_state(name=physical_id)["stageStates"]
            model["DisableInboundStageTransitions"] = [
                {
                    "StageName": stage["stageName"],
                    "Reason": stage["inboundTransitionState"].get("disabledReason", ""),
                }
                for stage in stages
                if not stage.get("inboundTransitionState", {}).get("enabled", True)
            ]
        return model


def _declaration(name: str, properties: Model) -> dict[str, Any]:
    own = {key: value for key, value in properties.items() if key not in _APART}
    shape = input_shape("codepipeline", "create_pipeline").members["pipeline"]
    return to_api(shape, {**own, "Name": name})


HANDLERS = (Pipeline(),)
