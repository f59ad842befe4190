"""CodeConnections, which moto has not got: connections are kept and told, and stay PENDING.

A person completes the handshake with the provider in AWS's console; no API does, and nothing here reaches a provider.
https://docs.aws.amazon.com/codeconnections/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import uuid
from typing import Any

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation, whole_service

SERVICE = "codeconnections"
whole_service(SERVICE)

_connections: dict[str, dict[str, Any]] = {}
_tags: dict[str, dict[str, str]] = {}


@tasks.on_reset
def _forget() -> None:
    _connections.clear()
    _tags.clear()


def _find(arn: str) -> dict[str, Any]:
    if arn not in _connections:
        raise AwsError("ResourceNotFoundException", f"Resource {arn} not found")
    return _connections[arn]


def _told(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


@operation(SERVICE, "CreateConnection")
def create_connection(call: Call) -> dict[str, Any]:
    arn = f"arn:aws:codeconnections:{call.region}:{call.account}:connection/{uuid.uuid4()}"
    given = {name: call.params[name] for name in ("ConnectionName", "ProviderType", "HostArn") if name in call.params}
    _connections[arn] = {
        **given, "ConnectionArn": arn, "OwnerAccountId": call.account, "ConnectionStatus": "PENDING",
    }  # fmt: skip
    _tags[arn] = {tag["Key"]: tag["Value"] for tag in call.params.get("Tags", [])}
    return {"ConnectionArn": arn, "Tags": _told(_tags[arn])}


@operation(SERVICE, "GetConnection")
def get_connection(call: Call) -> dict[str, Any]:
    return {"Connection": _find(call.params["ConnectionArn"])}


@operation(SERVICE, "ListConnections")
def list_connections(call: Call) -> dict[str, Any]:
    kind = call.params.get("ProviderTypeFilter")
    here = f":{call.region}:{call.account}:"
    found = [item for arn, item in _connections.items() if here in arn and kind in (None, item.get("ProviderType"))]
    return {"Connections": found}


@operation(SERVICE, "DeleteConnection")
def delete_connection(call: Call) -> dict[str, Any]:
    _find(call.params["ConnectionArn"])
    del _connections[call.params["ConnectionArn"]], _tags[call.params["ConnectionArn"]]
    return {}


@operation(SERVICE, "TagResource")
def tag_resource(call: Call) -> dict[str, Any]:
    _find(call.params["ResourceArn"])
    _tags[call.params["ResourceArn"]].update({tag["Key"]: tag["Value"] for tag in call.params["Tags"]})
    return {}


@operation(SERVICE, "UntagResource")
def untag_resource(call: Call) -> dict[str, Any]:
    _find(call.params["ResourceArn"])
    for key in call.params["TagKeys"]:
        _tags[call.params["ResourceArn"]].pop(key, None)
    return {}


@operation(SERVICE, "ListTagsForResource")
def list_tags_for_resource(call: Call) -> dict[str, Any]:
    _find(call.params["ResourceArn"])
    return {"Tags": _told(_tags[call.params["ResourceArn"]])}
