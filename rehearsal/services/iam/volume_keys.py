"""Whether who launches an instance may use the keys of its volumes, which EC2 does in the launcher's name.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html#ebs-encryption-permissions
https://docs.aws.amazon.com/kms/latest/developerguide/services-ebs.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.identity import Principal
from rehearsal.services.iam import authorize, keys, owners


@dataclass(frozen=True)
class Volume:
    """An encrypted volume's key, and that of the snapshot it is made from ("" for none): ARNs."""

    key: str
    origin: str


def refusal(call: Call, volumes: list[Volume]) -> str:
    """Why a launch cannot use a key; "" if it can."""
    for volume in volumes:
        for key in (volume.key, volume.origin):
            lost = key and unusable(call, key)
            if lost:
                return lost
    if call.principal.service == "autoscaling.amazonaws.com":
        call = replace(call, principal=_auto_scaling(call))
    who = call.principal
    through = {"kms:viaservice": [f"ec2.{call.region}.amazonaws.com"], "kms:grantisforawsresource": ["true"]}
    try:
        for volume in volumes:
            for action, key in _uses(volume):
                if who.restricted or owners.abroad(who, key):
                    authorize.may(call, action, key, through)
    except AwsError as error:
        return error.message
    return ""


def unusable(call: Call, arn: str) -> str:
    """Whoever asks: a key that is not enabled decrypts nothing.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
    """
    key = keys.find(call.account, call.region, arn)
    if key is None:
        return f"Key '{arn}' does not exist"
    return "" if key.key_state == "Enabled" else f"{arn} is {key.key_state}."


def _uses(volume: Volume) -> Iterator[tuple[str, str]]:
    yield "kms:DescribeKey", volume.key
    if volume.origin in ("", volume.key):
        yield "kms:GenerateDataKeyWithoutPlaintext", volume.key
    else:
        yield "kms:ReEncryptFrom", volume.origin
        yield "kms:ReEncryptTo", volume.key
    yield "kms:CreateGrant", volume.key
    yield "kms:Decrypt", volume.key


def _auto_scaling(call: Call) -> Principal:
    """Auto Scaling launches under its service-linked role, which has no rights on keys but those a key's policy gives.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
    """
    name = "AWSServiceRoleForAutoScaling"
    role = f"arn:aws:iam::{call.account}:role/aws-service-role/autoscaling.amazonaws.com/{name}"
    session = f"arn:aws:sts::{call.account}:assumed-role/{name}/AutoScaling"
    return Principal(session, "assumed-role", call.account, role_arn=role, session="AutoScaling")
