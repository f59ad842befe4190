"""What EC2's operations share: state by account and region, dry runs, tags, ids."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.wildcards import compiled


def backend_of(account: str, region: str) -> Any:
    """moto's EC2 state; asking makes it, default VPC included, as an account has it from its first day."""
    return get_backend("ec2")[account][region]


def known_backends(region: str) -> list[Any]:
    """The EC2 state of every account that was used in a region."""
    # A list of its own: moto's `in` is true of every region that there is, and looking there makes it used.
    return [regions[region] for regions in list(get_backend("ec2").values()) if region in list(regions)]


def end_dry_run(call: Call) -> None:
    """Ends a dry run that came this far, as AWS does: with an error that means success.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html
    """
    if call.params.get("DryRun"):
        raise AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)


def new_id(prefix: str) -> str:
    return f"{prefix}-0{secrets.token_hex(8)}"


def tags_for(specifications: Iterable[Mapping[str, Any]] | None, resource: str) -> dict[str, str]:
    """The tags of a request's TagSpecifications for one type of resource."""
    return {
        tag["Key"]: tag.get("Value", "")
        for one in specifications or ()
        if one.get("ResourceType") == resource
        for tag in one.get("Tags") or ()
    }


def check_tag_types(specifications: Iterable[Mapping[str, Any]] | None, allowed: Sequence[str]) -> None:
    for one in specifications or ():
        if one.get("ResourceType") not in allowed:
            raise AwsError(
                "InvalidParameterValue",
                f"'{one.get('ResourceType')}' is not a valid taggable resource type for this operation.",
            )


def tag_list(backend: Any, resource_id: str) -> list[dict[str, str]]:
    """A resource's tags as this account gave them; another account's tags on it are not seen."""
    return [{"Key": k, "Value": v} for k, v in backend.tags.get(resource_id, {}).items()]


class Filters:
    """A Describe operation's filters: values of one are alternatives, * and ? stand for characters.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html
    """

    def __init__(self, given: Iterable[Mapping[str, Any]] | None, known: Iterable[str]) -> None:
        allowed = set(known)
        self.wanted: list[tuple[str, list[re.Pattern[str]]]] = []
        for one in given or ():
            name = one.get("Name", "")
            if name not in allowed and not name.startswith("tag:"):
                raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
            self.wanted.append((name, [compiled(v) for v in one.get("Values") or ()]))

    def match(self, values: Mapping[str, Any], tags: Mapping[str, str]) -> bool:
        return all(
            any(p.match(v) for p in patterns for v in _candidates(name, values, tags))
            for name, patterns in self.wanted
        )


def _candidates(name: str, values: Mapping[str, Any], tags: Mapping[str, str]) -> list[str]:
    if name.startswith("tag:"):
        return [tags[name[4:]]] if name[4:] in tags else []
    if name == "tag-key":
        return list(tags)
    if name == "tag-value":
        return list(tags.values())
    value = values.get(name)
    many = value if isinstance(value, (list, tuple, set)) else [value]
    return [str(v).lower() if isinstance(v, bool) else str(v) for v in many if v is not None]


def page(call: Call, items: list[Any], default: int = 1000) -> tuple[list[Any], str | None]:
    """One page of a list, and the token of the next. The token is a position: lists here do not change under it."""
    start = 0
    if call.params.get("NextToken"):
        try:
            start = int(call.params["NextToken"].removeprefix("page-"))
        except ValueError as error:
            raise AwsError("InvalidParameterValue", "Unable to parse pagination token") from error
    size = int(call.params.get("MaxResults") or default)
    following = start + size
    return items[start:following], f"page-{following}" if following < len(items) else None
