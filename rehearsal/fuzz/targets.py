"""What is fuzzed: each target makes a case by chance, and sends a case so that its like can be sent again."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from rehearsal.fuzz import calls, door, seeds, texts, values
from rehearsal.kernel import bugs
from rehearsal.kernel.errors import AwsError
from rehearsal.services.cloudformation import parameter_types, registry, store
from rehearsal.services.cloudformation.text import parse
from rehearsal.services.codebuild import buildspec


@dataclass(frozen=True)
class Target:
    """`make` draws a case; `send` puts it to the rehearsal and returns the replies that are broken."""

    name: str
    make: Callable[[Random], Any]
    send: Callable[[Any], list[str]]


def _text(*trees: Any, words: Sequence[Any] = ()) -> Callable[[Random], Any]:
    def make(random: Random) -> Any:
        tree = random.choice(trees)
        # A damaged text of a sound tree, or the sound text of a damaged one.
        if random.random() < 0.25:
            return texts.damaged(texts.as_yaml(tree) if random.random() < 0.7 else texts.as_json(tree), random)
        return texts.written(values.mutated(tree, random, tuple(words)), random)

    return make


def ask(service: str, operation: str, params: Any, **more: Any) -> list[str]:
    try:
        reply = door.ask(service, operation, params, **more)
    except door.Unwritable:
        return []
    return [f"{service}:{operation} {reply.status}: {reply.body[:300]!r}"] if reply.broken else []


def _parameters(text: str, random: Random) -> list[dict[str, Any]]:
    try:
        declared = parse(text).get("Parameters")
    except AwsError:
        return []
    names = list(declared) if isinstance(declared, dict) else []
    usable = [v for v in values.SCALARS if isinstance(v, str) and "\ud800" not in v]
    return [{"ParameterKey": n, "ParameterValue": random.choice(usable)} for n in names if random.random() < 0.3]


def _template(text: str) -> list[str]:
    random = Random(zlib.crc32(text.encode(errors="surrogatepass")))
    broken = ask("cloudformation", "ValidateTemplate", {"TemplateBody": text})
    broken += ask("cloudformation", "GetTemplateSummary", {"TemplateBody": text})
    wanted = {"StackName": "fuzz-set", "ChangeSetName": "c", "ChangeSetType": "CREATE", "TemplateBody": text,
              "Capabilities": ["CAPABILITY_NAMED_IAM"], "Parameters": _parameters(text, random)}  # fmt: skip
    broken += ask("cloudformation", "CreateChangeSet", wanted)
    found = store.find("123456789012", "us-east-1", "fuzz-set")
    if found is not None:
        _until(lambda: all(c.status in ("FAILED", "CREATE_COMPLETE") for c in found.change_sets.values()))
        broken += ask("cloudformation", "DescribeChangeSet", {"StackName": "fuzz-set", "ChangeSetName": "c"})
        broken += ask("cloudformation", "DeleteStack", {"StackName": "fuzz-set"})
        _until(lambda: not found.live)
    return broken


def _stack(text: str) -> list[str]:
    random = Random(zlib.crc32(text.encode(errors="surrogatepass")))
    wanted = {"StackName": "fuzz-made", "TemplateBody": text, "Capabilities": ["CAPABILITY_NAMED_IAM"],
              "Parameters": _parameters(text, random)}  # fmt: skip
    broken = ask("cloudformation", "CreateStack", wanted)
    found = store.find("123456789012", "us-east-1", "fuzz-made")
    if found is not None:
        _until(lambda: not found.busy)
        for operation in ("DescribeStacks", "DescribeStackEvents", "GetTemplate", "DescribeStackResources"):
            broken += ask("cloudformation", operation, {"StackName": "fuzz-made"})
        broken += ask("cloudformation", "DeleteStack", {"StackName": "fuzz-made"})
        _until(lambda: not found.live)
    return broken


def _update(text: str) -> list[str]:
    """The template as the next one of a stack that is there, and then as a change set on what came of it."""
    named = {"StackName": "fuzz-next"}
    found = store.find("123456789012", "us-east-1", "fuzz-next")
    if found is None or not found.live or not found.status.endswith("_COMPLETE"):
        ask("cloudformation", "DeleteStack", named)
        _until(lambda: found is None or not found.live)
        body = texts.as_json(seeds.TEMPLATES[0])
        ask("cloudformation", "CreateStack", {**named, "TemplateBody": body})
        found = store.find("123456789012", "us-east-1", "fuzz-next")
        _until(lambda: found is not None and not found.busy)
    if found is None:
        return ["the stack could not be made"]
    random = Random(zlib.crc32(text.encode(errors="surrogatepass")))
    wanted = {
        **named,
        "TemplateBody": text,
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Parameters": _parameters(text, random),
    }
    broken = ask("cloudformation", "CreateChangeSet", {**wanted, "ChangeSetName": f"c{time.monotonic_ns()}"})
    _until(lambda: all(c.status in ("FAILED", "CREATE_COMPLETE") for c in list(found.change_sets.values())))
    broken += ask("cloudformation", "UpdateStack", wanted)
    _until(lambda: not found.busy)
    broken += ask("cloudformation", "DetectStackDrift", named)
    return broken + ask("cloudformation", "DescribeStackResourceDrifts", named)


def _until(done: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.005)


def _role(policy: str | None = None, trust: str | None = None, session: str | None = None) -> list[str]:
    """Puts policies on a role and calls with it, as a reader of policies also meets them at every call."""
    role = {"RoleName": "fuzz"}
    door.ask("iam", "DeleteRolePolicy", {**role, "PolicyName": "p"})
    door.ask("iam", "DeleteRole", role)
    open_to_all = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
    broken = ask("iam", "CreateRole", {**role, "AssumeRolePolicyDocument": trust or json.dumps(open_to_all)})
    if policy is not None:
        broken += ask("iam", "CreatePolicy", {"PolicyName": f"p{time.monotonic_ns()}", "PolicyDocument": policy})
        broken += ask("iam", "PutRolePolicy", {**role, "PolicyName": "p", "PolicyDocument": policy})
    given = {
        "RoleArn": "arn:aws:iam::123456789012:role/fuzz",
        "RoleSessionName": "s",
        **({"Policy": session} if session else {}),
    }
    broken += ask("sts", "AssumeRole", given)
    made = door.ask("sts", "AssumeRole", given)
    if made.status == 200:
        text = made.body.decode()
        key, token = (text.split(f"<{tag}>")[1].split("<")[0] for tag in ("AccessKeyId", "SessionToken"))
        for service, operation, params in _CALLS:
            broken += ask(service, operation, params, key=key, token=token)
    return broken


_CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("s3", "ListObjectsV2", {"Bucket": "fuzz", "MaxKeys": 5}),
    ("ssm", "GetParameter", {"Name": "/a"}),
    ("ec2", "DescribeInstances", {}),
    ("iam", "CreateRole", {"RoleName": "q", "AssumeRolePolicyDocument": "{}", "Tags": [{"Key": "a", "Value": "b"}]}),
    ("kms", "DescribeKey", {"KeyId": "alias/fuzz"}),
]


def _bucket(text: str) -> list[str]:
    broken = ask("s3", "PutBucketPolicy", {"Bucket": "fuzz", "Policy": text}) + _role()
    door.ask("s3", "DeleteBucketPolicy", {"Bucket": "fuzz"})
    return broken


def _key(text: str) -> list[str]:
    return ask("kms", "PutKeyPolicy", {"KeyId": "alias/fuzz", "PolicyName": "default", "Policy": text}) + ask(
        "kms", "CreateKey", {"Policy": text}) + _role()  # fmt: skip


def _buildspec(text: str) -> list[str]:
    try:
        buildspec.parse(text)
    except buildspec.BuildspecError as error:
        return [] if str(error) else ["a refusal without words"]
    except Exception:
        bugs.report("buildspec")
    return []


def _call(case: Any) -> list[str]:
    try:
        service, operation, params = case
        params = _with_documents(params)
    except (RecursionError, TypeError, ValueError):
        return []
    return ask(service, operation, params)


def _with_documents(value: Any) -> Any:
    """{"$json": tree} becomes the tree's text."""
    if isinstance(value, dict):
        if set(value) == {"$json"}:
            return texts.as_json(value["$json"])
        return {key: _with_documents(item) for key, item in value.items()}
    return [_with_documents(item) for item in value] if isinstance(value, list) else value


