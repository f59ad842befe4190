"""Change sets: made, shown, listed, deleted.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
"""

from __future__ import annotations

import uuid
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.services.cloudformation import access, change_sets, changes, describe, events, inputs, store
from rehearsal.services.cloudformation.api.stacks import (
    check_updatable,
    refuse_express,
)
from rehearsal.services.cloudformation.errors import (
    already_exists,
    change_set_not_found,
    invalid,
    wrong_change_set_status,
)
from rehearsal.services.cloudformation.model import ChangeSet, Stack
from rehearsal.services.cloudformation.store import lock


@operation("cloudformation", "CreateChangeSet")
def create_change_set(call: Call) -> dict[str, Any]:
    params, kind = call.params, call.params.get("ChangeSetType") or "UPDATE"
    refuse_express(call)
    if kind == "IMPORT" or params.get("ImportExistingResources"):
        raise NotImplementedByRehearsal("cloudformation", "CreateChangeSet", "imports of resources")
    if params.get("DeploymentMode"):
        raise NotImplementedByRehearsal("cloudformation", "CreateChangeSet", "DeploymentMode REVERT_DRIFT")
    name, stack_name = params["ChangeSetName"], params["StackName"]
    inputs.check_name(name, "changeSetName", inputs.NAME)
    inputs.check_name(stack_name)
    known = store.find(call.account, call.region, stack_name)
    if known is not None:
        before = _named(known, name)
        if before and params.get("ClientToken") and before[-1].token == params["ClientToken"]:
            return {"Id": before[-1].id, "StackId": known.id}
        if before:
            raise already_exists(f"ChangeSet {name} already exists")
    stack = _target(call, known, stack_name, kind)
    role = params.get("RoleARN") or stack.role
    base = stack if kind == "UPDATE" else None
    wanted, untold = inputs.settings_or_reason(call, stack.id, stack.name, base, role)
    nested = wanted.blueprint.resources.values() if wanted.blueprint and params.get("IncludeNestedStacks") else ()
    if any(definition.type == "AWS::CloudFormation::Stack" for definition in nested):
        raise NotImplementedByRehearsal("cloudformation", "CreateChangeSet", "IncludeNestedStacks with nested stacks")
    access.check_role(role)
    identity = f"arn:aws:cloudformation:{call.region}:{call.account}:changeSet/{name}/{uuid.uuid4()}"
    made = ChangeSet(identity, name, kind, stack.id, wanted, role, call.principal, params.get("Description"))
    made.on_stack_failure, made.token = params.get("OnStackFailure"), params.get("ClientToken") or ""
    made.validated = not params.get("DisableValidation")
    made.nested, made.importing = bool(params.get("IncludeNestedStacks")), params.get("ImportExistingResources")
    if untold:
        made.status, made.reason = "FAILED", untold
    with lock:
        overtaken = store.find(call.account, call.region, stack_name) is not known or bool(_named(stack, name))
        if not overtaken:
            if known is None:
                store.add(stack)
            else:
                _target(call, known, stack_name, kind)
            stack.change_sets[made.id] = made
    if overtaken:
        # Another request made the stack or the set meanwhile: this one meets what there is now.
        return create_change_set(call)
    if known is None:
        events.stack_status(stack, "REVIEW_IN_PROGRESS", "User Initiated")
    if not untold:
        tasks.spawn(f"cloudformation-changeset-{name}", change_sets.build, stack, made)
    return {"Id": made.id, "StackId": stack.id}


def _named(stack: Stack, name: str) -> list[ChangeSet]:
    return [c for c in stack.change_sets.values() if c.name == name and not c.executed]


def _target(call: Call, stack: Stack | None, name: str, kind: str) -> Stack:
    """The stack that the set is for; for CREATE a new one without resources, unless one waits in review."""
    if stack is None and (kind != "CREATE" or name.startswith("arn:")):
        raise store.bracketed(name)
    if stack is None:
        return Stack(store.stack_arn(call.account, call.region, name), name, call.account, call.region, call.principal)
    if kind == "CREATE":
        if stack.status != "REVIEW_IN_PROGRESS":
            change_set = call.params["ChangeSetName"]
            raise invalid(
                f"Stack [{name}] already exists and cannot be created again with the changeSet [{change_set}]."
            )
        return stack
    if stack.status == "REVIEW_IN_PROGRESS":
        raise invalid(f"Stack:{stack.id} is in REVIEW_IN_PROGRESS state and can not be updated.")
    check_updatable(stack)
    return stack


