"""createVolumePermission of snapshots, which who copies a shared image needs; moto shares what AWS does not,
and knows one of the two ways to say it.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.ec2 import encryption, support


@operation("ec2", "ModifySnapshotAttribute")
def modify_snapshot_attribute(call: Call) -> dict[str, Any]:
    params = call.params
    snapshot = support.backend_of(call.account, call.region).snapshots.get(params.get("SnapshotId"))
    if snapshot is None or params.get("Attribute", "createVolumePermission") != "createVolumePermission":
        return call.moto()
    given = params.get("CreateVolumePermission") or {}
    listed = [{"UserId": u} for u in params.get("UserIds") or []] + [
        {"Group": g} for g in params.get("GroupNames") or []
    ]
    removing = params.get("OperationType") == "remove"
    add = [*(given.get("Add") or []), *([] if removing else listed)]
    remove = [*(given.get("Remove") or []), *(listed if removing else [])]
    if add and encryption.is_managed(snapshot.kms_key_id):
        # From experience; no page has the words.
        raise AwsError("OperationNotPermitted", "Encrypted snapshots with EBS default key cannot be shared")
    if snapshot.encrypted and {"Group": "all"} in add:
        raise AwsError("OperationNotPermitted", "Encrypted snapshots cannot be shared publicly")
    support.end_dry_run(call)
    users, groups = snapshot.create_volume_permission_userids, snapshot.create_volume_permission_groups
    users |= {one["UserId"] for one in add if "UserId" in one}
    users -= {one["UserId"] for one in remove if "UserId" in one}
    groups |= {one["Group"] for one in add if "Group" in one}
    groups -= {one["Group"] for one in remove if "Group" in one}
    return {}


def open_to(snapshot: Any, account: str) -> bool:
    """Whether an account may make volumes and copies of a snapshot."""
    return (
        snapshot.owner_id == account
        or "all" in snapshot.create_volume_permission_groups
        or account in snapshot.create_volume_permission_userids
    )
