"""Every operation that is implemented here, with members missing, null, empty, of other types and too large."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from moto.core.utils import get_service_model

from rehearsal.kernel import operations

# These would touch the machine beyond the rehearsal, or end it.
_LEFT_OUT: set[tuple[str, str]] = set()
_WRONG: tuple[Any, ...] = (
    "",
    "x",
    "arn:aws:x",
    -1,
    0,
    10**12,
    1.5,
    True,
    [],
    ["x"],
    [[]],
    {},
    {"x": "y"},
    [{}],
    [{"x": 1}],
    None,
)


def cases() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Service, operation and parameters; the same in every run."""
    for service, name in sorted(operations._operations):
        if (service, name) in _LEFT_OUT:
            continue
        shape = get_service_model(service).operation_model(name).input_shape
        yield service, name, {}
        if shape is None:
            continue
        random = Random(f"{service}:{name}")
        yield service, name, sample(shape, random, 0, all_members=True)
        yield service, name, sample(shape, random, 0, all_members=False)
        sound = sample(shape, random, 0, all_members=False)
        for member in shape.members:
            yield service, name, {key: value for key, value in sound.items() if key != member}
            for wrong in random.sample(_WRONG, 5):
                yield service, name, {**sound, member: wrong}
            yield service, name, {**sound, member: sample(shape.members[member], random, 0, all_members=True)}


def sample(shape: Any, random: Random, depth: int, all_members: bool) -> Any:
    """A value of a shape's type, without a meaning."""
    match shape.type_name:
        case "structure":
            wanted = shape.members if all_members and depth < 4 else shape.required_members
            return {name: sample(shape.members[name], random, depth + 1, all_members) for name in wanted}
        case "list":
            return [sample(shape.member, random, depth + 1, all_members)] if depth < 6 else []
        case "map":
            return {"key": sample(shape.value, random, depth + 1, all_members)} if depth < 6 else {}
        case "boolean":
            return random.random() < 0.5
        case "integer" | "long":
            return random.choice((0, 1, 5, -1, 100))
        case "float" | "double":
            return random.choice((0.0, 1.5, -2.0))
        case "timestamp":
            return "2026-01-01T00:00:00Z"
        case "blob":
            return "aGk="
    if getattr(shape, "enum", None):
        return random.choice(shape.enum)
    return random.choice(("x", "fuzz", "arn:aws:sns:us-east-1:123456789012:x", "sg-12345678", "1", "*", "a b", "é"))
