"""PutEvents. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html"""

from __future__ import annotations

import json
from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.services.events import bus, envelope


def register() -> None:
    operation("events", "PutEvents")(put_events)
    operation("events", "PutRule")(put_rule)


def put_events(call: Call) -> dict[str, Any]:
    entries = call.params.get("Entries") or []
    if not 1 <= len(entries) <= 10:
        limit = "less than or equal to 10" if entries else "greater than or equal to 1"
        raise AwsError(
            "ValidationException",
            "1 validation error detected: Value '[PutEventsRequestEntry]' at 'entries' failed to satisfy constraint: "
            f"Member must have length {limit}",
        )
    results = [_put(call, entry) for entry in entries]
    return {"FailedEntryCount": sum("ErrorCode" in result for result in results), "Entries": results}


def _put(call: Call, entry: dict[str, Any]) -> dict[str, Any]:
    for member in ("Source", "DetailType", "Detail"):
        if not entry.get(member):
            return _refused(
                "InvalidArgument", f"Parameter {member} is not valid. Reason: {member} is a required argument."
            )
    if entry["Source"].startswith("aws."):
        return _refused("NotAuthorizedForSourceException", "Not authorized for the source.")
    try:
        detail = json.loads(entry["Detail"])
    except ValueError:
        return _refused("MalformedDetail", "Detail is malformed.")
    if not isinstance(detail, dict):
        return _refused("MalformedDetail", "Detail is malformed.")
    name = entry.get("EventBusName") or "default"
    region, short = call.region, name
    if name.startswith("arn:"):
        region, short = name.split(":")[3], name.rsplit("event-bus/", 1)[-1]
    event = envelope.make(
        entry["Source"],
        entry["DetailType"],
        detail,
        entry.get("Resources") or [],
        region,
        call.account,
        entry.get("Time"),
    )
    # An entry for a bus that is not there is accepted and lost, as on AWS.
    if short in get_backend("events")[call.account][region].event_buses:
        bus.publish(event, short)
    return {"EventId": event["id"]}


def _refused(code: str, message: str) -> dict[str, Any]:
    return {"ErrorCode": code, "ErrorMessage": message}


def put_rule(call: Call) -> dict[str, Any]:
    # moto would keep the schedule and never act on it.
    if call.params.get("ScheduleExpression"):
        raise NotImplementedByRehearsal("events", "PutRule", "ScheduleExpression")
    return call.moto()
