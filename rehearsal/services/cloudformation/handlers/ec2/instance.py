"""AWS::EC2::Instance.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html
"""

import base64
from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model, UpdateRequiresReplacement
from rehearsal.services.cloudformation.handlers.ec2.common import IPV6, Ec2Resource, only
from rehearsal.services.cloudformation.handlers.ec2.instance_changes import IN_PLACE, associations
from rehearsal.services.cloudformation.handlers.wait import until_state

_PLACEMENT = {
    "AvailabilityZone": "AvailabilityZone",
    "Tenancy": "Tenancy",
    "HostId": "HostId",
    "Affinity": "Affinity",
    "PlacementGroupName": "GroupName",
    "HostResourceGroupArn": "HostResourceGroupArn",
}
_STOPPED = {
    "InstanceType": "InstanceType",
    "EbsOptimized": "EbsOptimized",
    "UserData": "UserData",
    "KernelId": "Kernel",
    "RamdiskId": "Ramdisk",
}
_DIRECT = (
    "BlockDeviceMappings",
    "CpuOptions",
    "CreditSpecification",
    "DisableApiTermination",
    "EbsOptimized",
    "EnclaveOptions",
    "HibernationOptions",
    "ImageId",
    "InstanceInitiatedShutdownBehavior",
    "InstanceType",
    "KernelId",
    "KeyName",
    "LaunchTemplate",
    "MetadataOptions",
    "NetworkInterfaces",
    "PrivateDnsNameOptions",
    "PrivateIpAddress",
    "RamdiskId",
    "SecurityGroupIds",
    "SecurityGroups",
    "SubnetId",
)


