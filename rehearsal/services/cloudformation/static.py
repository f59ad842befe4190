"""What can be told of a template without its parameters' values, as ValidateTemplate does.

Where a condition may leave a part out, what that part refers to is still looked for; cycles are looked for only where
no condition can break one. How far CloudFormation itself goes there is unchecked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.services.cloudformation import conditions, parameters, registry, shapes
from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.graph import refuse_cycles
from rehearsal.services.cloudformation.template import PSEUDO, Template
from rehearsal.services.cloudformation.walk import Reference, function_of, references


def check(template: Template) -> None:
    """@raises AwsError ValidationError."""
    parameters.check_declarations(template)
    if template.pending:
        # What transforms will make of it is not told before the parameters' values are known.
        return
    conditions.refuse_resources(template)
    shapes.check_template(template)
    _check_types(template)
    _check_conditions(template)
    for section in ("Resources", "Outputs"):
        _check_references(template, section)
    if not template.section("Conditions"):
        refuse_cycles(_graph(template.resources))


def _check_types(template: Template) -> None:
    strange = sorted({body["Type"] for body in template.resources.values() if registry.find(body["Type"]) is None})
    if strange:
        raise invalid(f"Template format error: Unrecognized resource types: [{', '.join(strange)}]")


def _check_conditions(template: Template) -> None:
    defined = template.section("Conditions")
    for section in ("Conditions", "Resources", "Outputs"):
        for body in template.section(section).values():
            named = [body["Condition"]] if section != "Conditions" and "Condition" in body else []
            if section == "Conditions":
                named = list(_named(body, "Condition"))
            for name in named:
                if name not in defined:
                    raise invalid(
                        f"Template format error: Unresolved condition dependency {name} in the {section} block of the "
                        "template"
                    )
            for argument in _named(body, "Fn::If"):
                if argument[0] not in defined:
                    raise invalid(f"Template error: unresolved condition dependency {argument[0]} in Fn::If")


def _named(value: Any, function: str) -> Iterator[Any]:
    """The argument of every `function` below a value."""
    if isinstance(value, dict) and len(value) == 1 and function in value:
        argument = value[function]
        if function == "Condition" and isinstance(argument, str):
            yield argument
        if function == "Fn::If" and function_of(value) and isinstance(argument, list):
            yield argument
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in items:
        yield from _named(item, function)


def _check_references(template: Template, section: str) -> None:
    known = {*template.resources, *template.section("Parameters"), *PSEUDO}
    missing: set[str] = set()
    for body in template.section(section).values():
        depends = body.get("DependsOn", []) if section == "Resources" else []
        missing |= {
            name for name in ([depends] if isinstance(depends, str) else depends) if name not in template.resources
        }
        for reference in references({key: part for key, part in body.items() if key != "Metadata"}):
            if reference.attribute:
                check_attribute({name: one["Type"] for name, one in template.resources.items()}, reference)
            elif reference.name not in known:
                missing.add(reference.name)
    if missing:
        raise invalid(
            f"Template format error: Unresolved resource dependencies [{', '.join(sorted(missing))}] in the {section} "
            "block of the template"
        )


def check_attribute(types: Mapping[str, str], reference: Reference) -> None:
    """`types` are those of all resources that count. @raises AwsError ValidationError."""
    if reference.name not in types:
        raise invalid(f"Template error: instance of Fn::GetAtt references undefined resource {reference.name}")
    if reference.attribute != "*" and not registry.get(types[reference.name]).has_attribute(reference.attribute):
        raise invalid(
            f"Template error: resource {reference.name} does not support attribute type {reference.attribute} in "
            "Fn::GetAtt"
        )


def _graph(resources: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    graph = {}
    for name, body in resources.items():
        depends = body.get("DependsOn", [])
        needs = {depends} if isinstance(depends, str) else set(depends)
        needs |= {r.name for r in references({key: part for key, part in body.items() if key != "Metadata"})}
        graph[name] = frozenset(needs & set(resources))
    return graph
