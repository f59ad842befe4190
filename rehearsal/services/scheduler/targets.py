"""What a schedule calls, under its role: an operation that its target names, or the one that stands for a resource.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import botocore.session
from botocore import xform_name

from rehearsal.kernel import clients
from rehearsal.kernel.errors import NotImplementedByRehearsal

SERVICE = "scheduler.amazonaws.com"
_ANY = "arn:aws:scheduler:::aws-sdk:"

# Services that botocore calls otherwise than the other SDKs do.
_OTHERWISE = {
    "cloudwatchevents": "events",
    "cloudwatchlogs": "logs",
    "elasticloadbalancingv2": "elbv2",
    "eventbridge": "events",
    "sfn": "stepfunctions",
}
_READING = (
    "get", "describe", "list", "poll", "receive", "search", "scan", "query", "select", "read", "lookup", "discover",
    "validate", "batchGet", "batchDescribe", "batchRead", "transactGet", "adminGet", "adminList", "testMigration",
    "retrieve", "testConnection", "translateDocument", "isAuthorized", "invokeModel",
)  # fmt: skip
_session = botocore.session.get_session()


def check(target: dict[str, Any]) -> None:
    """@raises ValueError for what AWS refuses, NotImplementedByRehearsal for what only AWS knows."""
    arn = target["Arn"]
    if arn.startswith(_ANY):
        _operation(arn)
        _object(target.get("Input"))
    elif arn.split(":")[2] not in _BY_SERVICE:
        raise NotImplementedByRehearsal("scheduler", "CreateSchedule", f"target {arn}")
    if target.get("DeadLetterConfig", {}).get("Arn", "").endswith(".fifo"):
        raise ValueError("A FIFO queue cannot be a dead-letter queue.")


def credentials(target: dict[str, Any]) -> dict[str, Any]:
    """@raises ClientError AccessDenied when the role lets the service in no more."""
    return clients.role_credentials(target["RoleArn"], "EventBridgeScheduler", SERVICE)


def call(target: dict[str, Any], region: str, text: str, execution: str) -> None:
    """@raises whatever the called service answers."""
    arn = target["Arn"]
    if arn.startswith(_ANY):
        service, operation = _operation(arn)
        client = clients.client(service, region, credentials=credentials(target))
        shape = client.meta.service_model.operation_model(operation).input_shape
        getattr(client, xform_name(operation))(**_as_named(_object(text), shape))
        return
    service, send = _BY_SERVICE[arn.split(":")[2]]
    client = clients.client(service, arn.split(":")[3] or region, credentials=credentials(target))
    send(client, target, text, execution)


def _operation(arn: str) -> tuple[str, str]:
    said, _, action = arn.removeprefix(_ANY).partition(":")
    service = _OTHERWISE.get(said, said)
    if action.startswith(_READING):
        raise ValueError(f"{arn} is not supported: {action} only reads.")
    if service not in _session.get_available_services():
        raise ValueError(f"{arn}: {said} is not a service.")
    operation = action[:1].upper() + action[1:]
    if action[:1].isupper() or operation not in _session.get_service_model(service).operation_names:
        raise ValueError(f"{arn}: {action} is not an operation of {said}.")
    return service, operation


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError as error:
        raise ValueError("Input of a universal target must be well-formed JSON.") from error
    if not isinstance(found, dict):
        raise ValueError("Input of a universal target must be an object.")
    return found


def _as_named(value: Any, shape: Any) -> Any:
    """Members as the service's model names them. Unchecked: which first letter AWS wants; both are taken here."""
    if shape is not None and shape.type_name == "structure" and isinstance(value, dict):
        known = {name[:1].lower() + name[1:]: name for name in shape.members}
        named = {known.get(key[:1].lower() + key[1:], key): inner for key, inner in value.items()}
        return {key: _as_named(inner, shape.members.get(key)) for key, inner in named.items()}
    if shape is not None and shape.type_name == "list" and isinstance(value, list):
        return [_as_named(inner, shape.member) for inner in value]
    return value


def _build(codebuild: Any, target: dict[str, Any], text: str, execution: str) -> None:
    codebuild.start_build(projectName=target["Arn"].rsplit("project/", 1)[1], idempotencyToken=execution)


def _pipeline(codepipeline: Any, target: dict[str, Any], text: str, execution: str) -> None:
    name = target["Arn"].rsplit(":", 1)[1]
    codepipeline.start_pipeline_execution(name=name, clientRequestToken=execution)


def _topic(sns: Any, target: dict[str, Any], text: str, execution: str) -> None:
    sns.publish(TopicArn=target["Arn"], Message=text)


def _queue(sqs: Any, target: dict[str, Any], text: str, execution: str) -> None:
    account, name = target["Arn"].split(":")[4:6]
    sqs.send_message(
        QueueUrl=f"{clients.endpoint()}/{account}/{name}", MessageBody=text, **(target.get("SqsParameters") or {})
    )


def _state_machine(states: Any, target: dict[str, Any], text: str, execution: str) -> None:
    states.start_execution(stateMachineArn=target["Arn"], input=text, name=execution)


_BY_SERVICE: dict[str, tuple[str, Callable[[Any, dict[str, Any], str, str], None]]] = {
    "codebuild": ("codebuild", _build),
    "codepipeline": ("codepipeline", _pipeline),
    "sns": ("sns", _topic),
    "sqs": ("sqs", _queue),
    "states": ("stepfunctions", _state_machine),
}
