"""What a request gives: its template, name, tags, parameters, and the settings made of them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from rehearsal.kernel.call import Call
from rehearsal.kernel.wildcards import like
from rehearsal.services.cloudformation import (
    access,
    blueprint,
    capabilities,
    parameter_types,
    parameters,
    policies,
    rules,
    transforms,
)
from rehearsal.services.cloudformation import template as templates
from rehearsal.services.cloudformation.errors import invalid
from rehearsal.services.cloudformation.model import Settings, Stack
from rehearsal.services.cloudformation.template import MAX_BODY, MAX_URL_BODY, Template

NAME = "[a-zA-Z][-a-zA-Z0-9]*"
_NAME_OR_ARN = NAME + "|arn:[-a-zA-Z0-9:/._+]*"
_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?")


def check_name(name: str, member: str = "stackName", what: str = _NAME_OR_ARN) -> None:
    said = f"1 validation error detected: Value '{name}' at '{member}' failed to satisfy constraint: Member must"
    if not re.fullmatch(what, name):
        raise invalid(f"{said} satisfy regular expression pattern: {what}")
    if len(name) > 128 and not name.startswith("arn:"):
        raise invalid(f"{said} have length less than or equal to 128")


def template_text(call: Call, body: str = "TemplateBody", url: str = "TemplateURL") -> str | None:
    """The text given by value or by URL; None if neither. @raises AwsError ValidationError."""
    text, address = call.params.get(body), call.params.get(url)
    if text is not None and address is not None:
        raise invalid("Only one of Template URL or Template Body may be specified.")
    if text is not None:
        if len(text.encode()) > MAX_BODY:
            raise invalid(
                f"1 validation error detected: Value '{text[:20]}...' at 'templateBody' failed to satisfy constraint: "
                f"Member must have length less than or equal to {MAX_BODY}"
            )
        return text
    return from_s3(call, address) if address is not None else None


def from_s3(call: Call, address: str) -> str:
    """An object by any of S3's forms of address, read with the caller's rights."""
    parts = urlsplit(address)
    host, path = parts.hostname or "", unquote(parts.path).lstrip("/")
    hosted = re.fullmatch(r"(.+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?", host)
    if parts.scheme == "s3":
        raise invalid(f"S3 error: Domain name specified in {host} is not a valid S3 domain")
    if parts.scheme not in ("http", "https") or not path:
        raise invalid("TemplateURL must be a supported URL.")
    if hosted:
        bucket, key = hosted.group(1), path
    elif re.fullmatch(r"s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?", host) or re.fullmatch(
        r"[\d.]+|localhost", host
    ):
        bucket, _, key = path.partition("/")
    else:
        raise invalid("TemplateURL must be a supported URL.")
    version = re.search(r"versionId=([^&]+)", parts.query)
    try:
        client = access.client_of(call.principal, None, call.region)("s3")
        found = client.get_object(Bucket=bucket, Key=key, **({"VersionId": version.group(1)} if version else {}))
        data = found["Body"].read()
    except ClientError as error:
        message = error.response["Error"].get("Message", "Access Denied")
        raise invalid(
            f"S3 error: {message}\nFor more information check "
            "http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
        ) from error
    if len(data) > MAX_URL_BODY:
        raise invalid(f"Template may not exceed {MAX_URL_BODY} bytes in size.")
    return data.decode("utf-8", errors="replace")


def template(call: Call, stack: Stack | None) -> Template:
    """@raises AwsError ValidationError."""
    text = template_text(call)
    if call.params.get("UsePreviousTemplate"):
        if text is not None:
            raise invalid("You cannot specify both usePreviousTemplate and Template Body/Template URL.")
        if stack is None or stack.settings.blueprint is None:
            raise invalid("Previous template not found")
        return templates.load(stack.settings.blueprint.template.text)
    if text is None:
        raise invalid("Either Template URL or Template Body must be specified.")
    return templates.load(text)


def tags(given: list[dict[str, str]] | None) -> dict[str, str]:
    result: dict[str, str] = {}
    for tag in given or []:
        if tag["Key"].lower().startswith("aws:"):
            raise invalid(f"Tag key {tag['Key']} may not begin with aws:")
        if tag["Key"] in result:
            raise invalid("Duplicate tag keys found. Please provide unique tag keys.")
        result[tag["Key"]] = tag.get("Value", "")
    if len(result) > 50:
        raise invalid("Maximum number of tags allowed is 50")
    return result


def settings_or_reason(
    call: Call, stack_id: str, name: str, stack: Stack | None, role: str | None
) -> tuple[Settings, str]:
    """The settings, or empty ones and why a transform failed, which CloudFormation tells only after its answer."""
    try:
        return settings(call, stack_id, name, stack, role), ""
    except transforms.TransformFailed as error:
        return Settings(capabilities=list(call.params.get("Capabilities") or [])), str(error.message)


def settings(call: Call, stack_id: str, name: str, stack: Stack | None, role: str | None) -> Settings:
    """All that the request wants of the stack. What an update leaves out stays as it was.

    @raises AwsError ValidationError, InsufficientCapabilitiesException.
    """
    given = call.params
    old = stack.settings if stack else Settings()
    wanted = template(call, stack)
    parameters.check_declarations(wanted)
    client = access.client_of(call.principal, role, call.region)
    values = parameters.gather(
        wanted,
        given.get("Parameters") or [],
        old.blueprint.parameters if old.blueprint else {},
        lambda names: parameter_types.read_store(names, client),
    )
    notifications = given.get("NotificationARNs")
    _check_topics(notifications or [])
    topics = old.notifications if notifications is None else notifications
    from rehearsal.services.cloudformation.scope import pseudo_parameters

    pseudo = pseudo_parameters(call.account, call.region, stack_id, name, topics)
    allowed = given.get("Capabilities") or []
    if call.operation != "CreateChangeSet":
        capabilities.check_transforms(wanted, allowed)
    effective = {key: value.effective for key, value in values.items()}
    wanted = transforms.process(wanted, effective, pseudo, access.client_of(call.principal, None, call.region))
    rules.check(wanted, values, pseudo)
    drawn = blueprint.draw(wanted, values, pseudo)
    capabilities.check(wanted, allowed)
    _check_resource_types(drawn, given.get("ResourceTypes") or [])
    if stack is not None and stack.settings.blueprint is not None:
        _check_same_types(stack, drawn)
    configuration = given.get("RollbackConfiguration")
    _check_triggers((configuration or {}).get("RollbackTriggers") or [])
    return Settings(
        drawn,
        old.tags if given.get("Tags") is None else tags(given["Tags"]),
        list(allowed),
        list(topics),
        old.rollback_configuration if configuration is None else configuration,
        wanted.data.get("Description"),
    )


def _check_topics(arns: list[str]) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html"""
    for arn in arns:
        if not _TOPIC.fullmatch(arn):
            raise invalid(f"Invalid Notification ARN: {arn}")


