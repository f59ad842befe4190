"""Handlers keep to the registry: every property is done or refused with a reason.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.services.cloudformation.handler import HandlerFailure
from rehearsal.services.cloudformation.handlers import find, type_names
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.schemas import names, schema, settable
from rehearsal.tests.handlers.cases import CASES
from rehearsal.tests.handlers.harness import World

TYPES = sorted(type_names())


def _nobody(service: str) -> Any:
    pytest.fail(f"{service} was called")


def handler_of(type_name: str) -> Resource:
    handler = find(type_name)
    assert isinstance(handler, Resource)
    return handler


@pytest.mark.parametrize("type_name", TYPES)
def test_refuses_only_properties_that_the_type_has_and_says_why(type_name: str) -> None:
    handler = handler_of(type_name)
    assert handler.refused.keys() <= settable(type_name)
    assert all(len(reason) > 10 for reason in handler.refused.values())
    required = set(schema(type_name).get("required", []))
    assert not required & handler.refused.keys()


@pytest.mark.parametrize("type_name", TYPES)
def test_a_refused_property_fails_the_resource_with_the_reason(type_name: str) -> None:
    handler = handler_of(type_name)
    context = World(_nobody, _nobody).context(type_name)
    for name, reason in handler.refused.items():
        with pytest.raises(HandlerFailure, match="is not implemented by the rehearsal") as caught:
            handler.create(context, {name: "x"})
        assert reason in str(caught.value)


@pytest.mark.parametrize("type_name", TYPES)
def test_an_in_place_update_is_there_wherever_a_property_can_change(type_name: str) -> None:
    handler = handler_of(type_name)
    changeable = handler.accepted() - names(type_name, "createOnlyProperties") - {handler.tags.property}
    own = type(handler)
    done = own.change is not Resource.change or own.update is not Resource.update
    assert done or not changeable, f"{sorted(changeable)} can change, but nothing changes them"


def test_every_type_has_its_life_told() -> None:
    assert type_names() == {case.type_name for case in CASES}
