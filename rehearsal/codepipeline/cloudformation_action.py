"""The CloudFormation action: does to a stack what CodePipeline does, through CloudFormation's API.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
"""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.codepipeline.cloudformation_config import ConfigurationError, StackInput, split, stack_input
from rehearsal.codepipeline.work import Access, ActionFailed, zipped

# Between two looks at a stack: often enough for an action to end at once, rarely enough to be no load.
LOOK_SECONDS = 0.25
# https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html#action-reference-CloudFormation-config
FAILED_STATES = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "UPDATE_ROLLBACK_FAILED")
EMPTY = ("didn't contain changes", "No updates are to be performed")


def run(access: Access) -> None:
    action = _StackAction(access)
    mode = access.run.configuration["ActionMode"]
    try:
        {
            "CREATE_UPDATE": action.create_update,
            "REPLACE_ON_FAILURE": action.replace_on_failure,
            "DELETE_ONLY": action.delete,
            "CHANGE_SET_REPLACE": action.replace_change_set,
            "CHANGE_SET_EXECUTE": action.execute_change_set,
        }[mode]()
    except ConfigurationError as error:
        raise ActionFailed("ConfigurationError", str(error)) from error


class _StackAction:
    def __init__(self, access: Access) -> None:
        self.access, self.run = access, access.run
        self.configuration = access.run.configuration
        self.name = self.configuration["StackName"]
        self.cloudformation = access.client("cloudformation")

    def create_update(self) -> None:
        found = self._stack()
        asked = self._asked()
        if found is None:
            self._follow(self._call("create_stack", **asked, ClientRequestToken=self._token("create"))["StackId"])
        else:
            self._update(found, asked)
        self._put_out()

    def replace_on_failure(self) -> None:
        found = self._stack()
        if found is not None and found["StackStatus"] in FAILED_STATES:
            self._remove(found)
        self.create_update()

    def delete(self) -> None:
        found = self._stack()
        if found is not None:
            self._remove(found)
        self.run.summary = "Stack deleted" if found is not None else f"Stack {self.name} does not exist"

    def replace_change_set(self) -> None:
        name, found = self.configuration["ChangeSetName"], self._stack()
        exists = found is not None and found["StackStatus"] != "REVIEW_IN_PROGRESS"
        if found is not None:
            self._drop_change_set(name)
        made = self._call(
            "create_change_set",
            ChangeSetName=name,
            ChangeSetType="UPDATE" if exists else "CREATE",
            ClientToken=self._token("plan"),
            **{k: v for k, v in self._asked().items() if k != "StackPolicyBody"},
        )
        self._show(made["StackId"])
        self.run.external_id = made["Id"]
        while True:
            described = self._call("describe_change_set", ChangeSetName=made["Id"], StackName=made["StackId"])
            if described["Status"] in ("CREATE_COMPLETE", "FAILED"):
                break
            self.access.wait(LOOK_SECONDS)
        reason = described.get("StatusReason", "")
        # An empty change set fails in CloudFormation's eyes and succeeds in CodePipeline's.
        if described["Status"] == "FAILED" and not any(text in reason for text in EMPTY):
            raise ActionFailed("JobFailed", f"Failed to create change set {name}: {reason}")
        self.run.summary = reason or f"Change set {name} was created"
        if self._output_file():
            document = {
                k: described.get(k) for k in ("ChangeSetId", "ChangeSetName", "StackId", "StackName", "Changes")
            }
            self._write(document)

    def execute_change_set(self) -> None:
        name = self.configuration["ChangeSetName"]
        described = self._call("describe_change_set", ChangeSetName=name, StackName=self.name)
        self._show(described["StackId"])
        if described["Status"] == "FAILED" and any(t in described.get("StatusReason", "") for t in EMPTY):
            self.run.summary = described["StatusReason"]
        else:
            token = self._token("execute")
            # By its id: the name is free again as soon as the execution has begun.
            wanted = {"ChangeSetName": described["ChangeSetId"], "StackName": self.name}
            self._call("execute_change_set", **wanted, ClientRequestToken=token)
            self._follow(described["StackId"])
        self._put_out()

    def _token(self, step: str) -> str:
        """A request whose reply is lost may be sent again and still happens once."""
        return f"{step}-{self.run.id}"

    def _asked(self) -> dict[str, Any]:
        """What CreateStack, UpdateStack and CreateChangeSet have in common."""
        artifact, path = split(self.configuration["TemplatePath"])
        given: StackInput = stack_input(self.configuration, self.access.file, self._attribute)
        asked: dict[str, Any] = {
            "StackName": self.name,
            "TemplateBody": self.access.file(artifact, path),
            "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in given.parameters.items()],
            "Capabilities": [c.strip() for c in self.configuration.get("Capabilities", "").split(",") if c.strip()],
            "RoleARN": self.configuration["RoleArn"],
        }
        if given.tags:
            asked["Tags"] = [{"Key": k, "Value": v} for k, v in given.tags.items()]
        if given.policy:
            asked["StackPolicyBody"] = given.policy
        return asked

    def _attribute(self, artifact: str, wanted: str) -> str:
        found = self.access.input(artifact)
        values = {
            "BucketName": found.bucket,
            "ObjectKey": found.key,
            "URL": f"https://s3.amazonaws.com/{found.bucket}/{found.key}",
        }
        if wanted not in values:
            raise ConfigurationError(f"Fn::GetArtifactAtt: unknown attribute {wanted}")
        return values[wanted]

    def _stack(self, name: str = "") -> dict[str, Any] | None:
        try:
            return dict(self.cloudformation.describe_stacks(StackName=name or self.name)["Stacks"][0])
        except ClientError as error:
            if "does not exist" in error.response["Error"].get("Message", ""):
                return None
            raise

    def _update(self, found: dict[str, Any], asked: dict[str, Any]) -> None:
        self._show(found["StackId"])
        try:
            self.cloudformation.update_stack(**asked, ClientRequestToken=self._token("update"))
        except ClientError as error:
            if any(text in error.response["Error"].get("Message", "") for text in EMPTY):
                self.run.summary = "No updates are to be performed."
                return
            raise self._said(error) from error
        self._follow(found["StackId"])

    def _remove(self, found: dict[str, Any]) -> None:
        self._show(found["StackId"])
        role = self.configuration["RoleArn"]
        self._call("delete_stack", StackName=self.name, RoleARN=role, ClientRequestToken=self._token("delete"))
        last = self._settle(found["StackId"])
        if last is not None and last["StackStatus"] != "DELETE_COMPLETE":
            raise ActionFailed("JobFailed", self._failure(last))

    def _drop_change_set(self, name: str) -> None:
        try:
            self.cloudformation.delete_change_set(ChangeSetName=name, StackName=self.name)
        except ClientError as error:
            if error.response["Error"].get("Code") not in ("ChangeSetNotFound", "ChangeSetNotFoundException"):
                raise self._said(error) from error

    def _call(self, operation: str, **asked: Any) -> dict[str, Any]:
        try:
            return dict(getattr(self.cloudformation, operation)(**asked))
        except ClientError as error:
            raise self._said(error) from error

    def _said(self, error: ClientError) -> ActionFailed:
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

    def _show(self, stack_id: str) -> None:
        self.run.external_id = stack_id
        self.run.external_url = f"https://console.aws.amazon.com/cloudformation/home?region={self.run.region}#/stack/detail?stackId={stack_id}"

    def _settle(self, stack_id: str) -> dict[str, Any] | None:
        while True:
            found = self._stack(stack_id)
            if found is None or not found["StackStatus"].endswith("_IN_PROGRESS"):
                return found
            self.run.summary = f"Stack {self.name} is {found['StackStatus']}"
            self.access.wait(LOOK_SECONDS)

    def _follow(self, stack_id: str) -> None:
        self._show(stack_id)
        found = self._settle(stack_id)
        if found is None or found["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"):
            raise ActionFailed("JobFailed", self._failure(found))
        self.run.summary = f"Stack {self.name} is {found['StackStatus']}"

    def _failure(self, found: dict[str, Any] | None) -> str:
        if found is None:
            return f"Stack {self.name} was deleted while it was waited for"
        reason = found.get("StackStatusReason") or self._turning_point(found["StackId"])
        return f"{reason} (Stack: {found['StackId']} is {found['StackStatus']})".strip()

    def _turning_point(self, stack_id: str) -> str:
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

    def _put_out(self) -> None:
        """The stack's outputs as variables, and as a file where one is wanted."""
        found = self._stack() or {}
        outputs = {o["OutputKey"]: o["OutputValue"] for o in found.get("Outputs", [])}
        self.run.variables = outputs
        if self._output_file():
            self._write(outputs)

    def _output_file(self) -> str:
        return self.configuration.get("OutputFileName", "") if self.run.declared.get("outputArtifacts") else ""

    def _write(self, document: dict[str, Any]) -> None:
        artifact = self.access.new_artifact(self.run.declared["outputArtifacts"][0]["name"])
        self.access.upload(artifact, zipped({self._output_file(): json.dumps(document, default=str)}))
        self.run.outputs = [artifact]
