"""AWS::EC2::Volume.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-volume.html
"""

from rehearsal.services.cloudformation.handler import Context, Model, UpdateRequiresReplacement
from rehearsal.services.cloudformation.handlers.ec2.common import OUTPOST, Ec2Resource, only
from rehearsal.services.cloudformation.handlers.wait import until, until_state

_MODIFIABLE = ("Size", "Iops", "Throughput", "VolumeType", "MultiAttachEnabled")


class Volume(Ec2Resource):
    type_name = "AWS::EC2::Volume"
    kind = "volume"
    refused = {
        "AutoEnableIO": "volumes have no I/O checks here",
        "OutpostArn": OUTPOST,
        "SourceVolumeId": "volumes are not cloned here",
        "VolumeInitializationRate": "snapshots are loaded at once here",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        own = {name: value for name, value in properties.items() if name != "Tags"}
        reply = ctx.client("ec2").create_volume(
            **self.args("create_volume", own), **self.specification(ctx, properties), ClientToken=ctx.token
        )
        ctx.created(reply["VolumeId"])
        until_state(ctx, reply["VolumeId"], lambda: self._state(ctx, reply["VolumeId"]), {"available"}, {"error"})
        return reply["VolumeId"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        other = changed - set(_MODIFIABLE)
        if other:
            raise UpdateRequiresReplacement(", ".join(sorted(other)))
        ctx.client("ec2").modify_volume(VolumeId=physical_id, **self.some("modify_volume", new, changed))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("ec2").delete_volume(VolumeId=physical_id)
        until(ctx, f"{physical_id} deletion", lambda: not self.exists(ctx, physical_id, properties))

    def _state(self, ctx: Context, volume: str) -> str | None:
        found = only(ctx.client("ec2").describe_volumes(VolumeIds=[volume]), "Volumes")
        return found and found["State"]

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = only(ctx.client("ec2").describe_volumes(VolumeIds=[physical_id]), "Volumes")
        return None if found is None or found["State"] in ("deleting", "deleted") else self.model(found)
