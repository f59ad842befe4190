"""RunInstances: checked as AWS checks it, recorded by moto, booted by the machine.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
"""

from __future__ import annotations

import copy
import json
import sys
import threading
from typing import Any

from moto.core.types import Base64EncodedString
from moto.core.utils import utcnow

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.machines import network
from rehearsal.services.ec2 import encryption, launch_checks, lifecycle, states, support, templates
from rehearsal.services.ec2.images.image import Image
from rehearsal.services.iam import volume_keys

_lock = threading.Lock()
_tokens: dict[tuple[str, str, str], tuple[str, dict[str, Any]]] = {}


@tasks.on_reset
def _forget() -> None:
    _tokens.clear()


@operation("ec2", "RunInstances")
def run_instances(call: Call) -> dict[str, Any]:
    token = call.params.get("ClientToken")
    if not token:
        return _run(call)
    # https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
    key = (call.account, call.region, token)
    asked = json.dumps({k: v for k, v in call.params.items() if k != "DryRun"}, sort_keys=True, default=str)
    with _lock:
        if key in _tokens:
            before, reply = _tokens[key]
            if before != asked:
                raise AwsError(
                    "IdempotentParameterMismatch",
                    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
                )
            return reply
        reply = _run(call)
        _tokens[key] = (asked, copy.deepcopy(reply))
        return reply


def _run(call: Call) -> dict[str, Any]:
    backend = support.backend_of(call.account, call.region)
    params, marks = templates.merge(backend, call.params)
    image = launch_checks.check(call, backend, params)
    support.end_dry_run(call)
    params["InstanceType"] = params.get("InstanceType") or launch_checks.DEFAULT_TYPE
    profile = launch_checks.profile(call, params.get("IamInstanceProfile"))
    devices = _devices(backend, image, params.get("BlockDeviceMappings") or [])
    tags = params.get("TagSpecifications")
    known = {"MinCount": params["MaxCount"], "ImageId": image.id, "BlockDeviceMappings": devices["moto"]}
    # The profile is looked up above, for each instance; user data is kept as it came.
    dropped = ("IamInstanceProfile", "UserData", "ClientToken", "DryRun")
    forwarded = {k: v for k, v in params.items() if k not in dropped}
    if forwarded.get("NetworkInterfaces"):
        forwarded.pop("SubnetId", None)
    reply = call.moto({**forwarded, **known})
    instances = [backend.get_instance(one["InstanceId"]) for one in reply["Instances"]]
    for index, instance in enumerate(instances):
        _complete(backend, instance, image, params, devices["volumes"], profile)
        instance.ami_launch_index, instance.reservation_id = index, reply["ReservationId"]
        backend.create_tags([instance.id], marks)
        interface_tags = support.tags_for(tags, "network-interface")
        if interface_tags:
            backend.create_tags([nic.id for nic in instance.nics.values()], interface_tags)
    image.last_launched = utcnow()
    network.refresh_firewall()
    lost = volume_keys.refusal(call, devices["keys"])
    for instance in instances:
        if lost:
            # EC2 tells no more than this; why, is to be found in the trail of calls to KMS.
            # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html
            print(f"{instance.id} ended at its launch: {lost}", file=sys.stderr, flush=True)
            lifecycle.refuse(instance, "Client.InternalError", "Client error on launch")
        else:
            lifecycle.launch(instance, image.layers)
    return _reply(reply, instances)


