"""Stacks and resources as the API shows them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html
"""

from __future__ import annotations

import json
from typing import Any

from rehearsal.services.cloudformation.model import Resource, Settings, Stack


def _given(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def drift_of(stack: Stack) -> dict[str, Any]:
    if stack.drift is None:
        return {"StackDriftStatus": "NOT_CHECKED"}
    return {"StackDriftStatus": stack.drift["status"], "LastCheckTimestamp": stack.drift["time"]}


def rollback_configuration(settings: Settings) -> dict[str, Any]:
    """An empty structure unless something is set: recorded replies never hold an empty list of triggers."""
    return {name: value for name, value in settings.rollback_configuration.items() if value != []}


def _operations(stack: Stack) -> list[dict[str, str]]:
    latest: dict[str, str] = {}
    for operation in stack.operations:
        latest[operation.type] = operation.id
    return [{"OperationType": kind, "OperationId": identity} for kind, identity in latest.items()]


def stack(found: Stack) -> dict[str, Any]:
    settings = found.settings
    parameters = settings.blueprint.parameters.values() if settings.blueprint else []
    shown = _given(
        StackId=found.id,
        StackName=found.name,
        ChangeSetId=found.executed,
        Description=settings.description,
        Parameters=[p.described() for p in parameters] or None,
        CreationTime=found.created,
        DeletionTime=found.deleted,
        LastUpdatedTime=found.updated,
        RollbackConfiguration=rollback_configuration(settings),
        StackStatus=found.status,
        StackStatusReason=found.reason,
        DisableRollback=found.disable_rollback,
        NotificationARNs=settings.notifications,
        TimeoutInMinutes=found.timeout_minutes,
        Capabilities=settings.capabilities or None,
        Outputs=[dict(output) for output in found.outputs] or None,
        RoleARN=found.role,
        Tags=[{"Key": k, "Value": v} for k, v in settings.tags.items()],
        EnableTerminationProtection=found.protected if found.live else None,
        DriftInformation=drift_of(found),
        RetainExceptOnCreate=found.retain_except_on_create,
        DeletionMode=found.deletion_mode,
        DetailedStatus=found.detailed,
        LastOperations=_operations(found) or None,
    )
    return shown


def summary(found: Stack) -> dict[str, Any]:
    return _given(
        StackId=found.id,
        StackName=found.name,
        TemplateDescription=found.settings.description,
        CreationTime=found.created,
        LastUpdatedTime=found.updated,
        DeletionTime=found.deleted,
        StackStatus=found.status,
        StackStatusReason=found.reason,
        DriftInformation=drift_of(found),
        LastOperations=_operations(found) or None,
    )


def _drift(resource: Resource) -> dict[str, Any]:
    if resource.drift is None:
        return {"StackResourceDriftStatus": "NOT_CHECKED"}
    return {
        "StackResourceDriftStatus": resource.drift["StackResourceDriftStatus"],
        "LastCheckTimestamp": resource.drift["Timestamp"],
    }


def resource_summary(resource: Resource) -> dict[str, Any]:
    """As ListStackResources shows it."""
    return _given(
        LogicalResourceId=resource.logical_id,
        PhysicalResourceId=resource.physical_id or None,
        ResourceType=resource.type,
        LastUpdatedTimestamp=resource.changed,
        ResourceStatus=resource.status,
        ResourceStatusReason=resource.reason or None,
        DriftInformation=_drift(resource),
    )


def resource(found: Stack, member: Resource) -> dict[str, Any]:
    """As DescribeStackResources shows it."""
    shown = resource_summary(member)
    shown["Timestamp"] = shown.pop("LastUpdatedTimestamp")
    description = member.definition.policy("Description")
    return {"StackName": found.name, "StackId": found.id, **shown, **_given(Description=description)}


def resource_detail(found: Stack, member: Resource) -> dict[str, Any]:
    """As DescribeStackResource shows it."""
    return {
        "StackName": found.name,
        "StackId": found.id,
        **resource_summary(member),
        "Metadata": json.dumps(member.metadata, separators=(",", ":")),
        **_given(Description=member.definition.policy("Description")),
    }
