"""DescribeImageReferences: what of one's own refers to an image. What the caller may not look at is refused.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-ami-references.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2 import support
from rehearsal.services.ec2.images import uses
from rehearsal.services.iam import authorize

# Image Builder is not there, so nothing of it refers to anything.
_NEEDED: dict[str, tuple[str, ...]] = {
    "ec2:Instance": ("ec2:DescribeInstances",),
    "ec2:LaunchTemplate": ("ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions"),
    # And ssm:GetParameters, of each one: an action on a resource.
    "ssm:Parameter": ("ssm:DescribeParameters",),
    "imagebuilder:ImageRecipe": (),
    "imagebuilder:ContainerRecipe": (),
}


@operation("ec2", "DescribeImageReferences")
def describe_image_references(call: Call) -> dict[str, Any]:
    params = call.params
    images = params.get("ImageIds")
    if not images:
        raise AwsError("MissingParameter", "The request must contain the parameter ImageId")
    given = {kind.get("ResourceType"): uses.options(kind) for kind in params.get("ResourceTypes") or []}
    if params.get("IncludeAllResourceTypes"):
        given = {**{kind: [] for kind in _NEEDED}, **given}
    if not given:
        raise AwsError("MissingParameter", "Either IncludeAllResourceTypes or ResourceTypes must be specified.")
    for kind in given:
        if kind not in _NEEDED:
            raise AwsError("InvalidParameterValue", f"Invalid value '{kind}' for ResourceType.")
        for action in _NEEDED[kind]:
            authorize.may(call, action, "*")
    backend = support.backend_of(call.account, call.region)
    if "ssm:Parameter" in given:
        for arn, _ in uses.parameters(backend):
            authorize.may(call, "ssm:GetParameters", arn)
    support.end_dry_run(call)
    found = [
        {"ImageId": image, "ResourceType": kind, "Arn": arn}
        for image in images
        for kind, chosen in given.items()
        for arn in uses.of(backend, image, str(kind), chosen)
    ]
    shown, token = support.page(call, found)
    return {"ImageReferences": shown, **({"NextToken": token} if token else {})}
