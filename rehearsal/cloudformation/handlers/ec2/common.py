"""What EC2's resource types share: tags on creation and later, reads by id, waits by state."""

from typing import Any

from rehearsal.cloudformation.handler import Context, Model
from rehearsal.cloudformation.handlers.base import Resource
from rehearsal.cloudformation.handlers.tags import EC2_TAGS, ec2_specification

IPAM = "IP address managers do not exist in the rehearsal"
IPV6 = "the rehearsal's networks are IPv4 only"
OUTPOST = "Outposts do not exist in the rehearsal"


class Ec2Resource(Resource):
    service = "ec2"
    tags = EC2_TAGS
    kind: str
    """Resource type in TagSpecifications."""

    def specification(self, ctx: Context, properties: Model) -> dict[str, Any]:
        return ec2_specification(self.kind, self.tags.wanted(ctx, properties))


def only(reply: dict[str, Any], key: str) -> dict[str, Any] | None:
    """The one resource of a describe call, if it is there."""
    return reply[key][0] if reply[key] else None