def _a_call(random: Random) -> Any:
    service, operation, params = random.choice(calls.SEEDS)
    if random.random() < 0.1:
        return [service, operation, params]
    return [service, operation, values.mutated(params, random)]


def all_targets() -> list[Target]:
    handled = [
        "AWS::SNS::Topic",
        "AWS::SSM::Parameter",
        "AWS::SQS::Queue",
        "AWS::IAM::Role",
        "AWS::S3::Bucket",
        "AWS::Logs::LogGroup",
    ]
    words = [*handled, *parameter_types._SPECIFIC, "String", "Number", "List<String>", "AWS::SSM::Parameter::Value<String>",
             "List<AWS::EC2::Subnet::Id>", "Yes", "No", "P", "N", "L", "M", "T", "S", "Map", "Retain", "Snapshot", "Default",
             "AllowedPattern", "AllowedValues", "Transform", "Properties", "Condition", "UpdatePolicy", "CreationPolicy"]  # fmt: skip
    policy_words = ["Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition", "Sid", "Allow",
                    "Deny", "StringEqualsIfExists", "ForAnyValue:StringLike", "ForAllValues:", "Null", "BinaryEquals", "2008-10-17",
                    "NumericEquals", "DateEquals", "IpAddress", "ArnEquals", "s3:*", "aws:SourceIp", "${aws:username, 'x'}", "AWS", "Service"]  # fmt: skip
    assert all(registry.find(name) for name in handled)
    return [
        Target("template", _text(*seeds.TEMPLATES, *seeds.callers_templates(), words=words), _template),
        Target("small-template", _text(*seeds.TEMPLATES, words=words), _template),
        Target("stack", _text(*seeds.TEMPLATES, words=words), _stack),
        Target("update", _text(*seeds.TEMPLATES, words=words), _update),
        Target("policy", _text(*seeds.POLICIES, words=policy_words), lambda text: _role(policy=text)),
        Target("trust", _text(seeds.TRUST, words=policy_words), lambda text: _role(trust=text)),
        Target("session-policy", _text(*seeds.POLICIES, words=policy_words), lambda text: _role(session=text)),
        Target("bucket-policy", _text(seeds.RESOURCE_POLICY, words=policy_words), _bucket),
        Target("key-policy", _text(seeds.RESOURCE_POLICY, words=policy_words), _key),
        Target("buildspec", _text(*seeds.BUILDSPECS, words=["commands", "finally", "files", "0.2"]), _buildspec),
        Target("call", _a_call, _call),
    ]  # fmt: skip
