"""What a request brings along for conditions: tags, and the boundary of the role it is about."""

from __future__ import annotations

from moto.backends import get_backend

from rehearsal.kernel.call import Call
from rehearsal.services.iam import roles
from rehearsal.services.iam.tag_forms import as_map


def requested(call: Call, resource: str) -> dict[str, str]:
    """The tags in a request; EC2 gives them for each type of resource."""
    params = call.params
    if call.service == "ec2" and call.operation != "CreateTags":
        kind = resource.rsplit(":", 1)[-1].split("/")[0]
        found: dict[str, str] = {}
        for spec in params.get("TagSpecifications", []):
            if spec.get("ResourceType") == kind:
                found.update(as_map(spec.get("Tags")))
        return found
    for name in ("Tags", "tags", "AddTags", "TagList"):
        if name in params:
            return as_map(params[name])
    return {}


def boundary_of_role(call: Call) -> str | None:
    """The permissions boundary of the role that an IAM call changes."""
    # By name alone: the call does not tell the path that stands in the role's ARN.
    role = get_backend("iam")[call.account]["aws"].roles.get(roles.id_of(call.account, call.params.get("RoleName", "")))
    arn = getattr(role, "permissions_boundary_arn", None) if role is not None else None
    return arn if isinstance(arn, str) else None
