"""Answers to approvals, and a stage's transition. https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.codepipeline import store
from rehearsal.services.codepipeline.store import now


@operation("codepipeline", "PutApprovalResult")
def put_approval_result(call: Call) -> dict[str, Any]:
    pipeline = store.find(call, call.params.get("pipelineName", ""))
    stage = store.stage_of(pipeline.declaration, call.params.get("stageName", ""))
    name, result = call.params.get("actionName", ""), call.params.get("result") or {}
    if not any(action["name"] == name for action in stage["actions"]):
        raise AwsError("ActionNotFoundException", f"Stage '{stage['name']}' has no action with name '{name}'")
    if result.get("status") not in ("Approved", "Rejected"):
        raise AwsError(
            "ValidationException",
            f"1 validation error detected: Value '{result.get('status')}' at 'result.status' failed to satisfy "
            "constraint: Member must satisfy enum value set: [Approved, Rejected]",
        )
    token = call.params.get("token", "")
    with pipeline.changed:
        runs = [run for run in pipeline.actions if run.stage == stage["name"] and run.name == name]
        run = next((run for run in runs if token and run.answer.get("token") == token), None)
        if run is not None:
            raise AwsError(
                "ApprovalAlreadyCompletedException", "The approval action has already been approved or rejected."
            )
        run = next((run for run in runs if token and run.token == token), None)
        if run is None or run.status != "InProgress":
            raise AwsError(
                "InvalidApprovalTokenException", "The approval request already received a response or has expired."
            )
        answered = now()
        run.answer = {
            "status": result["status"],
            "summary": result.get("summary", ""),
            "by": call.principal.arn,
            "token": token,
        }
        run.wake.set()
    return {"approvedAt": answered}


@operation("codepipeline", "DisableStageTransition")
def disable_stage_transition(call: Call) -> dict[str, Any]:
    return _set(call, False, call.params.get("reason", ""))


@operation("codepipeline", "EnableStageTransition")
def enable_stage_transition(call: Call) -> dict[str, Any]:
    return _set(call, True, "")


def _set(call: Call, enabled: bool, reason: str) -> dict[str, Any]:
    pipeline = store.find(call, call.params.get("pipelineName", ""))
    stage = store.stage_of(pipeline.declaration, call.params.get("stageName", ""))["name"]
    if call.params.get("transitionType") == "Outbound":
        # Stopping work from leaving a stage is stopping it from entering the next one.
        names = [s["name"] for s in pipeline.declaration["stages"]]
        following = names[names.index(stage) + 1 :]
        if not following:
            raise AwsError("ValidationException", f"Stage {stage} is the last one and has no outbound transition")
        stage = following[0]
    with pipeline.changed:
        state = pipeline.state(stage)
        state.enabled, state.reason = enabled, reason
        state.changed_by, state.changed_at = call.principal.arn, now()
        pipeline.changed.notify_all()
    return {}
