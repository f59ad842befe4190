"""ListQueryLoggingConfigs answers for the zone that was asked for.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListQueryLoggingConfigs.html
"""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation


@operation("route53", "ListQueryLoggingConfigs")
def list_query_logging_configs(call: Call) -> dict[str, Any]:
    backend = get_backend("route53")[call.account]["aws"]
    wanted = str(call.params.get("HostedZoneId", "")).rpartition("/")[2]
    if wanted and wanted not in {zone.rpartition("/")[2] for zone in backend.zones}:
        raise AwsError("NoSuchHostedZone", f"No hosted zone found with ID: {wanted}", 404)
    return {
        "QueryLoggingConfigs": [
            {
                "Id": item.id,
                "HostedZoneId": item.hosted_zone_id,
                "CloudWatchLogsLogGroupArn": item.cloud_watch_logs_log_group_arn,
            }
            for item in backend.query_logging_configs.values()
            if not wanted or item.hosted_zone_id.rpartition("/")[2] == wanted
        ]
    }
