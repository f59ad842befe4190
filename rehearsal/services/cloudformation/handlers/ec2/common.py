"""What EC2's resource types share: tags on creation and later, reads by id, waits by state."""

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.tags import EC2_TAGS, ec2_specification

IPAM = "IP address managers do not exist in the rehearsal"
IPV6 = "the rehearsal's networks are IPv4 only"
OUTPOST = "Outposts do not exist in the rehearsal"


# AWS seconds. How long CloudFormation goes on trying is not documented (unchecked); minutes, as seen in its events.
_PATIENCE = 600.0
_PAUSE = 10.0


class Patient(Resource):
    """Deletes again while EC2 says that something still depends on the resource: interfaces of a load balancer that
    is gone, addresses of a NAT gateway."""

    service = "ec2"

    def delete(self, ctx: Context, physical_id: str, properties: Model) -> None:
        waited = 0.0
        while True:
            try:
                super().delete(ctx, physical_id, properties)
                return
            except ClientError as error:
                if error.response["Error"]["Code"] != "DependencyViolation" or waited >= _PATIENCE:
                    raise
            ctx.sleep(_PAUSE)
            waited += _PAUSE


class Ec2Resource(Patient):
    tags = EC2_TAGS
    kind: str
    """Resource type in TagSpecifications."""

    def specification(self, ctx: Context, properties: Model) -> dict[str, Any]:
        return ec2_specification(self.kind, self.tags.wanted(ctx, properties))


def only(reply: dict[str, Any], key: str) -> dict[str, Any] | None:
    """The one resource of a describe call, if it is there."""
    return reply[key][0] if reply[key] else None
