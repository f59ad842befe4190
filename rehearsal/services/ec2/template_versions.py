"""Launch templates that go: deleting versions, which moto does not, and the refusal of an id that is not there.

A number is never given again.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteLaunchTemplateVersions.html
"""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import ServiceException
from moto.ec2.exceptions import InvalidLaunchTemplateVersionNotFound
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateBackend, LaunchTemplateVersion

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2 import support


def _left(template: LaunchTemplate) -> list[LaunchTemplateVersion]:
    return [one for one in template.versions if not getattr(one, "deleted", False)]


@operation("ec2", "DeleteLaunchTemplateVersions")
def delete_launch_template_versions(call: Call) -> dict[str, Any]:
    params, backend = call.params, support.backend_of(call.account, call.region)
    name, wanted = params.get("LaunchTemplateName"), params.get("Versions") or []
    if not wanted:
        raise AwsError("MissingParameter", "The request must contain the parameter LaunchTemplateVersion")
    try:
        template = (
            backend.get_launch_template_by_name(name)
            if name
            else backend.get_launch_template(params.get("LaunchTemplateId"))
        )
    except ServiceException as error:
        raise AwsError(error.code, error.message) from error
    support.end_dry_run(call)
    done, refused = [], []
    for number in wanted:
        found = next((one for one in _left(template) if str(one.number) == number), None)
        row: dict[str, Any] = {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name}
        if number.isdecimal():
            row["VersionNumber"] = int(number)
        if found is None:
            refused.append({**row, "ResponseError": _error("launchTemplateVersionDoesNotExist", "does not exist")})
        elif template.is_default(found):
            # The page says that the default version cannot be deleted, not how it is refused.
            refused.append({**row, "ResponseError": _error("unexpectedError", "is the default version")})
        else:
            found.deleted = True
            done.append(row)
    return {
        "SuccessfullyDeletedLaunchTemplateVersions": done,
        "UnsuccessfullyDeletedLaunchTemplateVersions": refused,
    }


def _error(code: str, words: str) -> dict[str, str]:
    return {"Code": code, "Message": f"The launch template version {words}."}


def install() -> None:
    """moto finds a version by its place in the list: what is deleted keeps its place, and is not found."""
    remove = LaunchTemplateBackend.delete_launch_template
    by_place, every = LaunchTemplate.get_version, LaunchTemplateBackend.describe_launch_template_versions

    def get_version(self: LaunchTemplate, num: Any) -> LaunchTemplateVersion:
        found = _left(self)[-1] if str(num).lower() == "$latest" else by_place(self, num)
        if getattr(found, "deleted", False):
            raise InvalidLaunchTemplateVersionNotFound(template_id=self.id, version=num)
        return found

    def latest_version(self: LaunchTemplate) -> LaunchTemplateVersion:
        return _left(self)[-1]

    def describe(self: LaunchTemplateBackend, *args: Any, **named: Any) -> list[Any]:
        return [row for row in every(self, *args, **named) if not getattr(row[1], "deleted", False)]

    def delete(self: LaunchTemplateBackend, name: str, tid: str | None) -> LaunchTemplate:
        if tid and not name:
            self.get_launch_template(tid)  # @raises InvalidLaunchTemplateId.NotFound, where moto names a name
        return remove(self, name, tid)

    classes: Any = (LaunchTemplate, LaunchTemplateBackend)
    classes[0].get_version, classes[0].latest_version = get_version, latest_version
    classes[1].delete_launch_template = delete
    classes[1].describe_launch_template_versions = describe