def _check_triggers(triggers: list[dict[str, str]]) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackTrigger.html"""
    for trigger in triggers:
        if trigger["Type"] not in ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"):
            raise invalid("Rollback Trigger Type not supported")
        if not re.fullmatch(r"arn:[^:]+:cloudwatch:[^:]*:[0-9]*:alarm:.+", trigger["Arn"]):
            raise invalid("RelativeId of a Rollback Trigger's ARN is incorrect")


def _check_same_types(stack: Stack, drawn: blueprint.Blueprint) -> None:
    changed = [
        name
        for name, definition in drawn.resources.items()
        if name in stack.resources and stack.resources[name].exists and stack.resources[name].type != definition.type
    ]
    if changed:
        raise invalid(
            "Update of resource type is not permitted. The new template modifies resource type of the following "
            f"resources: [{', '.join(sorted(changed))}]"
        )


def _check_resource_types(drawn: blueprint.Blueprint, allowed: list[str]) -> None:
    if not allowed:
        return
    strange = {d.type for d in drawn.resources.values() if not any(like(kind, d.type) for kind in allowed)}
    if strange:
        raise invalid(f"Resource type {min(strange)} is not allowed by parameter ResourceTypes [{', '.join(allowed)}]")


def stack_policy(call: Call, body: str, url: str) -> str | None:
    text = call.params.get(body)
    if text is not None and call.params.get(url) is not None:
        raise invalid(f"You cannot specify both {url} and {body}")
    if text is None and call.params.get(url):
        text = from_s3(call, call.params[url])
    return policies.parse(text) if text else None


def token(call: Call) -> str:
    return str(call.params.get("ClientRequestToken") or "")


def page(items: list[Any], given: str | None, size: int = 100) -> tuple[list[Any], dict[str, str]]:
    """One page, and the NextToken member if there are more. @raises AwsError ValidationError."""
    try:
        start = int((given or "0").rsplit("-", 1)[-1])
    except ValueError as error:
        raise invalid("Invalid NextToken") from error
    if start < 0:
        raise invalid("Invalid NextToken")
    rest = {"NextToken": f"page-{start + size}"} if len(items) > start + size else {}
    return items[start : start + size], rest
