"""Dynamic references: values that Parameter Store and Secrets Manager keep.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.scope import Unknown

Client = Callable[[str], Any]

_REFERENCE = re.compile(r"\{\{resolve:(ssm-secure|ssm|secretsmanager):([^}]+)\}\}")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html
_SECURE_PLACES = frozenset(
    [
        "AWS::DirectoryService::MicrosoftAD/Password",
        "AWS::DirectoryService::SimpleAD/Password",
        "AWS::ElastiCache::ReplicationGroup/AuthToken",
        "AWS::IAM::User/LoginProfile/Password",
        "AWS::KinesisFirehose::DeliveryStream/RedshiftDestinationConfiguration/Password",
        "AWS::OpsWorks::App/AppSource/Password",
        "AWS::OpsWorks::Stack/CustomCookbooksSource/Password",
        "AWS::OpsWorks::Stack/RdsDbInstances/DbPassword",
        "AWS::RDS::DBCluster/MasterUserPassword",
        "AWS::RDS::DBInstance/MasterUserPassword",
        "AWS::Redshift::Cluster/MasterUserPassword",
    ]
)


def plain(value: Any, client: Client) -> Any:
    """Replaces what is no secret (ssm). Done whenever a template is evaluated, so that a new value is a change."""
    return _replace(value, {"ssm"}, client)


def secret(type_name: str, value: Any, client: Client) -> Any:
    """Replaces the rest, for the handler's eyes only."""
    _refuse_secure_places(type_name, value, "")
    return _replace(value, {"ssm", "ssm-secure", "secretsmanager"}, client)


def of_output(name: str, value: Any, client: Client) -> Any:
    """The value of an output, its references replaced: also a secret is shown there as it is.

    @raises AwsError ValidationError for what cannot be read, and for ssm-secure, which only some properties may have.
    """
    if not isinstance(value, str) or "{{resolve:" not in value:
        return value
    if "{{resolve:ssm-secure:" in value:
        raise invalid(f"SSM Secure reference is not supported in: [Outputs/{name}/Value]")
    try:
        return _replace(value, {"ssm", "secretsmanager"}, client)
    except ClientError as error:
        raise invalid(f"{error.response['Error'].get('Message', '')}") from error


def has_secret(value: Any) -> bool:
    """True if a secret is anywhere in the value: such places are not compared for drift."""
    if isinstance(value, dict):
        return any(has_secret(item) for item in value.values())
    if isinstance(value, list):
        return any(has_secret(item) for item in value)
    return isinstance(value, str) and bool(_REFERENCE.search(value))


def _replace(value: Any, services: set[str], client: Client) -> Any:
    if isinstance(value, dict):
        return {key: _replace(item, services, client) for key, item in value.items()}
    if isinstance(value, list):
        return [_replace(item, services, client) for item in value]
    if not isinstance(value, str) or isinstance(value, Unknown) or "{{resolve:" not in value:
        return value

    def found(match: re.Match[str]) -> str:
        service, rest = match.groups()
        if service not in services:
            return match.group(0)
        return _secret_value(rest, client) if service == "secretsmanager" else _parameter(rest, service, client)

    return _REFERENCE.sub(found, value)


def _parameter(rest: str, service: str, client: Client) -> str:
    try:
        found = client("ssm").get_parameter(Name=rest, WithDecryption=service == "ssm-secure")["Parameter"]
    except ClientError as error:
        if error.response["Error"]["Code"].startswith("Parameter"):
            raise invalid(f"Parameters: [ssm:{rest}] cannot be found.") from error
        raise
    if service == "ssm" and found["Type"] == "SecureString":
        raise invalid(f"Non-secure reference to secure parameter {rest} is not supported")
    if service == "ssm-secure" and found["Type"] != "SecureString":
        raise invalid(f"Secure reference to non-secure parameter {rest} is not supported")
    return found["Value"]


def _secret_value(rest: str, client: Client) -> str:
    """secret-id:SecretString:json-key:version-stage:version-id; an ARN has colons of its own."""
    head = ""
    if rest.startswith("arn:"):
        pieces = rest.split(":")
        head, rest = ":".join(pieces[:7]), ":".join(pieces[7:])
        fields = rest.split(":") if rest else []
    else:
        head, *fields = rest.split(":")
    kind, key, stage, version = [*fields, "", "", "", ""][:4]
    if kind not in ("", "SecretString"):
        raise invalid(f"Invalid dynamic reference to secretsmanager: {kind} is not supported")
    if not head:
        raise invalid("Invalid dynamic reference to secretsmanager: the secret's name is missing")
    chosen = {"VersionId": version} if version else {"VersionStage": stage} if stage else {}
    text = client("secretsmanager").get_secret_value(SecretId=head, **chosen).get("SecretString")
    if text is None:
        raise invalid(f"Secrets Manager's {head} has no SecretString")
    if not key:
        return text
    try:
        found = json.loads(text)[key]
    except (ValueError, KeyError, TypeError) as error:
        raise invalid("Could not find a value associated with JSONKey in SecretString") from error
    return found if isinstance(found, str) else json.dumps(found)


def _refuse_secure_places(type_name: str, value: Any, path: str) -> None:
    if isinstance(value, str) and "{{resolve:ssm-secure:" in value and f"{type_name}{path}" not in _SECURE_PLACES:
        raise invalid(f"SSM Secure reference is not supported in: [{type_name}/Properties{path}]")
    items = (
        value.items() if isinstance(value, dict) else (("", item) for item in value) if isinstance(value, list) else ()
    )
    for key, item in items:
        _refuse_secure_places(type_name, item, f"{path}/{key}" if key else path)
