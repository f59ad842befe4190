"""What readers of tags share: a resource's ARN in its parts, and tags in one form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.call import Call

Tags = dict[str, str]


@dataclass(frozen=True)
class Resource:
    """An ARN in its parts; images and snapshots have no account in theirs, so it is the caller's."""

    call: Call
    arn: str
    service: str
    region: str
    account: str
    rest: str

    @property
    def last(self) -> str:
        return self.rest.rsplit("/", 1)[-1]

    def backend(self, service: str) -> Any:
        return get_backend(service)[self.account][self.region]


def as_map(value: Any) -> Tags:
    """Tags in any of the forms that services have for them."""
    if isinstance(value, dict):
        inner = value.get("Items")
        if isinstance(inner, list):
            return as_map(inner)
        return {str(k): str(v) for k, v in value.items() if not isinstance(v, (dict, list))}
    found = {}
    for entry in value if isinstance(value, list) else []:
        if isinstance(entry, dict):
            key = entry.get("Key", entry.get("key", entry.get("TagKey")))
            if key is not None:
                found[str(key)] = str(entry.get("Value", entry.get("value", entry.get("TagValue", ""))))
    return found
