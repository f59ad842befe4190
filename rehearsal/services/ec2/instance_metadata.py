"""What the metadata service tells an instance, read from EC2's state at each question."""

from __future__ import annotations

import base64
from typing import Any

from rehearsal.kernel import clients
from rehearsal.machines.metadata import Metadata
from rehearsal.services.ec2 import support


def describe(instance: Any) -> Metadata:
    """@raises KeyError for an instance that has lost its interface (it is being terminated)."""
    backend = instance.ec2_backend
    interface = instance.nics[0]
    subnet = interface.subnet
    options = instance.metadata_options
    profile = _profile(backend, instance)
    key = backend.key_pairs.get(instance.key_name) if instance.key_name else None
    return Metadata(
        instance_id=instance.id,
        image_id=instance.image_id,
        instance_type=instance.instance_type,
        architecture=instance.architecture,
        account=backend.account_id,
        region=backend.region_name,
        zone=subnet.availability_zone,
        ip=interface.private_ip_address,
        mac=interface.mac_address,
        hostname=instance.private_dns_name,
        launched=instance.launch_time,
        reservation_id=getattr(instance, "reservation_id", ""),
        launch_index=instance.ami_launch_index,
        public_ip=interface.public_ip,
        public_hostname=instance.public_dns_name or "",
        interface_id=interface.id,
        vpc_id=subnet.vpc_id,
        vpc_cidr=backend.get_vpc(subnet.vpc_id).cidr_block,
        subnet_id=subnet.id,
        subnet_cidr=subnet.cidr_block,
        groups=tuple((group.id, group.name) for group in interface.group_set),
        key=getattr(instance, "launch_key", None) or ((key.key_name, key.public_key) if key else None),
        user_data=base64.b64decode(str(instance.user_data)) if instance.user_data else None,
        profile=(profile.arn, profile.id, profile.roles[0].name if profile.roles else "") if profile else None,
        credentials=_credentials(instance, profile),
        tags={tag["Key"]: tag["Value"] for tag in support.tag_list(backend, instance.id)},
        http_tokens=options.http_tokens or "optional",
        http_endpoint=options.http_endpoint or "enabled",
        hop_limit=options.http_put_response_hop_limit or 1,
        tags_enabled=options.instance_metadata_tags == "enabled",
    )


def _profile(backend: Any, instance: Any) -> Any:
    association = backend.iam_instance_profile_associations.get(instance.id)
    return association.iam_instance_profile if association else None


def _credentials(instance: Any, profile: Any) -> Any:
    if profile is None or not profile.roles:
        return None
    role = profile.roles[0].arn
    # The session is named after the instance, as CloudTrail shows it.
    return lambda: clients.role_credentials(role, instance.id, "ec2.amazonaws.com")
