"""Policy documents are held against the grammar before anything is made of them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError

# Where documents come in: the member that holds one, and which kind it is.
_MEMBERS = {
    ("iam", "CreatePolicy"): ("PolicyDocument", "identity"),
    ("iam", "CreatePolicyVersion"): ("PolicyDocument", "identity"),
    ("iam", "PutGroupPolicy"): ("PolicyDocument", "identity"),
    ("iam", "PutRolePolicy"): ("PolicyDocument", "identity"),
    ("iam", "PutUserPolicy"): ("PolicyDocument", "identity"),
    ("iam", "CreateRole"): ("AssumeRolePolicyDocument", "trust"),
    ("iam", "UpdateAssumeRolePolicy"): ("PolicyDocument", "trust"),
    ("sts", "AssumeRole"): ("Policy", "identity"),
    ("sts", "GetFederationToken"): ("Policy", "identity"),
    ("s3", "PutBucketPolicy"): ("Policy", "resource"),
    ("kms", "CreateKey"): ("Policy", "resource"),
    ("kms", "PutKeyPolicy"): ("Policy", "resource"),
}
_CODES = {"s3": "MalformedPolicy", "kms": "MalformedPolicyDocumentException"}
_VERSIONS = ("2008-10-17", "2012-10-17")
_STATEMENT = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}
_PRINCIPALS = {"AWS", "CanonicalUser", "Federated", "Service"}
_OPERATORS = {
    "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "BinaryEquals", "Bool", "DateEquals", "DateGreaterThan",
    "DateGreaterThanEquals", "DateLessThan", "DateLessThanEquals", "DateNotEquals", "IpAddress", "NotIpAddress", "Null",
    "NumericEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "NumericLessThan", "NumericLessThanEquals",
    "NumericNotEquals", "StringEquals", "StringEqualsIgnoreCase", "StringLike", "StringNotEquals",
    "StringNotEqualsIgnoreCase", "StringNotLike",
}  # fmt: skip
_SYNTAX = "Syntax errors in policy."
# Deeper than any policy goes: a condition's values are at the seventh level.
_DEEPEST = 20


class Malformed(Exception):
    """What IAM says of a document."""


def check(call: Call) -> None:
    """@raises AwsError in the service's words if the request holds a document that is no policy."""
    member, kind = _MEMBERS.get((call.service, call.operation), ("", ""))
    document = call.params.get(member) if member else None
    if document is None:
        return
    try:
        refuse_malformed(document, kind)
    except Malformed as error:
        raise AwsError(_CODES.get(call.service, "MalformedPolicyDocument"), str(error)) from error


def refuse_malformed(document: str, kind: str) -> None:
    """`kind` is identity, trust or resource. @raises Malformed."""
    try:
        policy = json.loads(document, parse_constant=_no_number)
        json.dumps(policy, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Malformed("This policy contains invalid Json") from error
    if not isinstance(policy, dict) or set(policy) - {"Version", "Id", "Statement"} or not _shallow(policy, _DEEPEST):
        raise Malformed(_SYNTAX)
    if policy.get("Version", _VERSIONS[0]) not in _VERSIONS or not isinstance(policy.get("Id", ""), str):
        raise Malformed(_SYNTAX)
    statements = policy.get("Statement")
    listed = statements if isinstance(statements, list) else [statements]
    if not listed:
        raise Malformed(_SYNTAX)
    for statement in listed:
        for fault in _faults(statement, kind):
            raise Malformed(fault)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _shallow(value: Any, depth: int) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and all(_shallow(item, depth - 1) for item in items)


def _faults(statement: Any, kind: str) -> Iterator[str]:
    if not isinstance(statement, dict) or set(statement) - _STATEMENT or not isinstance(statement.get("Sid", ""), str):
        yield _SYNTAX
        return
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield _SYNTAX if "Effect" in statement else "Missing required field Effect"
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal")):
        if one in statement and other in statement:
            yield _SYNTAX
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        if name in statement and not _words(statement[name]):
            yield _SYNTAX
    if "Action" not in statement and "NotAction" not in statement:
        yield "Policy statement must contain actions." if kind == "identity" else "Missing required field Action"
    yield from _faults_of_kind(statement, kind)
    for name in ("Principal", "NotPrincipal"):
        if name in statement and not _is_principal(statement[name]):
            yield "Invalid principal in policy"
    if not _is_condition(statement.get("Condition", {})):
        yield _SYNTAX


def _faults_of_kind(statement: dict[str, Any], kind: str) -> Iterator[str]:
    named = "Principal" in statement or "NotPrincipal" in statement
    about = "Resource" in statement or "NotResource" in statement
    if kind == "identity" and named:
        yield "Policy document should not specify a principal."
    if kind != "identity" and not named:
        yield "Missing required field Principal"
    if kind == "trust" and about:
        yield "Has prohibited field Resource"
    if kind == "resource" and not about:
        yield "Missing required field Resource"


def _words(value: Any) -> bool:
    listed = value if isinstance(value, list) else [value]
    return all(isinstance(word, str) for word in listed)


def _is_principal(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and not set(value) - _PRINCIPALS and all(_words(names) for names in value.values())
    return value == "*"


def _is_condition(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _operator(name) in _OPERATORS and isinstance(keys, dict) and all(_is_values(v) for v in keys.values())
        for name, keys in value.items()
    )


def _operator(name: str) -> str:
    """Without the words before and behind it: ForAnyValue:StringLikeIfExists is a StringLike."""
    return name.removeprefix("ForAnyValue:").removeprefix("ForAllValues:").removesuffix("IfExists")


def _is_values(value: Any) -> bool:
    listed = value if isinstance(value, list) else [value]
    return all(isinstance(one, (str, int, float)) for one in listed)
