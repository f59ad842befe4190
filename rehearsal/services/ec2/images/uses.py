"""Who uses an image: instances, launch templates and parameters, in one account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.errors import AwsError

# What one asks for by each kind without an option.
DEEPEST_VERSIONS = 10
OPTIONS = {"ec2:Instance": "state-name", "ec2:LaunchTemplate": "version-depth"}


def options(kind: dict[str, Any]) -> list[str]:
    """The values of a kind's option. @raises AwsError for an option that it has not."""
    found: list[str] = []
    for one in kind.get("ResourceTypeOptions") or []:
        if one.get("OptionName") != OPTIONS.get(kind.get("ResourceType", "")):
            raise AwsError("InvalidParameterValue", f"Invalid value '{one.get('OptionName')}' for OptionName.")
        found += one.get("OptionValues") or []
    return found


def of(backend: Any, image: str, kind: str, chosen: list[str]) -> Iterator[str]:
    """The ARNs of what refers to an image in the account and region of EC2's state `backend`."""
    place = f"{backend.region_name}:{backend.account_id}"
    if kind == "ec2:Instance":
        for reservation in list(backend.reservations.values()):
            for one in reservation.instances:
                if one.image_id == image and (not chosen or one.state in chosen):
                    yield f"arn:aws:ec2:{place}:instance/{one.id}"
    elif kind == "ec2:LaunchTemplate":
        depth = int(chosen[0]) if chosen else DEEPEST_VERSIONS
        for template in list(backend.launch_templates.values()):
            if any(version.data.get("ImageId") == image for version in template.versions[-depth:]):
                yield f"arn:aws:ec2:{place}:launch-template/{template.id}"
    elif kind == "ssm:Parameter":
        yield from (arn for arn, value in parameters(backend) if value == image)


def parameters(backend: Any) -> Iterator[tuple[str, str]]:
    """ARN and value of each parameter that somebody in the account made."""
    store = get_backend("ssm")[backend.account_id][backend.region_name]
    for name, versions in list(store._parameters.items()):  # no public way to all of them
        if not name.startswith("/aws/") and versions:
            yield (
                f"arn:aws:ssm:{backend.region_name}:{backend.account_id}:parameter/{name.lstrip('/')}",
                versions[-1].value,
            )
