"""Failures of handlers in CloudFormation's words.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
"""

from __future__ import annotations

import re
import uuid

from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.kernel import bugs
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.services.cloudformation.handler import HandlerFailure, ResourceNotFound

_CODES = [
    (r"AccessDenied|UnauthorizedOperation|AuthorizationError|Forbidden|NotAuthorized", "AccessDenied"),
    (r"Throttl|RequestLimitExceeded|SlowDown|TooManyRequests", "Throttling"),
    (r"LimitExceeded|QuotaExceeded|MaximumExceeded", "ServiceLimitExceeded"),
    (r"AlreadyExists|Duplicate|AlreadyOwnedByYou|InvalidGroup\.Duplicate", "AlreadyExists"),
    (r"NotFound|NoSuch|DoesNotExist|NonExistent", "NotFound"),
    (r"ExpiredToken|InvalidClientTokenId|UnrecognizedClient", "InvalidCredentials"),
    (r"DependencyViolation|ResourceInUse|DeleteConflict|Conflict|InUse", "ResourceConflict"),
]
_THROTTLES = re.compile(_CODES[1][0])


class Refused(Exception):
    """A failure whose reason stands as it is; `detailed` is the event's DetailedStatus."""

    def __init__(self, message: str, detailed: str | None = None) -> None:
        super().__init__(message)
        self.detailed = detailed


def no_handler(type_name: str) -> str:
    return f"Resource type {type_name} is not implemented by the rehearsal: it has no handler"


def reason(error: Exception, token: str, type_name: str) -> str:
    """What the event of a failed resource says."""
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, NotImplementedByRehearsal):
        said = f'Resource handler returned message: "{error.message}"'
        return f"{said} (RequestToken: {token}, HandlerErrorCode: InternalFailure)"
    if isinstance(error, AwsError):
        return str(error.message)
    if isinstance(error, ClientError):
        message, code = _of_service(error, type_name)
    elif isinstance(error, HandlerFailure):
        message, code = str(error), error.code
    elif isinstance(error, ResourceNotFound):
        message, code = str(error), "NotFound"
    elif isinstance(error, BotoCoreError):
        message, code = str(error), "NetworkFailure"
    else:
        bugs.report(f"handler of {type_name}")
        message, code = f"{type(error).__name__}: {error}", "InternalFailure"
    return f'Resource handler returned message: "{message}" (RequestToken: {token}, HandlerErrorCode: {code})'


def _of_service(error: ClientError, type_name: str = "") -> tuple[str, str]:
    reply = error.response
    name, text = reply["Error"]["Code"], reply["Error"].get("Message", "")
    status = reply.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
    request = reply.get("ResponseMetadata", {}).get("RequestId") or str(uuid.uuid4())
    # The SDK that CloudFormation uses writes Ec2, Iam, Sns for types of AWS::EC2 and so on.
    service = type_name.split("::")[1] if "::" in type_name else error.operation_name
    service = service.capitalize() if service.isupper() and service.isalnum() else service
    code = next((c for pattern, c in _CODES if re.search(pattern, name)), "")
    if not code:
        code = "ServiceInternalError" if status >= 500 else "InvalidRequest"
    if name == "NotImplemented":
        code = "InternalFailure"
    return f"{text} (Service: {service}, Status Code: {status}, Request ID: {request})", code


def passes(error: Exception) -> bool:
    """True for what a second try may not meet again: throttling, a broken connection."""
    if isinstance(error, ClientError):
        return bool(_THROTTLES.search(error.response["Error"]["Code"]))
    return isinstance(error, BotoCoreError)


def denied(error: Exception) -> bool:
    return isinstance(error, ClientError) and "AccessDenied" in _of_service(error)[1]
