"""From a group's settings to what RunInstances is asked for.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-templates.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.kernel import clients
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.services.autoscaling.model import Settings


def service(account: str) -> clients.Service:
    """Auto Scaling, as it acts in an account."""
    return clients.Service("autoscaling.amazonaws.com", account)


@dataclass(frozen=True)
class Launch:
    """A launch template with its version as a number, and what the group overrides of it."""

    template_id: str
    template_name: str
    version: str
    instance_type: str
    overridden: bool
    image: str | None

    @property
    def template(self) -> dict[str, str]:
        return {
            "LaunchTemplateId": self.template_id,
            "LaunchTemplateName": self.template_name,
            "Version": self.version,
        }


def specification(settings: Settings) -> dict[str, Any]:
    """The launch template specification of a group's or a desired configuration's settings."""
    mixed = settings.get("MixedInstancesPolicy")
    if mixed:
        return dict((mixed.get("LaunchTemplate") or {}).get("LaunchTemplateSpecification") or {})
    return dict(settings.get("LaunchTemplate") or {})


def resolve(account: str, region: str, settings: Settings) -> Launch:
    """Looks the template up. @raises AwsError ValidationError where it, its version or its image is not there."""
    wanted = specification(settings)
    version = str(wanted.get("Version") or "$Default")
    who = {k: wanted[k] for k in ("LaunchTemplateId", "LaunchTemplateName") if wanted.get(k)}
    try:
        found = clients.client("ec2", region, principal=service(account)).describe_launch_template_versions(
            **who, Versions=[version]
        )["LaunchTemplateVersions"]
    except ClientError as error:
        raise AwsError("ValidationError", error.response["Error"]["Message"]) from error
    if not found:
        raise AwsError("ValidationError", f"Invalid launch template version: {version} does not exist.")
    data = found[0]["LaunchTemplateData"]
    overrides = ((settings.get("MixedInstancesPolicy") or {}).get("LaunchTemplate") or {}).get("Overrides") or []
    kind = next((o["InstanceType"] for o in overrides if o.get("InstanceType")), None)
    return Launch(
        found[0]["LaunchTemplateId"],
        found[0]["LaunchTemplateName"],
        str(found[0]["VersionNumber"]),
        str(kind or data.get("InstanceType") or "m1.small"),
        bool(kind),
        data.get("ImageId"),
    )


def check(account: str, region: str, settings: Settings) -> None:
    """What Auto Scaling checks when a group is given a template: that it could be launched from."""
    launch = resolve(account, region, settings)
    image = launch.image
    if not image:
        words = "You must use a valid fully-formed launch template."
        raise AwsError("ValidationError", f"{words} The request must contain the parameter ImageId")
    if image.startswith("resolve:ssm:"):
        return
    try:
        clients.client("ec2", region, principal=service(account)).describe_images(ImageIds=[image])
    except ClientError as error:
        message = error.response["Error"]["Message"]
        raise AwsError(
            "ValidationError", f"You must use a valid fully-formed launch template. {message}"
        ) from error


def authorize(call: Call, settings: Settings, subnets: list[str]) -> None:
    """Whoever gives a group its template must be allowed to start instances from it, and to pass their role: asked by a
    dry run in the caller's name.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
    @raises AwsError AccessDenied.
    """
    wanted = specification(settings)
    if not call.principal.restricted or not wanted or not subnets:
        return
    try:
        clients.of_principal("ec2", call.region, call.principal).run_instances(
            LaunchTemplate=wanted, MinCount=1, MaxCount=1, SubnetId=subnets[0], DryRun=True
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in ("UnauthorizedOperation", "AccessDenied"):
            name = wanted.get("LaunchTemplateName") or wanted.get("LaunchTemplateId")
            words = f"You are not authorized to use launch template: {name} ({error.response['Error']['Message']})"
            raise AwsError("AccessDenied", words, 403) from error


def matches(template: dict[str, str] | None, launch: Launch) -> bool:
    """Whether an instance already has the template version that a refresh would give it."""
    found = template or {}
    return (found.get("LaunchTemplateId"), found.get("Version")) == (launch.template_id, launch.version)
