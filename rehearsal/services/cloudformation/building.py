"""Creating and updating a stack's resources, and what came of it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

from __future__ import annotations

from rehearsal.kernel import bugs
from rehearsal.kernel.errors import AwsError
from rehearsal.services.cloudformation import checks, events, policies, provision, scheduler, watch
from rehearsal.services.cloudformation.handler_errors import reason
from rehearsal.services.cloudformation.model import Leftover
from rehearsal.services.cloudformation.running import Phase
from rehearsal.services.cloudformation.store import lock


def build(phase: Phase) -> list[str]:
    """Creates and updates everything; returns what failed, cancelled ones included, as CloudFormation counts."""
    stack, operation = phase.stack, phase.operation
    keep_going = operation.disable_rollback or operation.on_failure == "DO_NOTHING"

    def work(name: str) -> bool:
        definition = phase.blueprint.resources[name]
        with lock:
            known = stack.resources.get(name)
            half_made = known is not None and known.exists and known.status == "CREATE_FAILED"
            if known is not None and half_made:
                # What never was stable is made anew; the clean-up deletes the remains.
                stack.leftovers.append(Leftover(known, "Delete"))
        if known is None or half_made or not known.exists:
            return provision.create(phase, definition)
        return provision.update(phase, definition)

    denied = _denied_removals(phase)
    if denied:
        return denied
    return scheduler.run(
        stack.name, phase.blueprint.graph, work,
        keep_going=keep_going, stopped=phase.stopped,
        failed=(lambda: None) if keep_going else phase.failing.set,
    )  # fmt: skip


def _denied_removals(phase: Phase) -> list[str]:
    """What leaves the template although the stack policy keeps it."""
    stack = phase.stack
    with lock:
        leaving = [r for name, r in stack.resources.items() if name not in phase.blueprint.resources and r.exists]
    denied = []
    for resource in leaving:
        try:
            policies.check_update(stack, resource, "Update:Delete", phase.undoing)
        except AwsError as error:
            events.resource_status(stack, resource, "UPDATE_FAILED", reason(error, "", resource.type))
            denied.append(resource.logical_id)
    return denied


def early(phase: Phase) -> str | None:
    """What CloudFormation finds wrong before it touches a resource."""
    try:
        checks.specific_parameters(phase)
        checks.imports(phase)
        return None
    except AwsError as error:
        return f"{str(error.message).rstrip('. ')}. "
    except Exception as error:
        bugs.report(f"stack {phase.stack.name}")
        return f"{error}. "


def outcome(phase: Phase, failed: list[str]) -> str | None:
    """Why the phase failed, ending with a space; None if it did not."""
    stack, operation = phase.stack, phase.operation
    if failed:
        with lock:
            invalid = [n for n in failed if stack.resources[n].reason.startswith("Properties validation failed")]
            states = {name: stack.resources[name].status for name in failed if name in stack.resources}
        if invalid:
            return f"Validation failed for following resources: [{', '.join(invalid)}]. "
        parts = ""
        for verb, status in (("create", "CREATE_FAILED"), ("update", "UPDATE_FAILED")):
            names = [name for name in failed if states.get(name) == status]
            if names:
                parts += f"The following resource(s) failed to {verb}: [{', '.join(names)}]. "
        return parts or f"The following resource(s) failed: [{', '.join(failed)}]. "
    if not operation.stop_flag:
        try:
            checks.publish_outputs(phase)
        except AwsError as error:
            return f"{str(error.message).rstrip('. ')}. "
        watch.monitor(stack, operation)
    if operation.stop_flag:
        return operation.stop_reason
    return None
