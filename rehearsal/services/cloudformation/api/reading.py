"""What can be asked about stacks.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation
from rehearsal.services.cloudformation import describe, exports, inputs, store
from rehearsal.services.cloudformation.errors import change_set_not_found, invalid
from rehearsal.services.cloudformation.model import Resource, Stack
from rehearsal.services.cloudformation.store import lock


@operation("cloudformation", "DescribeStacks")
def describe_stacks(call: Call) -> dict[str, Any]:
    name = call.params.get("StackName")
    with lock:
        if name:
            return {"Stacks": [describe.stack(store.get(call.account, call.region, name))]}
        live = [s for s in store.every(call.account, call.region) if s.live]
        live.sort(key=lambda s: s.created, reverse=True)
        shown, rest = inputs.page(live, call.params.get("NextToken"))
        return {"Stacks": [describe.stack(s) for s in shown], **rest}


@operation("cloudformation", "ListStacks")
def list_stacks(call: Call) -> dict[str, Any]:
    wanted = call.params.get("StackStatusFilter") or []
    with lock:
        found = [s for s in store.every(call.account, call.region) if not wanted or s.status in wanted]
        found.sort(key=lambda s: s.created, reverse=True)
        shown, rest = inputs.page(found, call.params.get("NextToken"))
        return {"StackSummaries": [describe.summary(s) for s in shown], **rest}


@operation("cloudformation", "DescribeStackEvents")
def describe_stack_events(call: Call) -> dict[str, Any]:
    name = call.params.get("StackName")
    if not name:
        raise invalid(
            "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be "
            "null"
        )
    with lock:
        stack = store.get(call.account, call.region, name, store.bracketed)
        shown, rest = _newest_first(stack.events, call.params.get("NextToken"))
        return {"StackEvents": shown, **rest}


def _newest_first(events: list[dict[str, Any]], token: str | None) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Pages that stay apart while new events come in: a token counts from the oldest."""
    end = len(events)
    if token:
        try:
            end = int(token.rsplit("-", 1)[-1])
        except ValueError as error:
            raise invalid("Invalid NextToken") from error
    start = max(0, end - 100)
    return list(reversed(events[start:end])), {"NextToken": f"events-{start}"} if start else {}


@operation("cloudformation", "DescribeEvents")
def describe_events(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeEvents.html"""
    params = call.params
    identity, change_set = params.get("OperationId"), params.get("ChangeSetName")
    with lock:
        if change_set:
            found = store.change_set(call.account, call.region, change_set, params.get("StackName"))
            if found is None:
                raise change_set_not_found(change_set)
            stacks, identity = [found[0]], found[1].operation_id
        elif params.get("StackName"):
            stacks = [store.get(call.account, call.region, params["StackName"])]
        elif identity:
            stacks = list(store.every(call.account, call.region))
        else:
            raise invalid("At least one of StackName, ChangeSetName or OperationId must be specified")
        events = [e for s in stacks for e in s.operation_events if identity in (None, e["OperationId"])]
        if (
            identity
            and not events
            and not any(o.id == identity for s in stacks for o in s.operations)
            and not change_set
        ):
            raise invalid(f"Operation with id {identity} does not exist")
        if (params.get("Filters") or {}).get("FailedEvents"):
            events = [e for e in events if _failed(e)]
        shown, rest = _newest_first(events, params.get("NextToken"))
        return {"OperationEvents": shown, **rest}


def _failed(event: dict[str, Any]) -> bool:
    return event["EventType"].endswith("_ERROR") or str(event.get("ResourceStatus", "")).endswith("FAILED")


def _member(stack: Stack, logical_id: str, asked: str) -> Resource:
    found = stack.resources.get(logical_id)
    if found is None:
        raise invalid(f"Resource {logical_id} does not exist for stack {asked}")
    return found


@operation("cloudformation", "DescribeStackResource")
def describe_stack_resource(call: Call) -> dict[str, Any]:
    with lock:
        stack = store.get(call.account, call.region, call.params["StackName"], store.quoted)
        member = _member(stack, call.params["LogicalResourceId"], call.params["StackName"])
        return {"StackResourceDetail": describe.resource_detail(stack, member)}


@operation("cloudformation", "DescribeStackResources")
def describe_stack_resources(call: Call) -> dict[str, Any]:
    name, physical = call.params.get("StackName"), call.params.get("PhysicalResourceId")
    logical = call.params.get("LogicalResourceId")
    if bool(name) == bool(physical):
        raise invalid("Exactly one of StackName and PhysicalResourceId must be specified")
    with lock:
        if physical:
            stack = _owner(call, physical)
        else:
            stack = store.get(call.account, call.region, name or "", store.bracketed)
        members = [_member(stack, logical, name or stack.name)] if logical else list(stack.resources.values())[:100]
        return {"StackResources": [describe.resource(stack, m) for m in members]}


def _owner(call: Call, physical_id: str) -> Stack:
    for stack in store.every(call.account, call.region):
        if stack.live and any(r.physical_id == physical_id for r in stack.resources.values()):
            return stack
    raise invalid(f"Stack for {physical_id} does not exist")


@operation("cloudformation", "ListStackResources")
def list_stack_resources(call: Call) -> dict[str, Any]:
    with lock:
        stack = store.get(call.account, call.region, call.params["StackName"])
        members = sorted(stack.resources.values(), key=lambda r: r.logical_id)
        shown, rest = inputs.page(members, call.params.get("NextToken"))
        return {"StackResourceSummaries": [describe.resource_summary(m) for m in shown], **rest}


@operation("cloudformation", "ListExports")
def list_exports(call: Call) -> dict[str, Any]:
    found = exports.every(call.account, call.region)
    shown, rest = inputs.page(found, call.params.get("NextToken"))
    return {"Exports": shown, **rest}


@operation("cloudformation", "ListImports")
def list_imports(call: Call) -> dict[str, Any]:
    name = call.params["ExportName"]
    found = exports.importers(call.account, call.region, name)
    if exports.exported_value(call.account, call.region, name) is None:
        raise invalid(f"Export '{name}' does not exist.")
    if not found:
        raise invalid(f"Export '{name}' is not imported by any stack.")
    shown, rest = inputs.page(found, call.params.get("NextToken"))
    return {"Imports": shown, **rest}


@operation("cloudformation", "DescribeAccountLimits")
def describe_account_limits(call: Call) -> dict[str, Any]:
    limits = {"StackLimit": 2000, "StackOutputsLimit": 200, "ConcurrentResourcesLimit": 2500}
    return {"AccountLimits": [{"Name": name, "Value": value} for name, value in limits.items()]}
