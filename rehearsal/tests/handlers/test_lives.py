"""Each type is made, read back, updated, read back, deleted, as CloudFormation's contract for resource types says.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html
"""

from __future__ import annotations

import pytest

from rehearsal.kernel import journal
from rehearsal.services.cloudformation.handler import ResourceNotFound
from rehearsal.services.cloudformation.handlers import find
from rehearsal.services.cloudformation.handlers.schemas import names
from rehearsal.services.cloudformation.handlers.tags import as_map, of_stack
from rehearsal.tests.handlers.cases import CASES
from rehearsal.tests.handlers.harness import TAGS, Case, World, differences, overlay, readable
from rehearsal.tests.handlers.permissions import beyond


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_made_read_updated_deleted_and_gone(case: Case, world: World) -> None:
    handler = find(case.type_name)
    assert handler is not None
    leave = names(case.type_name, "writeOnlyProperties") | handler.unreadable | case.unread
    properties = case.properties(world)
    ctx = world.context(case.type_name)
    since = journal.count()
    physical_id = handler.create(ctx, properties)
    try:
        assert (
            differences(readable(case.type_name, properties), handler.read(ctx, physical_id, properties), leave) == {}
        )

        attributes = handler.attributes(ctx, physical_id, properties)
        missing = (
            names(case.type_name, "readOnlyProperties")
            - case.absent
            - {name for name, value in attributes.items() if value is not None}
        )
        assert missing == set(), f"attributes that GetAtt cannot give: {sorted(missing)}"

        for change in case.updates:
            wanted = overlay(properties, change(world))
            ctx = world.again(ctx)
            assert handler.update(ctx, physical_id, properties, wanted) == physical_id
            properties = wanted
            assert (
                differences(readable(case.type_name, properties), handler.read(ctx, physical_id, properties), leave)
                == {}
            )

        tags = getattr(handler, "tags", None)
        if tags is not None and tags.updatable:
            ctx = world.again(ctx, tags={**TAGS, "Team": "depot", "Stage": "one"})
            handler.update(ctx, physical_id, properties, properties)
            told = as_map(handler.describe(ctx, physical_id, properties).get(tags.property))
            expected = of_stack(case.type_name, ctx.tags)
            assert expected.keys() >= {"Team", "Stage"}
            assert expected.items() <= told.items()
            ctx = world.again(ctx, tags={"Stage": "one"})
            handler.update(ctx, physical_id, properties, properties)
            told = as_map(handler.describe(ctx, physical_id, properties).get(tags.property))
            assert "Team" not in told
    finally:
        handler.delete(ctx, physical_id, properties)
    with pytest.raises(ResourceNotFound):
        handler.read(ctx, physical_id, properties)
    handler.delete(ctx, physical_id, properties)
    assert beyond(case.type_name, since) == {}
