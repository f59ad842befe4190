"""What a type's own handler may call on AWS, from its registry schema; ours must get by with the same.

The schemas are known to leave things out, so each exception has its reason.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

import fnmatch
from typing import Any

from rehearsal.kernel import journal
from rehearsal.services.cloudformation.handlers.schemas import schema
from rehearsal.tests.handlers.conftest import ROLE

_DRIFT = "the type has no read handler, so AWS finds no drift in it; the rehearsal does"
EXCEPTIONS: dict[str, dict[str, str]] = {
    "AWS::EC2::KeyPair": {"kms:Encrypt": "the key aws/ssm lets everybody use it through Systems Manager"},
    "AWS::SNS::TopicPolicy": {"sns:GetTopicAttributes": _DRIFT},
    "AWS::SQS::QueuePolicy": {"sqs:GetQueueAttributes": _DRIFT},
}
# Types from before the registry: their schemas name no handlers, so there is nothing to hold them against.
UNREGISTERED = frozenset({"AWS::CodeBuild::Project", "AWS::Route53::RecordSetGroup"})


def beyond(type_name: str, since: int) -> dict[str, str]:
    """Actions that a handler needed since an entry of the journal and the schema does not grant."""
    kinds: dict[str, Any] = schema(type_name).get("handlers", {})
    if type_name in UNREGISTERED:
        assert not kinds
        return {}
    granted = [
        *schema(type_name).get("tagging", {}).get("permissions", []),
        *(action for kind in kinds.values() for action in kind.get("permissions", [])),
        *EXCEPTIONS.get(type_name, {}),
    ]
    found = journal.read(since, principal=f"assumed-role/{ROLE}/")
    used = {action: entry["operation"] for entry in found for action in entry["actions"]}
    return {
        action: operation
        for action, operation in used.items()
        if not any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in granted)
    }
