"""What a target receives: the event, a part of it, a constant, or a text made from it.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from __future__ import annotations

import json
import re
from typing import Any

_PLACE = re.compile(r"<([A-Za-z0-9_.\-]+)>")
_STEP = re.compile(r"\.([A-Za-z0-9_\-]+)|\['([^']+)'\]|\[\"([^\"]+)\"\]|\[(\d+)\]")
MISSING = object()


def of(target: dict[str, Any], event: dict[str, Any], rule_arn: str = "", rule_name: str = "") -> str:
    """The text that goes to the target."""
    if target.get("Input"):
        return str(target["Input"])
    if target.get("InputPath"):
        found = at(target["InputPath"], event)
        return json.dumps({} if found is MISSING else found)
    if target.get("InputTransformer"):
        return transformed(target["InputTransformer"], event, rule_arn, rule_name)
    return json.dumps(event)


def at(path: str, event: Any) -> Any:
    """The value at a JSON path like $.detail.object.key, or MISSING."""
    found, rest = event, path.removeprefix("$")
    for dotted, single, double, index in _STEP.findall(rest):
        key = dotted or single or double
        if key and isinstance(found, dict) and key in found:
            found = found[key]
        elif index and isinstance(found, list) and int(index) < len(found):
            found = found[int(index)]
        else:
            return MISSING
    return found


def transformed(transformer: dict[str, Any], event: dict[str, Any], rule_arn: str = "", rule_name: str = "") -> str:
    """A path that finds nothing leaves its place empty; in a JSON template values are quoted where they need it."""
    values = {name: at(path, event) for name, path in (transformer.get("InputPathsMap") or {}).items()}
    values.update(
        {
            "aws.events.rule-arn": rule_arn,
            "aws.events.rule-name": rule_name,
            "aws.events.event.ingestion-time": event.get("time", ""),
            "aws.events.event": event,
            "aws.events.event.json": event,
        }
    )
    template = transformer["InputTemplate"]
    pieces, last, quoted = [], 0, False
    for place in _PLACE.finditer(template):
        before = template[last : place.start()]
        # Inside a JSON text the value stands as it is; outside it needs quotes of its own.
        quoted ^= len(re.findall(r'(?<!\\)"', before)) % 2 == 1
        name = place.group(1)
        pieces += [before, _written(values[name], quoted) if name in values else place.group(0)]
        last = place.end()
    text = "".join([*pieces, template[last:]])
    # A template of plain text is written as a quoted string; targets get the text itself.
    return json.loads(text) if _is_text(text) else text


def _written(value: Any, quoted: bool) -> str:
    if value is MISSING:
        return "" if quoted else '""'
    if isinstance(value, str):
        return json.dumps(value)[1:-1] if quoted else json.dumps(value)
    text = json.dumps(value)
    return json.dumps(text)[1:-1] if quoted and isinstance(value, dict | list) else text


def _is_text(text: str) -> bool:
    try:
        return isinstance(json.loads(text), str)
    except ValueError:
        return False
