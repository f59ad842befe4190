"""What a caller must acknowledge before a template may make identities or run macros.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
"""

from __future__ import annotations

from rehearsal.services.cloudformation.errors import insufficient_capabilities
from rehearsal.services.cloudformation.template import Template

_IAM = {
    "AWS::IAM::AccessKey": "",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": "",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::UserToGroupAddition": "",
}


def needed(template: Template) -> list[str]:
    """Empty, or the one capability that the template's resources call for."""
    found = [(body["Type"], body.get("Properties") or {}) for body in template.resources.values()]
    iam = [(kind, properties) for kind, properties in found if kind in _IAM]
    if any(_IAM[kind] and _IAM[kind] in properties for kind, properties in iam):
        return ["CAPABILITY_NAMED_IAM"]
    return ["CAPABILITY_IAM"] if iam else []


def reason(template: Template) -> str:
    kinds = sorted({body["Type"] for body in template.resources.values() if body["Type"] in _IAM})
    return f"The following resource(s) require capabilities: [{', '.join(kinds)}]" if kinds else ""


def check_transforms(template: Template, given: list[str]) -> None:
    """Who creates or updates directly acknowledges transforms; who looks at a change set first need not.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
    @raises AwsError InsufficientCapabilitiesException.
    """
    if template.transforms and "CAPABILITY_AUTO_EXPAND" not in given:
        raise insufficient_capabilities(["CAPABILITY_AUTO_EXPAND"])


def check(template: Template, given: list[str]) -> None:
    """@raises AwsError InsufficientCapabilitiesException."""
    for capability in needed(template):
        if capability in given or (capability == "CAPABILITY_IAM" and "CAPABILITY_NAMED_IAM" in given):
            continue
        raise insufficient_capabilities([capability])