class Instance(Ec2Resource):
    """Complete when it runs, deleted when it is terminated."""

    type_name = "AWS::EC2::Instance"
    kind = "instance"
    renames = {"NetworkInterfaces.GroupSet": "Groups"}
    refused = {
        "AdditionalInfo": "it is reserved",
        "ElasticGpuSpecifications": "AWS has ended Elastic Graphics",
        "ElasticInferenceAccelerators": "AWS has ended Elastic Inference",
        "Ipv6AddressCount": IPV6,
        "Ipv6Addresses": IPV6,
        "LicenseSpecifications": "License Manager does not exist in the rehearsal",
        "SsmAssociations": "Systems Manager associations do not exist in the rehearsal",
    }

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("ec2")
        arguments = self.args("run_instances", {k: v for k, v in properties.items() if k in _DIRECT})
        placement = {api_name: properties[name] for name, api_name in _PLACEMENT.items() if name in properties}
        if placement:
            arguments["Placement"] = placement
        if "IamInstanceProfile" in properties:
            arguments["IamInstanceProfile"] = {"Name": properties["IamInstanceProfile"]}
        if "Monitoring" in properties:
            arguments["Monitoring"] = {"Enabled": properties["Monitoring"]}
        if "UserData" in properties:
            # CloudFormation is given Base64, boto3 encodes by itself.
            arguments["UserData"] = base64.b64decode(properties["UserData"]).decode("utf-8", "surrogateescape")
        tags = self.specification(ctx, properties)
        if tags and properties.get("PropagateTagsToVolumeOnCreation"):
            tags["TagSpecifications"].append({**tags["TagSpecifications"][0], "ResourceType": "volume"})
        reply = api.run_instances(MinCount=1, MaxCount=1, ClientToken=ctx.token, **arguments, **tags)
        instance = reply["Instances"][0]["InstanceId"]
        ctx.created(instance)
        self._until(ctx, instance, "running")
        if "SourceDestCheck" in properties:
            api.modify_instance_attribute(InstanceId=instance, SourceDestCheck={"Value": properties["SourceDestCheck"]})
        self._volumes(ctx, instance, {}, properties)
        return instance

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        other = changed - _STOPPED.keys() - IN_PLACE.keys() - {"Volumes", "PropagateTagsToVolumeOnCreation"}
        if other:
            raise UpdateRequiresReplacement(", ".join(sorted(other)))
        for name in sorted(changed & IN_PLACE.keys()):
            IN_PLACE[name](ctx.client("ec2"), physical_id, new.get(name))
        if "Volumes" in changed:
            self._volumes(ctx, physical_id, old, new)
        if changed & _STOPPED.keys():
            self._change_stopped(ctx, physical_id, new, changed)

    def _change_stopped(self, ctx: Context, instance: str, new: Model, changed: frozenset[str]) -> None:
        """An EBS-backed instance is stopped for it and started again."""
        api = ctx.client("ec2")
        api.stop_instances(InstanceIds=[instance])
        self._until(ctx, instance, "stopped")
        for name in sorted(changed & _STOPPED.keys()):
            value = new.get(name, "")
            if name == "UserData":
                value = base64.b64decode(value)
            api.modify_instance_attribute(InstanceId=instance, **{_STOPPED[name]: {"Value": value}})
        api.start_instances(InstanceIds=[instance])
        self._until(ctx, instance, "running")

    def _volumes(self, ctx: Context, instance: str, old: Model, new: Model) -> None:
        api = ctx.client("ec2")
        before = {volume["VolumeId"]: volume["Device"] for volume in old.get("Volumes", [])}
        after = {volume["VolumeId"]: volume["Device"] for volume in new.get("Volumes", [])}
        for volume in before.keys() - after.keys():
            api.detach_volume(VolumeId=volume, InstanceId=instance)
        for volume in after.keys() - before.keys():
            api.attach_volume(VolumeId=volume, InstanceId=instance, Device=after[volume])

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("ec2").terminate_instances(InstanceIds=[physical_id])
        until_state(ctx, physical_id, lambda: self._state(ctx, physical_id), {"terminated", None})

    def _until(self, ctx: Context, instance: str, state: str) -> None:
        until_state(
            ctx, f"{instance} {state}", lambda: self._state(ctx, instance), {state}, {"terminated", "shutting-down"}
        )

    def _state(self, ctx: Context, instance: str) -> str | None:
        found = self._find(ctx, instance)
        return found and found["State"]["Name"]

    def _find(self, ctx: Context, instance: str) -> dict[str, Any] | None:
        reservation = only(ctx.client("ec2").describe_instances(InstanceIds=[instance]), "Reservations")
        return reservation and reservation["Instances"][0]

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = self._find(ctx, physical_id)
        if found is None or found["State"]["Name"] in ("terminated", "shutting-down"):
            return None
        api = ctx.client("ec2")
        told = {name: value for name, value in found.items() if name not in _OTHERWISE and value != ""}
        told["State"] = {"Code": str(found["State"]["Code"]), "Name": found["State"]["Name"]}
        model = self.model(told)
        model["PrivateIp"], model["PublicIp"] = found.get("PrivateIpAddress"), found.get("PublicIpAddress")
        model["Monitoring"] = found.get("Monitoring", {}).get("State") in ("enabled", "pending")
        for name, member in _PLACEMENT.items():
            if found.get("Placement", {}).get(member):
                model[name] = found["Placement"][member]
        for association in associations(api, physical_id):
            model["IamInstanceProfile"] = association["IamInstanceProfile"]["Arn"].rpartition("/")[2]
        groups = found.get("SecurityGroups", [])
        model["SecurityGroupIds"] = [group["GroupId"] for group in groups]
        model["SecurityGroups"] = [group["GroupName"] for group in groups]
        for name, key, member in _ATTRIBUTES:
            if name in properties:
                reply = api.describe_instance_attribute(InstanceId=physical_id, Attribute=key)
                model[name] = reply[member].get("Value")
        return {name: value for name, value in model.items() if value is not None}


_OTHERWISE = {
    "Monitoring",
    "SecurityGroups",
    "NetworkInterfaces",
    "BlockDeviceMappings",
    "Placement",
    "IamInstanceProfile",
    "State",
}
_ATTRIBUTES = (
    ("DisableApiTermination", "disableApiTermination", "DisableApiTermination"),
    ("InstanceInitiatedShutdownBehavior", "instanceInitiatedShutdownBehavior", "InstanceInitiatedShutdownBehavior"),
    ("UserData", "userData", "UserData"),
)
