"""Policies on roles, users and groups: the three kinds of entity have the same operations under other names."""

import json
from collections.abc import Iterable
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.services.cloudformation.handlers.shapes import text

# Property -> the entity's word in operations, and the parameter that names it.
ENTITIES = {"Roles": ("role", "RoleName"), "Users": ("user", "UserName"), "Groups": ("group", "GroupName")}


def is_missing(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in ("NoSuchEntity", "NoSuchEntityException")


def put_inline(api: Any, kind: str, entity: str, name: str, document: Any) -> None:
    word, parameter = ENTITIES[kind]
    getattr(api, f"put_{word}_policy")(**{parameter: entity}, PolicyName=name, PolicyDocument=text(document))


def delete_inline(api: Any, kind: str, entity: str, name: str) -> None:
    word, parameter = ENTITIES[kind]
    _unless_missing(getattr(api, f"delete_{word}_policy"), **{parameter: entity}, PolicyName=name)


def get_inline(api: Any, kind: str, entity: str, name: str) -> Any | None:
    """The document of an inline policy, or None."""
    word, parameter = ENTITIES[kind]
    try:
        found = getattr(api, f"get_{word}_policy")(**{parameter: entity}, PolicyName=name)
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    document = found["PolicyDocument"]
    return json.loads(document) if isinstance(document, str) else document


def attach(api: Any, kind: str, entity: str, arn: str) -> None:
    word, parameter = ENTITIES[kind]
    getattr(api, f"attach_{word}_policy")(**{parameter: entity}, PolicyArn=arn)


def detach(api: Any, kind: str, entity: str, arn: str) -> None:
    word, parameter = ENTITIES[kind]
    _unless_missing(getattr(api, f"detach_{word}_policy"), **{parameter: entity}, PolicyArn=arn)


def replace(api: Any, before: Iterable[str], after: Iterable[str], kind: str, arn: str) -> None:
    """Attaches a managed policy where it is now wanted and detaches it where it no longer is."""
    for entity in sorted(set(after) - set(before)):
        attach(api, kind, entity, arn)
    for entity in sorted(set(before) - set(after)):
        detach(api, kind, entity, arn)


def _unless_missing(operation: Any, **parameters: Any) -> None:
    try:
        operation(**parameters)
    except ClientError as error:
        if not is_missing(error):
            raise