def find(call: Call) -> tuple[Stack, ChangeSet]:
    """The set that a call names, with its stack; refuses in AWS's words where there is none."""
    name, stack_name = call.params["ChangeSetName"], call.params.get("StackName")
    if not name.startswith("arn:") and not stack_name:
        raise invalid("StackName must be specified if ChangeSetName is not specified as an ARN.")
    found = store.change_set(call.account, call.region, name, stack_name)
    if found is None:
        if stack_name and store.find(call.account, call.region, stack_name) is None:
            raise store.bracketed(stack_name) if not name.startswith("arn:") else change_set_not_found(name)
        raise change_set_not_found(name)
    return found


@operation("cloudformation", "DescribeChangeSet")
def describe_change_set(call: Call) -> dict[str, Any]:
    values = bool(call.params.get("IncludePropertyValues"))
    with lock:
        stack, found = find(call)
        blueprint = found.settings.blueprint
        shown, rest = inputs.page(found.changes, call.params.get("NextToken"), 50)
        parameters = [p.described() for p in blueprint.parameters.values()] if blueprint else []
        reply: dict[str, Any] = {
            "ChangeSetName": found.name,
            "ChangeSetId": found.id,
            "StackId": stack.id,
            "StackName": stack.name,
            "Description": found.description,
            "Parameters": parameters or None,
            "CreationTime": found.created,
            "ExecutionStatus": found.execution,
            "Status": found.status,
            "StatusReason": found.reason,
            "NotificationARNs": found.settings.notifications,
            "RollbackConfiguration": describe.rollback_configuration(found.settings),
            "Capabilities": found.settings.capabilities,
            "Tags": [{"Key": k, "Value": v} for k, v in found.settings.tags.items()] or None,
            "Changes": [
                {"Type": "Resource", "ResourceChange": c if values else changes.without_values(c)} for c in shown
            ],
            "IncludeNestedStacks": found.nested,
            "OnStackFailure": found.on_stack_failure,
            "ImportExistingResources": found.importing,
            **rest,
        }
    return {name: value for name, value in reply.items() if value is not None}


@operation("cloudformation", "ListChangeSets")
def list_change_sets(call: Call) -> dict[str, Any]:
    with lock:
        stack = store.get(call.account, call.region, call.params["StackName"], store.bracketed)
        found = [c for c in stack.change_sets.values() if not c.executed]
        shown, rest = inputs.page(found, call.params.get("NextToken"))
        summaries = [
            {
                "StackId": stack.id,
                "StackName": stack.name,
                "ChangeSetId": c.id,
                "ChangeSetName": c.name,
                "ExecutionStatus": c.execution,
                "Status": c.status,
                "CreationTime": c.created,
                "IncludeNestedStacks": c.nested,
                **({"ImportExistingResources": c.importing} if c.importing is not None else {}),
                **({"StatusReason": c.reason} if c.reason else {}),
                **({"Description": c.description} if c.description else {}),
            }
            for c in shown
        ]
    return {"Summaries": summaries, **rest}


def status_of(found: ChangeSet) -> str:
    """As refusals tell it: of a set that is made, how far its execution is."""
    return found.status if found.status != "CREATE_COMPLETE" else found.execution


@operation("cloudformation", "DeleteChangeSet")
def delete_change_set(call: Call) -> dict[str, Any]:
    name = call.params["ChangeSetName"]
    if not name.startswith("arn:") and not call.params.get("StackName"):
        raise invalid("StackName must be specified if ChangeSetName is not specified as an ARN.")
    with lock:
        if not name.startswith("arn:"):
            store.get(call.account, call.region, call.params["StackName"], store.bracketed)
        found = store.change_set(call.account, call.region, name, call.params.get("StackName"))
        # Deleting what is not there succeeds.
        if found is None:
            return {}
        stack, change_set = found
        if (
            change_set.status in ("CREATE_PENDING", "CREATE_IN_PROGRESS")
            or change_set.execution == "EXECUTE_IN_PROGRESS"
        ):
            raise wrong_change_set_status(
                f"ChangeSet [{change_set.id}] cannot be deleted in its current status of [{status_of(change_set)}]"
            )
        del stack.change_sets[change_set.id]
    return {}
