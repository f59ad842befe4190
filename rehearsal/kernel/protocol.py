"""Between HTTP and AWS's operations, with botocore's service models: which operation, its params, its reply."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import SERIALIZERS, get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from rehearsal.kernel import members
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.settings import REGION

# Signing names that are not botocore's service names.
_BY_SIGNING_NAME = {
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
    "codeconnections": "codeconnections",
    "codestar-connections": "codestar-connections",
    "email": "ses",
    "s3express": "s3",
}
_SCOPE = re.compile(
    r"Credential=[A-Za-z0-9]+(?:%2F|/)\d{8}(?:%2F|/)([a-z0-9-]+)(?:%2F|/)([a-z0-9-]+)(?:%2F|/)aws4_request"
)


@dataclass(frozen=True)
class Target:
    """What a request is addressed to."""

    service: str
    region: str


class BackendRequest(Request):
    """moto's request, as its own server would make it."""

    from_wsgi_server = True


def target_of(request: Request) -> Target:
    """The service and region of a request: from its signature's scope, else S3, as an unsigned request mostly is."""
    scope = _SCOPE.search(request.headers.get("Authorization", "")) or _SCOPE.search(request.query_string.decode())
    if scope is None:
        body = request.get_data(cache=True)[:2000]
        return Target("sts" if b"Action=AssumeRole" in body else "s3", REGION)
    region, signing = scope.group(1), scope.group(2)
    if signing == "elasticloadbalancing":
        return Target("elb" if request.values.get("Version") == "2012-06-01" else "elbv2", region)
    return Target(_BY_SIGNING_NAME.get(signing, signing), region)


def operation_of(request: Request, service: str) -> tuple[OperationModel, dict[str, Any]]:
    """The operation that a request names, and what its path says.

    @raises AwsError UnknownOperationException.
    """
    try:
        get_service_model(service)
        operation, uri = get_service_router(service).match(request)
        return operation, dict(uri or {})
    except (HTTPException, NotImplementedError, KeyError, ValueError) as error:
        raise AwsError("UnknownOperationException", f"No operation of {service} matches this request", 404) from error


def params_of(request: Request, operation: OperationModel, uri: dict[str, Any]) -> dict[str, Any]:
    """An operation's parameters, with the members and types that its model wants. @raises AwsError."""
    try:
        protocol = determine_request_protocol(operation.service_model, request.content_type)
        params = PROTOCOL_PARSERS[protocol](operation).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": uri,
            }
        )
        members.check(operation, params or {})
    except NotImplementedError as error:
        raise AwsError("UnknownOperationException", str(error), 404) from error
    except _UNREADABLE as error:
        raise _malformed(operation) from error
    return params or {}


# What moto's parsers raise at values of another type than the model's, or at a body that is no JSON or XML.
_UNREADABLE = (
    members.WrongType,
    RequestParserError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    ParseError,
)


def _malformed(operation: OperationModel) -> AwsError:
    """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html and its like at each service."""
    protocol = operation.service_model.metadata.get("protocol")
    if protocol == "rest-xml":
        said = "The XML you provided was not well-formed or did not validate against our published schema"
        return AwsError("MalformedXML", said)
    if protocol == "ec2":
        return AwsError("InvalidParameterValue", "A value of the request has a wrong type")
    if protocol == "query":
        return AwsError("MalformedInput", "A value of the request has a wrong type")
    return AwsError("SerializationException", "A value of the request has a wrong type")


# The same refusal has another code in each family of services.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html and each service's common errors
_CODES = {
    ("ec2", "InvalidClientTokenId"): "AuthFailure",
    ("ec2", "ExpiredToken"): "RequestExpired",
    ("s3", "InvalidClientTokenId"): "InvalidAccessKeyId",
    ("json", "InvalidClientTokenId"): "UnrecognizedClientException",
    ("json", "ExpiredToken"): "ExpiredTokenException",
    ("json", "SignatureDoesNotMatch"): "InvalidSignatureException",
}


def _family(service: ServiceModel) -> str:
    return "json" if service.metadata.get("protocol") in ("json", "rest-json") else ""


@functools.cache
def placeholder(service: str) -> OperationModel:
    """For replies to requests whose operation could not be told."""
    return OperationModel({"name": "Unknown"}, get_service_model(service))


def _answered_in(service: ServiceModel, content_type: str) -> str:
    """The protocol of a request, or another one of its service's, if its own is not spoken here."""
    try:
        wanted = [determine_request_protocol(service, content_type)]
    except NotImplementedError:
        wanted = []
    return next(p for p in [*wanted, *service.metadata.get("protocols", []), "json"] if p in SERIALIZERS)


# Characters that XML 1.0 has no way to write: a reply with one of them could not be read by any client.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def serialize(request: Request, operation: OperationModel, result: Any) -> tuple[int, dict[str, str], bytes]:
    """A result, or an exception, in the service's protocol: status, headers, body."""
    service = operation.service_model
    if isinstance(result, AwsError):
        result.code = _CODES.get((str(service.service_name), result.code)) or _CODES.get(
            (_family(service), result.code), result.code
        )
    protocol = _answered_in(service, request.content_type)
    # The query protocol can be asked for JSON; AWS's own tools do not, so that is left to moto's operations.
    reply = get_serializer_class(str(service.service_name), protocol)(operation_model=operation).serialize(result)
    body = reply["body"]
    if protocol in ("query", "ec2", "rest-xml"):
        body = _NO_XML.sub("\ufffd", body) if isinstance(body, str) else body
    status = getattr(result, "status", None) if isinstance(result, Exception) else None
    headers = {name: str(value) for name, value in reply["headers"].items()}
    told = any(name.lower() == "x-amzn-errortype" for name in headers)
    if isinstance(result, Exception) and not told and protocol in ("json", "rest-json"):
        headers["x-amzn-ErrorType"] = getattr(result, "code", "InternalFailure")
    return status or reply["status_code"], headers, body.encode() if isinstance(body, str) else bytes(body)