def _complete(
    backend: Any, instance: Any, image: Image, params: dict[str, Any], volumes: dict[str, dict[str, Any]], profile: Any
) -> None:
    """What moto does not take from the request, or takes otherwise than AWS."""
    states.put(instance, "pending", "pending", "pending")
    instance.architecture, instance.root_device_name = image.architecture, image.root_device_name
    instance.virtualization_type, instance.platform, instance.kernel_id = "hvm", None, None
    instance.ena_support, instance.platform_details, instance.usage_operation = True, "Linux/UNIX", "RunInstances"
    instance.client_token = params.get("ClientToken") or ""
    instance.disable_api_termination = bool(params.get("DisableApiTermination"))
    instance.user_data = Base64EncodedString(params["UserData"]) if params.get("UserData") else None
    key = backend.key_pairs.get(params.get("KeyName"))
    # Kept as it was at launch: a key pair that is deleted later (as Packer does) is still on the instance.
    instance.launch_key = (key.key_name, key.public_key) if key else None
    wanted = {n.get("DeviceIndex", 0): n for n in params.get("NetworkInterfaces") or []}
    for index, nic in instance.nics.items():
        given = wanted.get(index, {})
        if not given.get("NetworkInterfaceId"):
            nic.delete_on_termination = given.get("DeleteOnTermination", True)
    _own_groups(instance)
    options = instance.metadata_options
    if image.imds_support == "v2.0" and not (params.get("MetadataOptions") or {}).get("HttpTokens"):
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html#configure-IMDS-new-instances-ami-configuration
        options.http_tokens, options.http_put_response_hop_limit = "required", max(
            2, options.http_put_response_hop_limit
        )
    if profile is not None:
        backend.associate_iam_instance_profile(instance_id=instance.id, iam_instance_profile_arn=profile.arn)
    for device, details in volumes.items():
        attached = instance.block_device_mapping.get(device)
        volume = backend.volumes.get(attached.volume_id) if attached else None
        if volume is not None:
            volume.snapshot_id, volume.encrypted, volume.kms_key_id = (
                details["snapshot"], details["encrypted"], details["key"],
            )  # fmt: skip


def _own_groups(instance: Any) -> None:
    """The groups are the primary interface's; moto keeps them in two places and shows the union."""
    primary = instance.nics[0]
    if not instance.security_groups:
        instance.security_groups = list(primary.group_set)
    primary._group_set = []


def _devices(backend: Any, image: Image, given: list[dict[str, Any]]) -> dict[str, Any]:
    """The image's devices with the request's changes: for moto, and what moto cannot be told (others' snapshots)."""
    merged: dict[str, dict[str, Any]] = {}
    for m in image.mappings:
        key = encryption.of_volume(backend, image.ec2_backend.snapshots.get(m.snapshot))
        merged[m.device] = {"snapshot": m.snapshot, "size": m.size, "type": m.type, "delete": m.delete,
                            "encrypted": key is not None, "key": key}  # fmt: skip
    for one in given:
        name, ebs = one["DeviceName"], one.get("Ebs")
        if "NoDevice" in one:
            merged.pop(name, None)
            continue
        if ebs is None:
            continue  # an instance store volume: nitro types list theirs by themselves
        key = encryption.of_volume(backend, None)
        plain = {"snapshot": None, "size": 8, "type": "gp3", "delete": True, "encrypted": key is not None, "key": key}
        device = merged.setdefault(name, plain)
        device.update({
            target: ebs[source]
            for source, target in (("SnapshotId", "snapshot"), ("VolumeSize", "size"), ("VolumeType", "type"),
                                   ("DeleteOnTermination", "delete"))
            if source in ebs
        })  # fmt: skip
        if ebs.get("Encrypted") or ebs.get("KmsKeyId"):
            device["encrypted"] = True
            device["key"] = encryption.key_arn(backend, ebs.get("KmsKeyId"))
    return {
        "volumes": merged,
        "keys": [
            volume_keys.Volume(d["key"], _key_of(image, d["snapshot"]) or "") for d in merged.values() if d["encrypted"]
        ],
        "moto": [
            {"DeviceName": name, "Ebs": {"VolumeSize": d["size"], "VolumeType": d["type"],
                                         "DeleteOnTermination": d["delete"]}}
            for name, d in merged.items()
        ],
    }  # fmt: skip


def _key_of(image: Image, snapshot: str | None) -> str | None:
    found = image.ec2_backend.snapshots.get(snapshot)
    return found.kms_key_id if found is not None else None


def _reply(reply: dict[str, Any], instances: list[Any]) -> dict[str, Any]:
    """As AWS answers: pending, without a public address yet."""
    for shown, instance in zip(reply["Instances"], instances, strict=True):
        shown["State"] = states.described("pending")
        shown["StateReason"] = {"Code": "pending", "Message": "pending"}
        shown["PublicDnsName"] = ""
        shown.pop("PublicIpAddress", None)
        shown["AmiLaunchIndex"] = instance.ami_launch_index
        shown["Architecture"] = instance.architecture
        shown["RootDeviceName"] = instance.root_device_name
        shown["Tags"] = support.tag_list(instance.ec2_backend, instance.id)
        shown["SecurityGroups"] = [{"GroupId": g.id, "GroupName": g.name} for g in instance.security_groups]
    return reply
