"""What an operation looks at before and after the resources: parameters that name real things, imports, exports.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.errors import AwsError
from rehearsal.services.cloudformation import dynamic, exports, parameter_types
from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.functions import text_of
from rehearsal.services.cloudformation.intrinsics import resolve
from rehearsal.services.cloudformation.model import Stack
from rehearsal.services.cloudformation.running import Phase
from rehearsal.services.cloudformation.scope import Scope, is_unknown
from rehearsal.services.cloudformation.store import lock


def specific_parameters(phase: Phase) -> None:
    """@raises AwsError ValidationError for a value that its service does not know."""
    for parameter in phase.blueprint.parameters.values():
        missing = parameter_types.missing_value(parameter.type, parameter.value, phase.client)
        if missing is not None:
            raise invalid(
                f"Parameter validation failed: parameter value {missing} for parameter name {parameter.name} "
                "does not exist"
            )


def imports(phase: Phase) -> None:
    """Takes the locks on what is imported. @raises AwsError ValidationError for an export that is not there."""
    names = _imported(phase)
    for name in names:
        phase.export(name)
    with lock:
        # What the stack may have to go back to stays locked until the end.
        phase.stack.imports |= names


def _imported(phase: Phase) -> set[str]:
    scope = phase.scope()
    return {text_of(resolve(argument, scope)) for argument in phase.blueprint.imports()}


def settle(phase: Phase) -> None:
    """After an update or its roll-back: the imports and outputs of the settings that won, if they can be told."""
    try:
        names = _imported(phase)
        publish_outputs(phase)
    except AwsError:
        return
    with lock:
        phase.stack.imports = names


def outputs(phase_scope: Scope, declared: Any, client: dynamic.Client) -> list[dict[str, Any]]:
    """The outputs as DescribeStacks shows them. @raises AwsError ValidationError for one that is no text."""
    result = []
    for name, body in declared.items():
        value = dynamic.of_output(name, resolve(body["Value"], phase_scope), client)
        if isinstance(value, (dict, list)):
            raise invalid(
                f"Template format error: Output {name} is malformed. The Value field of every Outputs member must "
                "evaluate to a String."
            )
        shown: dict[str, Any] = {"OutputKey": name, "OutputValue": value if is_unknown(value) else text_of(value)}
        if body.get("Description"):
            shown["Description"] = body["Description"]
        if body.get("Export"):
            shown["ExportName"] = text_of(resolve(body["Export"]["Name"], phase_scope))
        result.append(shown)
    return result


def publish_outputs(phase: Phase) -> None:
    """Gives the stack its outputs. @raises AwsError ValidationError if an export is in the way or in use."""
    found = outputs(phase.scope(), phase.blueprint.outputs, phase.client)
    names = [o["ExportName"] for o in found if "ExportName" in o]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise invalid(f"Template error: export name {twice[0]} is used more than once")
    with lock:
        refused = exports.refusal(phase.stack, {o["ExportName"]: o["OutputValue"] for o in found if "ExportName" in o})
        if refused:
            raise invalid(refused)
        phase.stack.outputs = found


def deletion_refusal(stack: Stack) -> str | None:
    return exports.refusal(stack, {})
