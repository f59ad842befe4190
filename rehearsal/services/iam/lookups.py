"""Where a call's parameters do not tell the resource: the services are asked, and odd forms are undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.call import Call
from rehearsal.services.iam import objects, roles

EC2_ID_PREFIX = {
    "dedicated-host": "h-", "elastic-ip": "eipalloc-", "image": "ami-", "instance": "i-",
    "internet-gateway": "igw-", "launch-template": "lt-", "natgateway": "nat-", "network-acl": "acl-",
    "network-interface": "eni-", "route-table": "rtb-", "security-group": "sg-", "security-group-rule": "sgr-",
    "snapshot": "snap-", "subnet": "subnet-", "volume": "vol-", "vpc": "vpc-", "vpc-endpoint": "vpce-",
    "export-image-task": "export-ami-", "import-image-task": "import-ami-",
}  # fmt: skip


def s3(params: dict[str, Any], action: str) -> list[str]:
    """Bucket or object, by what the action is about."""
    bucket = params.get("Bucket")
    if not bucket:
        return ["*"]
    if params.get("CopySource") and action != "s3:PutObject":
        bucket, key, _ = objects.source(params)
        params = {"Key": key}
    listed = [o["Key"] for o in (params.get("Delete") or {}).get("Objects") or []]
    keys = [params["Key"]] if params.get("Key") else listed
    about_object = "Object" in action or action in ("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
    if about_object and keys:
        return [f"arn:aws:s3:::{bucket}/{key}" for key in keys]
    return [f"arn:aws:s3:::{bucket}"]


Completer = Callable[[Call], dict[str, Any]]
_COMPLETERS: dict[str, Completer] = {}


def completed_by(service: str) -> Callable[[Completer], Completer]:
    """Registers who knows further parameters of a call to a service that keeps its own state."""

    def register(completer: Completer) -> Completer:
        _COMPLETERS[service] = completer
        return completer

    return register


def completed(call: Call) -> dict[str, Any]:
    """The parameters, and what a named launch template or build id stands for."""
    params = dict(call.params)
    if call.service == "ec2" and call.operation == "RunInstances":
        params.update({k: v for k, v in _template_data(call).items() if k not in params})
    if call.service == "codebuild" and "ids" in params:
        params["projectName"] = [str(i).split(":")[0] for i in params["ids"]]
    if call.service == "codebuild" and "id" in params and "projectName" not in params:
        params["projectName"] = str(params["id"]).split(":")[0]
    if call.service == "kms" and str(params.get("KeyId", "")).startswith("alias/"):
        params["KeyId"] = _key_of_alias(call, params["KeyId"])
    if call.service in _COMPLETERS:
        params.update(_COMPLETERS[call.service](call))
    return params


def tag_specifications(call: Call) -> list[dict[str, Any]]:
    """The tags of what an EC2 call makes; those that a launch template brings need the same permission.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
    """
    found = list(call.params.get("TagSpecifications") or [])
    if call.operation == "RunInstances":
        found += _template_data(call).get("TagSpecifications") or []
    return found


def _template_data(call: Call) -> dict[str, Any]:
    template = _template(call)
    version = (call.params.get("LaunchTemplate") or {}).get("Version") or "$Default"
    return dict(template.get_version(version).data) if template else {}


def _template(call: Call) -> Any | None:
    """The launch template that a request names."""
    wanted = call.params.get("LaunchTemplate") or {}
    for template in list(get_backend("ec2")[call.account][call.region].launch_templates.values()):
        if wanted.get("LaunchTemplateId") == template.id or wanted.get("LaunchTemplateName") == template.name:
            return template
    return None


def image_facts(call: Call, resource: str) -> dict[str, list[str]]:
    """Condition keys about an image, of whichever account.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    """
    ident = resource.rsplit("/", 1)[-1]
    for regions in list(get_backend("ec2").values()):
        found = regions[call.region].amis.get(ident) if call.region in list(regions) else None
        if found is not None:
            return {"ec2:imageid": [ident], "ec2:owner": [str(found.owner_id)],
                    "ec2:public": [str(found.is_public).lower()]}  # fmt: skip
    return {}


def launch_template_arn(call: Call) -> str | None:
    """For the condition key ec2:LaunchTemplate."""
    template = _template(call)
    return f"arn:aws:ec2:{call.region}:{call.account}:launch-template/{template.id}" if template else None


def _key_of_alias(call: Call, alias: str) -> str:
    backend = get_backend("kms")[call.account][call.region]
    return str(backend.get_key_id_from_alias(alias) or "*")


def plain(prefix: str, variable: str, text: str) -> str:
    """A parameter's value as it stands in an ARN."""
    if prefix == "ssm":
        return text.lstrip("/").split(":")[0]
    if prefix == "sqs" and text.startswith("http"):
        return text.rsplit("/", 1)[-1]
    if prefix == "route53":
        return text.rsplit("/", 1)[-1]
    return text


def real_arn(arn: str, call: Call) -> str:
    """The ARN with what only the service knows: a role's path, a log group's streams, a secret's suffix."""
    service = arn.split(":")[2]
    if service == "iam" and ":role/" in arn and not arn.endswith("*"):
        name = arn.rsplit("/", 1)[-1]
        for role in list(get_backend("iam")[call.account]["aws"].roles.values()):
            if role.name == name:
                return str(role.arn)
        path = str(call.params.get("Path") or "/")
        return arn.replace(":role/", f":role{path}")
    if service == "iam" and ":instance-profile/" in arn and not arn.endswith("*"):
        name = arn.rsplit("/", 1)[-1]
        for profile in list(get_backend("iam")[call.account]["aws"].instance_profiles.values()):
            if profile.name == name:
                return str(profile.arn)
        return arn.replace(":instance-profile/", f":instance-profile{call.params.get('Path') or '/'}")
    if service == "ssm" and ":parameter/aws/service/" in arn:
        # Public parameters belong to no account.
        # https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
        return arn.replace(f":{call.account}:", "::")
    if service == "logs" and ":log-group:" in arn and ":log-stream:" not in arn:
        # The log group's ARN is held against policies with the streams behind it, as AWS's denials show.
        return f"{arn}:log-stream:"
    return arn


def profile_roles(call: Call) -> list[str]:
    """The role of the instance profile that a launch gives to the instance."""
    if (call.service, call.operation) not in {
        ("ec2", "RunInstances"), ("ec2", "AssociateIamInstanceProfile"), ("iam", "AddRoleToInstanceProfile")
    }:  # fmt: skip
        return []
    backend = get_backend("iam")[call.account]["aws"]
    if call.service == "iam":
        role = roles.find(f"arn:aws:iam::{call.account}:role/{call.params.get('RoleName')}")
        return [role.arn] if role else []
    wanted = completed(call).get("IamInstanceProfile") or {}
    name = wanted.get("Name") or str(wanted.get("Arn", "")).rsplit("/", 1)[-1]
    for profile in list(backend.instance_profiles.values()):
        if profile.name == name:
            return [role.arn for role in profile.roles]
    return []
