"""What zones and records share: waiting for changes, and names as a template writes them."""

from typing import Any

from rehearsal.services.cloudformation.handler import Context
from rehearsal.services.cloudformation.handlers.wait import until

ZONE = "/hostedzone/"


def in_sync(ctx: Context, change: dict[str, Any]) -> None:
    """Changes reach all name servers before CloudFormation calls the resource complete."""
    api = ctx.client("route53")
    identifier = change["Id"].rpartition("/")[2]
    until(ctx, f"change {identifier}", lambda: api.get_change(Id=identifier)["ChangeInfo"]["Status"] == "INSYNC")


def as_given(name: str, given: str | None) -> str:
    """Names with and without the last dot are the same; Route 53 tells them with it, and a star as \\052."""
    plain = name.replace("\\052", "*")
    return given if given and given.rstrip(".").lower() == plain.rstrip(".").lower() else plain
