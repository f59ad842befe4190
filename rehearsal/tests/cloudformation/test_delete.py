"""Deleting stacks.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
"""

from __future__ import annotations

import threading
from typing import Any

from rehearsal.services.cloudformation.handler import Context, HandlerFailure
from rehearsal.tests.cloudformation.conftest import Cloud, refusal
from rehearsal.tests.cloudformation.toys import parameter, topic


def test_dependents_go_first_and_the_stack_stays_visible_by_its_id(cloud: Cloud) -> None:
    stack_id = cloud.create({"Resources": {"T": topic("t"), "P": parameter({"Ref": "T"})}})
    cloud.delete()
    assert cloud.status(stack_id) == "DELETE_COMPLETE"
    assert "DeletionTime" in cloud.stack(stack_id)
    code, message = refusal(cloud.stack)
    assert (code, message) == ("ValidationError", "Stack with id shop does not exist")
    deleted = [e["LogicalResourceId"] for e in cloud.events(stack_id) if e["ResourceStatus"] == "DELETE_COMPLETE"]
    assert deleted == ["P", "T", "shop"]
    assert cloud.topics.lives == {}
    cloud.api.delete_stack(StackName="shop")


def test_termination_protection_refuses(cloud: Cloud) -> None:
    cloud.create({"Resources": {"T": topic("t")}}, EnableTerminationProtection=True)
    assert cloud.stack()["EnableTerminationProtection"] is True
    code, message = refusal(cloud.api.delete_stack, StackName="shop")
    assert (code, message) == (
        "ValidationError", "Stack [shop] cannot be deleted while TerminationProtection is enabled",
    )  # fmt: skip
    cloud.api.update_termination_protection(StackName="shop", EnableTerminationProtection=False)
    stack_id = cloud.delete()
    assert cloud.status(stack_id) == "DELETE_COMPLETE"


def test_what_cannot_be_deleted_can_be_retained(cloud: Cloud) -> None:
    def stuck(verb: str, ctx: Context) -> None:
        if verb == "delete":
            raise HandlerFailure("not empty", "GeneralServiceException")

    cloud.create({"Resources": {"T": topic("t"), "U": topic("u"), "K": topic("k", DeletionPolicy="Retain")}})
    cloud.topics.hooks["T"] = stuck
    assert refusal(cloud.api.delete_stack, StackName="shop", RetainResources=["T"])[0] == "ValidationError"
    stack_id = cloud.delete()
    assert cloud.status() == "DELETE_FAILED"
    assert cloud.stack()["StackStatusReason"] == "The following resource(s) failed to delete: [T]. "
    assert cloud.trace("K")[-1] == "DELETE_SKIPPED"
    assert set(cloud.topics.lives) == {"t", "k"}
    cloud.delete(RetainResources=["T"])
    assert cloud.status(stack_id) == "DELETE_COMPLETE"
    assert set(cloud.topics.lives) == {"t", "k"}


def test_a_creation_can_be_deleted_while_it_runs(cloud: Cloud) -> None:
    begun = threading.Event()

    def slow(verb: str, ctx: Context) -> None:
        if verb == "created":
            begun.set()
            ctx.real_sleep(20)

    cloud.topics.hooks["T"] = slow
    stack_id = cloud.create({"Resources": {"T": topic("t")}}, wait=False)
    assert begun.wait(5)
    cloud.delete()
    assert cloud.status(stack_id) == "DELETE_COMPLETE"
    assert cloud.topics.lives == {}


def test_an_export_in_use_holds_its_stack(cloud: Cloud) -> None:
    def exporting(value: str, **extra: Any) -> dict[str, Any]:
        out = {"Topic": {"Value": value, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-Topic"}}}}
        return {"Resources": {"T": topic("t")}, "Outputs": out, **extra}

    importing = {"Resources": {"P": parameter({"Fn::ImportValue": "base-Topic"})}}
    cloud.create(exporting("one"), name="base")
    cloud.create(importing, name="app")
    assert cloud.parameters.lives[cloud.physical("P", "app")]["Value"] == "one"
    assert cloud.api.list_exports()["Exports"][0]["Name"] == "base-Topic"
    assert cloud.api.list_imports(ExportName="base-Topic")["Imports"] == ["app"]
    cloud.delete("base")
    # The status before, as https://github.com/boto/botocore/issues/2590 shows.
    assert cloud.status("base") == "CREATE_COMPLETE"
    assert cloud.stack("base")["StackStatusReason"] == (
        "Delete canceled. Cannot delete export base-Topic as it is in use by app."
    )
    cloud.delete("app")
    stack_id = cloud.delete("base")
    assert cloud.status(stack_id) == "DELETE_COMPLETE"
    cloud.create(exporting("one"), name="base")
    cloud.create(importing, name="app")
    cloud.update(exporting("two"), name="base")
    assert cloud.status("base") == "UPDATE_ROLLBACK_COMPLETE"
    assert "Export base-Topic cannot be updated as it is in use by app" in cloud.reason(
        "base", "UPDATE_ROLLBACK_IN_PROGRESS", "base"
    )
    assert cloud.outputs("base") == {"Topic": "one"}


def test_an_export_name_is_unique_and_a_missing_one_fails_the_stack(cloud: Cloud) -> None:
    template = {"Resources": {"T": topic()}, "Outputs": {"O": {"Value": "x", "Export": {"Name": "same"}}}}
    cloud.create(template, name="one")
    cloud.create(template, name="two")
    assert cloud.reason("two", "ROLLBACK_IN_PROGRESS", "two").startswith(
        "Export with name same is already exported by stack one."
    )
    cloud.create({"Resources": {"P": parameter({"Fn::ImportValue": "nothing"})}}, name="three")
    assert cloud.reason("three", "ROLLBACK_IN_PROGRESS", "three") == (
        "No export named nothing found. Rollback requested by user."
    )
