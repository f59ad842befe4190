"""Roles that a call hands to a service, which needs iam:PassRole.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from rehearsal.kernel.call import Call
from rehearsal.services.iam import lookups
from rehearsal.services.iam.resources import leaves

_PASSED_TO = {
    "cloudformation": "cloudformation.amazonaws.com",
    "codebuild": "codebuild.amazonaws.com",
    "codepipeline": "codepipeline.amazonaws.com",
    "events": "events.amazonaws.com",
    "ec2": "ec2.amazonaws.com",
    "scheduler": "scheduler.amazonaws.com",
    "stepfunctions": "states.amazonaws.com",
}
_ROLE_PARAMS = {"RoleARN", "RoleArn", "roleArn", "serviceRole"}


def passed_roles(call: Call) -> list[tuple[str, str]]:
    """iam:PassRole for every role that the call hands to a service."""
    roles = [t for path, t in leaves(call.params) if path.rsplit(".", 1)[-1] in _ROLE_PARAMS and ":role/" in t]
    if call.service not in _PASSED_TO or call.operation.startswith(("Describe", "Get", "List")):
        roles = []
    found = [("iam:PassRole", role) for role in roles] + [("iam:PassRole", r) for r in lookups.profile_roles(call)]
    return list(dict.fromkeys(found))


def passed_to(call: Call) -> str:
    """The service that a passed role goes to (iam:PassedToService)."""
    if call.service == "autoscaling":
        return "ec2.amazonaws.com"
    return _PASSED_TO.get(call.service, f"{call.service}.amazonaws.com")
