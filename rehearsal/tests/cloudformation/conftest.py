"""A CloudFormation with toy handlers, and words to drive it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.kernel import clients
from rehearsal.services.cloudformation import running
from rehearsal.tests.cloudformation.toys import Toy, toys


@dataclass
class Cloud:
    """`api` is boto3's CloudFormation client; `aws` makes the others."""

    api: Any
    aws: Any
    toys: dict[str, Toy]

    @property
    def topics(self) -> Toy:
        return self.toys["AWS::SNS::Topic"]

    @property
    def parameters(self) -> Toy:
        return self.toys["AWS::SSM::Parameter"]

    def create(self, template: Any, name: str = "shop", wait: bool = True, **more: Any) -> str:
        stack_id = self.api.create_stack(StackName=name, TemplateBody=text(template), **more)["StackId"]
        return self.idle(stack_id) if wait else stack_id

    def update(self, template: Any, name: str = "shop", wait: bool = True, **more: Any) -> str:
        stack_id = self.api.update_stack(StackName=name, TemplateBody=text(template), **more)["StackId"]
        return self.idle(stack_id) if wait else stack_id

    def delete(self, name: str = "shop", **more: Any) -> str:
        stack_id = self.stack(name)["StackId"]
        self.api.delete_stack(StackName=name, **more)
        return self.idle(stack_id)

    def change_set(self, template: Any, name: str = "shop", **more: Any) -> dict[str, Any]:
        made = self.api.create_change_set(
            StackName=name, ChangeSetName=more.pop("ChangeSetName", "next"), TemplateBody=text(template), **more
        )
        return self.until(
            lambda: self.api.describe_change_set(ChangeSetName=made["Id"], IncludePropertyValues=True),
            lambda found: found["Status"] in ("CREATE_COMPLETE", "FAILED"),
        )

    def until(self, read: Any, good: Any, seconds: float = 30) -> Any:
        end = time.monotonic() + seconds
        while True:
            found = read()
            if good(found):
                return found
            assert time.monotonic() < end, found
            time.sleep(0.02)

    def idle(self, name: str) -> str:
        """Waits for the operation to end; returns the stack's id."""
        found = self.until(lambda: self.stack(name), lambda s: not s["StackStatus"].endswith("IN_PROGRESS"))
        return found["StackId"]

    def stack(self, name: str = "shop") -> dict[str, Any]:
        return self.api.describe_stacks(StackName=name)["Stacks"][0]

    def status(self, name: str = "shop") -> str:
        return self.stack(name)["StackStatus"]

    def events(self, name: str = "shop") -> list[dict[str, Any]]:
        """Oldest first."""
        pages = self.api.get_paginator("describe_stack_events").paginate(StackName=name)
        return [event for page in pages for event in page["StackEvents"]][::-1]

    def trace(self, logical_id: str, name: str = "shop") -> list[str]:
        """A resource's states in turn."""
        return [e["ResourceStatus"] for e in self.events(name) if e["LogicalResourceId"] == logical_id]

    def reason(self, logical_id: str, status: str, name: str = "shop") -> str:
        found = [e for e in self.events(name) if (e["LogicalResourceId"], e["ResourceStatus"]) == (logical_id, status)]
        return found[-1].get("ResourceStatusReason", "")

    def outputs(self, name: str = "shop") -> dict[str, str]:
        return {o["OutputKey"]: o["OutputValue"] for o in self.stack(name).get("Outputs", [])}

    def physical(self, logical_id: str, name: str = "shop") -> str:
        found = self.api.describe_stack_resource(StackName=name, LogicalResourceId=logical_id)
        return found["StackResourceDetail"]["PhysicalResourceId"]


def text(template: Any) -> str:
    return template if isinstance(template, str) else json.dumps(template)


@pytest.fixture
def cloud(aws: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    made = toys()
    real = running.find_handler
    for module in ("running", "provision", "drift", "early_validation"):
        monkeypatch.setattr(
            f"rehearsal.services.cloudformation.{module}.find_handler", lambda kind: made.get(kind) or real(kind)
        )
    # No machines here, so no network of theirs.
    monkeypatch.setattr("rehearsal.services.cloudformation.own_types._reachable", clients.endpoint)
    yield Cloud(aws("cloudformation"), aws, made)


def refusal(action: Any, *args: Any, **more: Any) -> tuple[str, str]:
    """The code and message that AWS's client meets."""
    with pytest.raises(ClientError) as caught:
        action(*args, **more)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]
