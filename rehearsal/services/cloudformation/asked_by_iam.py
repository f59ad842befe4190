"""What IAM asks of stacks when it holds a call against policies: their tags, and whose a change set is."""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.services.cloudformation import store
from rehearsal.services.iam import lookups, resource_tags
from rehearsal.services.iam.tag_forms import Resource


@resource_tags.read_by("cloudformation")
def stack_tags(one: Resource) -> dict[str, str]:
    """The tags of a live stack, by its ARN, whose last part may be `*`; none where there is no stack."""
    name = one.rest.split("/")[1] if one.rest.startswith("stack/") else ""
    stack = store.by_name(one.account, one.region, name)
    return dict(stack.settings.tags) if stack is not None else {}


@lookups.completed_by("cloudformation")
def stack_of_change_set(call: Call) -> dict[str, Any]:
    """A change set that is named by its ARN alone is its stack's all the same."""
    name = str(call.params.get("ChangeSetName"))
    if ":changeSet/" not in name or "StackName" in call.params:
        return {}
    found = store.change_set(call.account, call.region, name, None)
    return {"StackName": found[0].name if found else "*"}
