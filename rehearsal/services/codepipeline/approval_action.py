"""The manual approval: tells a topic, then waits for PutApprovalResult with the token.

https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html
"""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

from rehearsal.kernel import tasks
from rehearsal.services.codepipeline.store import now
from rehearsal.services.codepipeline.work import Access, ActionFailed

# https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html: seven days.
DEFAULT_MINUTES = 7 * 24 * 60


def run(access: Access) -> None:
    run = access.run
    minutes = run.declared.get("timeoutInMinutes") or DEFAULT_MINUTES
    with access.pipeline.changed:
        # The state shows the token only; comment and link stand in the action's resolved configuration.
        run.token = str(uuid.uuid4())
    if run.configuration.get("NotificationArn"):
        _notify(access, minutes)
    # A person's time limit is AWS's own wait.
    answered = run.wake.wait(minutes * 60 / tasks.speed())
    access.give_up_if_abandoned()
    if not answered:
        run.summary = "The approval has expired"
        raise ActionFailed("JobFailed", f"The approval was not answered within {minutes} minutes")
    run.summary, run.updated_by = run.answer["summary"], run.answer["by"]
    if run.answer["status"] != "Approved":
        raise ActionFailed("ApprovalRejected", run.answer["summary"] or "The approval was rejected")


def _notify(access: Access, minutes: int) -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-json-format.html"""
    run, pipeline = access.run, access.pipeline
    link = f"https://console.aws.amazon.com/codepipeline/home?region={run.region}#/view/{pipeline.name}"
    message = {
        "region": run.region,
        "consoleLink": link,
        "approval": {
            "pipelineName": pipeline.name,
            "stageName": run.stage,
            "actionName": run.name,
            "token": run.token,
            "expires": f"{now() + timedelta(minutes=minutes):%Y-%m-%dT%H:%MZ}",
            "externalEntityLink": run.configuration.get("ExternalEntityLink", ""),
            "approvalReviewLink": f"{link}/{run.stage}/{run.name}/approve/{run.token}",
            "customData": run.configuration.get("CustomData", ""),
        },
    }
    subject = f"APPROVAL NEEDED: AWS CodePipeline {pipeline.name} for action {run.name}"
    topic = run.configuration["NotificationArn"]
    access.client("sns").publish(TopicArn=topic, Subject=subject[:100], Message=json.dumps(message))
