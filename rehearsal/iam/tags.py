"""Tags for conditions: those a request brings, and those a resource carries."""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend

from rehearsal.iam import roles
from rehearsal.kernel.call import Call


def _as_map(value: Any) -> dict[str, str]:
    if isinstance(value, dict):
        inner = value.get("Items")
        if isinstance(inner, list):
            return _as_map(inner)
        return {str(k): str(v) for k, v in value.items() if not isinstance(v, (dict, list))}
    found = {}
    for entry in value if isinstance(value, list) else []:
        if isinstance(entry, dict):
            key = entry.get("Key", entry.get("key", entry.get("TagKey")))
            if key is not None:
                found[str(key)] = str(entry.get("Value", entry.get("value", entry.get("TagValue", ""))))
    return found


def requested(call: Call, resource: str) -> dict[str, str]:
    """The tags in a request; EC2 gives them for each type of resource."""
    params = call.params
    if call.service == "ec2" and call.operation != "CreateTags":
        kind = resource.rsplit(":", 1)[-1].split("/")[0]
        found: dict[str, str] = {}
        for spec in params.get("TagSpecifications", []):
            if spec.get("ResourceType") == kind:
                found.update(_as_map(spec.get("Tags")))
        return found
    for name in ("Tags", "tags", "AddTags", "TagList"):
        if name in params:
            return _as_map(params[name])
    return {}


def of_resource(call: Call, resource: str) -> dict[str, str]:
    """The tags that an existing resource carries; none for one that is still to be made or that no service finds."""
    if "*" in resource or not resource.startswith("arn:"):
        return {} if "autoScalingGroup:*" not in resource else _group(call, resource)
    service = resource.split(":")[2]
    reader = _READERS.get(service)
    try:
        return reader(call, resource) if reader else {}
    except (KeyError, AttributeError, IndexError):
        return {}


def _ec2(call: Call, resource: str) -> dict[str, str]:
    ident = resource.rsplit("/", 1)[-1]
    backend = get_backend("ec2")[call.account][call.region]
    if ":key-pair/" in resource:
        pair = backend.keypairs.get(ident)
        ident = getattr(pair, "id", ident)
    return dict(backend.tags.get(ident, {}))


def _group(call: Call, resource: str) -> dict[str, str]:
    name = resource.rsplit("/", 1)[-1]
    backend = get_backend("autoscaling")[call.account][call.region]
    group = backend.autoscaling_groups.get(name)
    return _as_map(group.tags) if group is not None else {}


def _elb(call: Call, resource: str) -> dict[str, str]:
    backend = get_backend("elbv2")[call.account][call.region]
    return dict(backend.tagging_service.get_tag_dict_for_resource(resource))


def _iam(call: Call, resource: str) -> dict[str, str]:
    role = roles.find(resource)
    return {} if role is None else {k: v.get("Value", "") if isinstance(v, dict) else v for k, v in role.tags.items()}


def _cloudformation(call: Call, resource: str) -> dict[str, str]:
    from rehearsal.cloudformation import stack_tags

    return stack_tags(resource)


def _kms(call: Call, resource: str) -> dict[str, str]:
    backend = get_backend("kms")[call.account][call.region]
    return _as_map(backend.tagger.list_tags_for_resource(resource.rsplit("/", 1)[-1]).get("Tags", []))


_READERS = {
    "ec2": _ec2,
    "autoscaling": _group,
    "elasticloadbalancing": _elb,
    "iam": _iam,
    "cloudformation": _cloudformation,
    "kms": _kms,
}


def boundary_of_role(call: Call) -> str | None:
    """The permissions boundary of the role that an IAM call changes."""
    # By name alone: the call does not tell the path that stands in the role's ARN.
    role = get_backend("iam")[call.account]["aws"].roles.get(roles.id_of(call.account, call.params.get("RoleName", "")))
    arn = getattr(role, "permissions_boundary_arn", None) if role is not None else None
    return arn if isinstance(arn, str) else None
