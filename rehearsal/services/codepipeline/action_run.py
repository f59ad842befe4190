"""One run of one action: its configuration with variables put in, its provider, its result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.kernel import bugs
from rehearsal.services.codepipeline import (
    announce,
    approval_action,
    build_action,
    cloudformation_action,
    source_action,
    variables,
)
from rehearsal.services.codepipeline.store import ActionRun, Execution, Pipeline, StageRun, now
from rehearsal.services.codepipeline.work import Abandoned, Access, ActionFailed, refused

Provider = Callable[[Access], None]
_PROVIDERS: dict[str, Provider] = {
    "S3": source_action.run,
    "CodeBuild": build_action.run,
    "CloudFormation": cloudformation_action.run,
    "Manual": approval_action.run,
}


def prepare(pipeline: Pipeline, execution: Execution, stage: str, known: StageRun, action: dict[str, Any]) -> ActionRun:
    run = ActionRun(stage, action["name"], execution.id, action)
    run.role = action.get("roleArn") or execution.declaration["roleArn"]
    run.region = action.get("region") or pipeline.region
    run.updated_by = execution.trigger["triggerDetail"] if execution.trigger["triggerType"].startswith("Start") else ""
    with pipeline.changed:
        known.actions[run.name] = run
        pipeline.state(stage).actions[run.name] = run
        pipeline.actions.append(run)
    return run


def execute(pipeline: Pipeline, execution: Execution, run: ActionRun) -> None:
    """Runs the provider to its end; how it ended stands in the run."""
    status, error = "Succeeded", {}
    try:
        run.inputs = [execution.artifacts[a["name"]] for a in run.declared.get("inputArtifacts") or []]
        run.configuration = variables.resolve_all(run.declared.get("configuration") or {}, execution.values)
        announce.action_changed(pipeline, execution, run)
        _PROVIDERS[run.declared["actionTypeId"]["provider"]](Access(pipeline, execution, run))
    except variables.Unresolved as failure:
        status, error = "Failed", {"code": "ConfigurationError", "message": str(failure)}
    except KeyError as failure:
        status, error = "Failed", {"code": "JobFailed", "message": f"The artifact {failure} does not exist"}
    except ActionFailed as failure:
        status, error = "Failed", {"code": failure.code, "message": failure.text}
    except ClientError as failure:
        found = refused("running the action", run.role, failure)
        status, error = "Failed", {"code": found.code, "message": found.text}
    except Abandoned:
        status = "Abandoned"
    except Exception as failure:
        status, error = "Failed", {"code": "InternalError", "message": str(failure)}
        bugs.report(f"codepipeline: action {run.name}")
    with pipeline.changed:
        run.status, run.error, run.updated, run.token = status, error, now(), ""
        if status == "Succeeded":
            execution.artifacts.update({artifact.name: artifact for artifact in run.outputs})
            if run.declared.get("namespace"):
                execution.values[run.declared["namespace"]] = dict(run.variables)
        pipeline.changed.notify_all()
    announce.action_changed(pipeline, execution, run)
