"""What can be seen of an instance from outside: console and status checks."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from moto.core.utils import utcnow

from rehearsal.kernel import tasks
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.machines import guest
from rehearsal.services.ec2 import instance_operations, support

CONSOLE_BYTES = 64 * 1024
# Seconds until AWS's first status checks are done. Its pages say "a few minutes" only.
FIRST_CHECK = 60


@operation("ec2", "GetConsoleOutput")
def get_console_output(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html: the last 64 KB, in base64."""
    identifier = call.params.get("InstanceId")
    call.params["InstanceIds"] = [identifier] if identifier else []
    (instance,) = instance_operations.instances(call)
    support.end_dry_run(call)
    file = guest.console(instance.id)
    if not file.exists():
        return {"InstanceId": instance.id, "Timestamp": utcnow()}
    text = file.read_bytes().replace(b"\r\n", b"\n")[-CONSOLE_BYTES:]
    return {
        "InstanceId": instance.id,
        "Output": base64.b64encode(text).decode(),
        "Timestamp": datetime.fromtimestamp(file.stat().st_mtime, UTC),
    }


@operation("ec2", "DescribeInstanceStatus")
def describe_instance_status(call: Call) -> dict[str, Any]:
    """moto's answer, but for an instance that just booted: its checks are not done yet.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html
    """
    if call.params.get("InstanceIds"):
        instance_operations.instances(call)
    if call.params.get("MaxResults") and call.params.get("InstanceIds"):
        raise AwsError(
            "InvalidParameterCombination",
            "The parameter instancesSet cannot be used with the parameter maxResults",
        )
    shown = call.moto({k: v for k, v in call.params.items() if k not in ("MaxResults", "NextToken")})
    statuses, token = support.page(call, shown.get("InstanceStatuses", []))
    known = {i.id: i for i in support.backend_of(call.account, call.region).all_instances()}
    for status in statuses:
        since = getattr(known.get(status["InstanceId"]), "running_since", None)
        young = since is not None and (utcnow() - since).total_seconds() * tasks.speed() < FIRST_CHECK
        if status["InstanceState"]["Name"] == "running" and young:
            checks = {"Details": [{"Name": "reachability", "Status": "initializing"}], "Status": "initializing"}
            status["InstanceStatus"] = status["SystemStatus"] = checks
    return {"InstanceStatuses": statuses, **({"NextToken": token} if token else {})}
