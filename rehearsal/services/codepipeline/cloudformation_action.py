"""The CloudFormation action: does to a stack what CodePipeline does, through CloudFormation's API.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
"""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.services.cloudformation.template import MAX_BODY
from rehearsal.services.codepipeline.cloudformation_config import ConfigurationError, StackInput, split, stack_input
from rehearsal.services.codepipeline.stack_calls import LOOK_SECONDS, StackCalls
from rehearsal.services.codepipeline.work import Access, ActionFailed, zipped

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


class _StackAction(StackCalls):
    """One method for each mode of the action."""

    def create_update(self) -> None:
        found = self.stack()
        asked = self._asked()
        if found is None:
            self.follow(self.call("create_stack", **asked, ClientRequestToken=self.token("create"))["StackId"])
        else:
            self._update(found, asked)
        self._put_out()

    def replace_on_failure(self) -> None:
        found = self.stack()
        if found is not None and found["StackStatus"] in FAILED_STATES:
            self._remove(found)
        self.create_update()

    def delete(self) -> None:
        found = self.stack()
        if found is not None:
            self._remove(found)
        self.run.summary = "Stack deleted" if found is not None else f"Stack {self.name} does not exist"

    def replace_change_set(self) -> None:
        name, found = self.configuration["ChangeSetName"], self.stack()
        exists = found is not None and found["StackStatus"] != "REVIEW_IN_PROGRESS"
        if found is not None:
            self._drop_change_set(name)
        made = self.call(
            "create_change_set",
            ChangeSetName=name,
            ChangeSetType="UPDATE" if exists else "CREATE",
            ClientToken=self.token("plan"),
            **{k: v for k, v in self._asked().items() if k != "StackPolicyBody"},
        )
        self.show(made["StackId"])
        self.run.external_id = made["Id"]
        while True:
            described = self.call("describe_change_set", ChangeSetName=made["Id"], StackName=made["StackId"])
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
        described = self.call("describe_change_set", ChangeSetName=name, StackName=self.name)
        self.show(described["StackId"])
        if described["Status"] == "FAILED" and any(t in described.get("StatusReason", "") for t in EMPTY):
            self.run.summary = described["StatusReason"]
        else:
            token = self.token("execute")
            # By its id: the name is free again as soon as the execution has begun.
            wanted = {"ChangeSetName": described["ChangeSetId"], "StackName": self.name}
            self.call("execute_change_set", **wanted, ClientRequestToken=token)
            self.follow(described["StackId"])
        self._put_out()

    def _asked(self) -> dict[str, Any]:
        """What CreateStack, UpdateStack and CreateChangeSet have in common."""
        artifact, path = split(self.configuration["TemplatePath"])
        given: StackInput = stack_input(self.configuration, self.access.file, self._attribute)
        asked: dict[str, Any] = {
            "StackName": self.name,
            **self._template(self.access.file(artifact, path)),
            "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in given.parameters.items()],
            "Capabilities": [c.strip() for c in self.configuration.get("Capabilities", "").split(",") if c.strip()],
            "RoleARN": self.configuration["RoleArn"],
        }
        if given.tags:
            asked["Tags"] = [{"Key": k, "Value": v} for k, v in given.tags.items()]
        if given.policy:
            asked["StackPolicyBody"] = given.policy
        return asked

    def _template(self, text: str) -> dict[str, str]:
        """By value, or by way of the artifact store where a request cannot carry it.

        Actions take templates up to CloudFormation's own limit; AWS does not tell how.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
        """
        if len(text.encode()) <= MAX_BODY:
            return {"TemplateBody": text}
        stored = self.access.new_artifact("template")
        self.access.upload(stored, text.encode())
        return {"TemplateURL": f"https://{stored.bucket}.s3.{self.run.region}.amazonaws.com/{stored.key}"}

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

    def _update(self, found: dict[str, Any], asked: dict[str, Any]) -> None:
        self.show(found["StackId"])
        try:
            self.cloudformation.update_stack(**asked, ClientRequestToken=self.token("update"))
        except ClientError as error:
            if any(text in error.response["Error"].get("Message", "") for text in EMPTY):
                self.run.summary = "No updates are to be performed."
                return
            raise self.said(error) from error
        self.follow(found["StackId"])

    def _remove(self, found: dict[str, Any]) -> None:
        self.show(found["StackId"])
        role = self.configuration["RoleArn"]
        self.call("delete_stack", StackName=self.name, RoleARN=role, ClientRequestToken=self.token("delete"))
        last = self.settle(found["StackId"])
        if last is not None and last["StackStatus"] != "DELETE_COMPLETE":
            raise ActionFailed("JobFailed", self.failure(last))

    def _drop_change_set(self, name: str) -> None:
        try:
            self.cloudformation.delete_change_set(ChangeSetName=name, StackName=self.name)
        except ClientError as error:
            if error.response["Error"].get("Code") not in ("ChangeSetNotFound", "ChangeSetNotFoundException"):
                raise self.said(error) from error

    def _put_out(self) -> None:
        """The stack's outputs as variables, and as a file where one is wanted."""
        found = self.stack() or {}
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
