"""Hands an event to one target through the target's own API, under the role that the target names.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from moto.backends import get_backend

from rehearsal.kernel import clients
from rehearsal.kernel.clients import Service
from rehearsal.kernel.errors import NotImplementedByRehearsal
from rehearsal.services.events import envelope, invocations

SERVICE = "events.amazonaws.com"

# An event, and the name of the bus that it goes on to.
Moved = tuple[dict[str, Any], str]


def deliver(rule: Any, target: dict[str, Any], text: str, event: dict[str, Any]) -> Moved | None:
    """What a target that is a bus is to publish, if it is one.

    @raises ClientError from the target's service, NotImplementedByRehearsal for a target it does not know."""
    service = target["Arn"].split(":")[2]
    send = _BY_SERVICE.get(service)
    if send is None:
        raise NotImplementedByRehearsal("events", "PutEvents", f"target {target['Arn']}")
    return send(rule, target, text, event)


def _client(service: str, rule: Any, target: dict[str, Any]) -> Any:
    """Under the target's role, as those services want it. @raises ClientError AccessDenied."""
    role = target.get("RoleArn") or rule.role_arn
    region = target["Arn"].split(":")[3]
    if not role:
        raise ValueError(f"target {target['Id']} has no RoleArn, which {service} needs")
    return clients.client(service, region, role=role, session_name=invocations.session(rule), assumed_by=SERVICE)


def _pipeline(rule: Any, target: dict[str, Any], text: str, event: dict[str, Any]) -> None:
    # An input that was made for it may override source revisions and variables.
    # https://docs.aws.amazon.com/codepipeline/latest/userguide/create-S3-source-events.html
    asked = _members(text, "sourceRevisions", "variables") if _made(target) else {}
    name = target["Arn"].rsplit(":", 1)[1]
    asked["clientRequestToken"] = _token(rule, target, event)
    _client("codepipeline", rule, target).start_pipeline_execution(name=name, **asked)


def _build(rule: Any, target: dict[str, Any], text: str, event: dict[str, Any]) -> None:
    asked: dict[str, Any] = {}
    if _made(target):
        asked = {k: v for k, v in _object(text).items() if k.endswith("Override") or k == "sourceVersion"}
    name = target["Arn"].rsplit("project/", 1)[1]
    asked["idempotencyToken"] = _token(rule, target, event)
    _client("codebuild", rule, target).start_build(projectName=name, **asked)


def _topic(rule: Any, target: dict[str, Any], text: str, event: dict[str, Any]) -> None:
    region, account = target["Arn"].split(":")[3:5]
    clients.client("sns", region, principal=Service(SERVICE, account)).publish(TopicArn=target["Arn"], Message=text)


def _queue(rule: Any, target: dict[str, Any], text: str, event: dict[str, Any]) -> None:
    to_queue(target["Arn"], text, event, target.get("SqsParameters") or {})


def to_queue(arn: str, text: str, event: dict[str, Any], parameters: dict[str, Any], error: str = "") -> None:
    region, account, name = arn.split(":")[3:6]
    sqs = clients.client("sqs", region, principal=Service(SERVICE, account))
    url = sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
    extra: dict[str, Any] = {}
    if name.endswith(".fifo"):
        extra["MessageGroupId"] = parameters.get("MessageGroupId", "events")
        extra["MessageDeduplicationId"] = hashlib.sha256(f"{event['id']}{text}".encode()).hexdigest()
    if error:
        extra["MessageAttributes"] = {"ERROR_MESSAGE": {"DataType": "String", "StringValue": error[:1000]}}
    sqs.send_message(QueueUrl=url, MessageBody=text, **extra)


def _log_group(rule: Any, target: dict[str, Any], text: str, event: dict[str, Any]) -> None:
    parts = target["Arn"].split(":")
    group, stream = parts[6], f"{rule.name}-{uuid.uuid4()}"
    logs = clients.client("logs", parts[3], principal=Service(SERVICE, parts[4]))
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    logs.put_log_events(
        logGroupName=group, logStreamName=stream, logEvents=[{"timestamp": int(time.time() * 1000), "message": text}]
    )


def _state_machine(rule: Any, target: dict[str, Any], text: str, event: dict[str, Any]) -> None:
    _client("stepfunctions", rule, target).start_execution(stateMachineArn=target["Arn"], input=text)


def _events(rule: Any, target: dict[str, Any], text: str, event: dict[str, Any]) -> Moved | None:
    region, account, resource = target["Arn"].split(":", 5)[3:6]
    if resource.startswith("event-bus/"):
        moved = envelope.make(
            event["source"], event["detail-type"], event["detail"], event["resources"], region, account
        )
        return {**moved, "id": event["id"], "time": event["time"]}, resource.removeprefix("event-bus/")
    if not resource and event.get("source"):
        # moto's way to keep an archive: a rule of its own with this target.
        backend = get_backend("events")[rule.account_id][rule.region_name]
        for archive in backend.archives.values():
            if archive.rule is rule or getattr(archive.rule, "name", "") == rule.name:
                archive.events.append(event)
        return None
    raise NotImplementedByRehearsal("events", "PutEvents", f"target {target['Arn']}")


_BY_SERVICE: dict[str, Callable[[Any, dict[str, Any], str, dict[str, Any]], Moved | None]] = {
    "codepipeline": _pipeline,
    "codebuild": _build,
    "sns": _topic,
    "sqs": _queue,
    "logs": _log_group,
    "states": _state_machine,
    "events": _events,
}


def _token(rule: Any, target: dict[str, Any], event: dict[str, Any]) -> str:
    """One event starts a target once, also when the reply to the first request is lost."""
    return hashlib.sha256(f"{rule.arn} {target['Id']} {event['id']}".encode()).hexdigest()


def _made(target: dict[str, Any]) -> bool:
    return bool(target.get("Input") or target.get("InputPath") or target.get("InputTransformer"))


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _members(text: str, *names: str) -> dict[str, Any]:
    return {name: value for name, value in _object(text).items() if name in names}
