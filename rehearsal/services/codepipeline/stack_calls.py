"""How a pipeline's action talks with CloudFormation about one stack: calls, failures, waiting until it settles."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.services.codepipeline.work import Access, ActionFailed

# Between two looks at a stack: often enough for an action to end at once, and soon rarely enough to be no load.
LOOK_SECONDS = 0.25
LONGEST_LOOK_SECONDS = 1.5


class StackCalls:
    """Under the action's role."""

    def __init__(self, access: Access) -> None:
        self.access, self.run = access, access.run
        self.configuration = access.run.configuration
        self.name = self.configuration["StackName"]
        self.cloudformation = access.client("cloudformation")

    def token(self, step: str) -> str:
        """A request whose reply is lost may be sent again and still happens once."""
        return f"{step}-{self.run.id}"

    def stack(self, name: str = "") -> dict[str, Any] | None:
        try:
            return dict(self.cloudformation.describe_stacks(StackName=name or self.name)["Stacks"][0])
        except ClientError as error:
            if "does not exist" in error.response["Error"].get("Message", ""):
                return None
            raise

    def call(self, operation: str, **asked: Any) -> dict[str, Any]:
        try:
            return dict(getattr(self.cloudformation, operation)(**asked))
        except ClientError as error:
            raise self.said(error) from error

    def said(self, error: ClientError) -> ActionFailed:
        """CloudFormation's words as a failed action has them."""
        found = error.response["Error"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        code = "PermissionError" if found.get("Code") == "AccessDenied" else "JobFailed"
        request = error.response["ResponseMetadata"].get("RequestId", "")
        return ActionFailed(
            code,
            f"{found.get('Message')} (Service: AmazonCloudFormation; Status Code: {status}; "
            f"Error Code: {found.get('Code')}; Request ID: {request})",
        )

    def show(self, stack_id: str) -> None:
        self.run.external_id = stack_id
        self.run.external_url = f"https://console.aws.amazon.com/cloudformation/home?region={self.run.region}#/stack/detail?stackId={stack_id}"

    def settle(self, stack_id: str) -> dict[str, Any] | None:
        pause = LOOK_SECONDS
        while True:
            found = self.stack(stack_id)
            if found is None or not found["StackStatus"].endswith("_IN_PROGRESS"):
                return found
            self.run.summary = f"Stack {self.name} is {found['StackStatus']}"
            self.access.wait(pause)
            pause = min(pause * 1.3, LONGEST_LOOK_SECONDS)

    def follow(self, stack_id: str) -> None:
        self.show(stack_id)
        found = self.settle(stack_id)
        if found is None or found["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"):
            raise ActionFailed("JobFailed", self.failure(found))
        self.run.summary = f"Stack {self.name} is {found['StackStatus']}"

    def failure(self, found: dict[str, Any] | None) -> str:
        if found is None:
            return f"Stack {self.name} was deleted while it was waited for"
        reason = found.get("StackStatusReason") or self.turning_point(found["StackId"])
        return f"{reason} (Stack: {found['StackId']} is {found['StackStatus']})".strip()

    def turning_point(self, stack_id: str) -> str:
        """Why the stack turned back: said when its roll-back began, no longer when that has ended."""
        try:
            pages = self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack_id)
            for event in (event for page in pages for event in page["StackEvents"]):
                if event["Timestamp"] < self.run.started:
                    break
                if event["PhysicalResourceId"] == stack_id and event.get("ResourceStatusReason"):
                    return str(event["ResourceStatusReason"])
        except ClientError:
            pass  # the role need not have this permission; the state alone is told then
        return ""
