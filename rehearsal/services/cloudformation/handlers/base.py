"""What all handlers share: refusal of what is not done, missing resources, changed properties, read-back, tags.

A subclass gives `make`, `change`, `remove` and `describe`; this class turns them into the engine's protocol.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.services.cloudformation.handler import Context, Handler, HandlerFailure, ResourceNotFound
from rehearsal.services.cloudformation.handlers.drift import align_model, same
from rehearsal.services.cloudformation.handlers.schemas import names, schema, settable
from rehearsal.services.cloudformation.handlers.shapes import Renames, UnknownProperty, arguments, to_model
from rehearsal.services.cloudformation.handlers.tags import NO_TAGS, Tags

_MISSING = re.compile(r"NotFound|NoSuch|DoesNotExist|NonExistent|UnknownResource|StateMachineDoesNotExist")


class Resource(Handler):
    service: str
    tags: Tags = NO_TAGS
    renames: Renames = {}
    """API names of properties that differ by more than case, by dotted path; None: no operation takes it as it is."""
    refused: Mapping[str, str] = {}
    """Properties that the rehearsal does not do, each with its reason."""
    missing: tuple[str, ...] = ()
    """Further error codes by which the service says that the resource does not exist."""

    def make(self, ctx: Context, properties: dict[str, Any]) -> str:
        raise NotImplementedError

    def change(
        self, ctx: Context, physical_id: str, old: dict[str, Any], new: dict[str, Any], changed: frozenset[str]
    ) -> str | None:
        """Applies the changed properties but the tags; answers a new physical id if the update gave one."""
        raise NotImplementedError

    def remove(self, ctx: Context, physical_id: str, properties: dict[str, Any]) -> None:
        raise NotImplementedError

    def describe(self, ctx: Context, physical_id: str, properties: dict[str, Any]) -> dict[str, Any] | None:
        """The current model; None or an error of the service's NotFound kind where it does not exist."""
        raise NotImplementedError

    def create(self, ctx: Context, properties: dict[str, Any]) -> str:
        self._refuse(properties, properties.keys())
        return self._spoken(self.make, ctx, properties)

    def update(self, ctx: Context, physical_id: str, old: dict[str, Any], new: dict[str, Any]) -> str:
        changed = frozenset(
            name for name in old.keys() | new.keys() if not same(old.get(name, _ABSENT), new.get(name, _ABSENT))
        )
        self._refuse(new, changed)
        rest = changed - {self.tags.property}
        replaced = self._spoken(self.change, ctx, physical_id, old, new, rest) if rest else None
        self.tags.update(self, ctx, replaced or physical_id, old, new)
        return replaced or physical_id

    def delete(self, ctx: Context, physical_id: str, properties: dict[str, Any]) -> None:
        try:
            self.remove(ctx, physical_id, properties)
        except ResourceNotFound:
            return
        except ClientError as error:
            # What is missing may also be something else that the deletion needs.
            if not self.is_missing(error) or self.exists(ctx, physical_id, properties):
                raise

    def read(self, ctx: Context, physical_id: str, properties: dict[str, Any]) -> dict[str, Any]:
        try:
            model = self.describe(ctx, physical_id, properties)
        except ClientError as error:
            if not self.is_missing(error):
                raise
            model = None
        if model is None:
            raise ResourceNotFound(
                f"Resource of type '{self.type_name}' with identifier '{physical_id}' was not found."
            )
        return align_model(properties, self.tags.own(ctx, properties, model))

    def attributes(self, ctx: Context, physical_id: str, properties: dict[str, Any]) -> dict[str, Any]:
        """Every read-only property, nested ones by their dotted names as GetAtt wants them."""
        wanted = names(self.type_name, "readOnlyProperties")
        nested = {
            path.removeprefix("/properties/") for path in schema(self.type_name).get("readOnlyProperties", [])
        } - wanted
        model = self.read(ctx, physical_id, properties)
        found = {name: model[name] for name in wanted if name in model}
        for path in nested:
            value: Any = model
            for part in path.split("/"):
                value = value.get(part) if isinstance(value, Mapping) else None
            if value is not None:
                found[path.replace("/", ".")] = value
        return found

    def is_missing(self, error: ClientError) -> bool:
        code = error.response["Error"]["Code"]
        return code in self.missing or bool(_MISSING.search(code))

    def exists(self, ctx: Context, physical_id: str, properties: dict[str, Any]) -> bool:
        try:
            self.read(ctx, physical_id, properties)
        except ResourceNotFound:
            return False
        return True

    def args(self, operation: str, properties: Mapping[str, Any], *only: str) -> dict[str, Any]:
        """Keyword arguments of a boto3 call that sets the properties: all, or those named that are present."""
        return self.some(operation, properties, only or properties.keys())

    def some(self, operation: str, properties: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
        """Keyword arguments of a boto3 call that sets those of the named properties that are present."""
        chosen = {name: properties[name] for name in names if name in properties}
        return arguments(self.service, operation, chosen, self.renames)

    def model(self, reply: Mapping[str, Any]) -> dict[str, Any]:
        return to_model(self.type_name, reply, self.renames)

    def accepted(self) -> frozenset[str]:
        """Properties that this handler does."""
        return settable(self.type_name) - self.refused.keys()

    def _refuse(self, properties: dict[str, Any], among: Any) -> None:
        for name in sorted(among):
            if name in self.refused and name in properties:
                raise HandlerFailure(
                    f"Property {name} of {self.type_name} is not implemented by the rehearsal: {self.refused[name]}"
                )

    def _spoken(self, action: Any, *args: Any) -> Any:
        try:
            return action(*args)
        except UnknownProperty as error:
            raise HandlerFailure(f"{self.type_name} is not implemented by the rehearsal: {error}") from error


_ABSENT = object()
