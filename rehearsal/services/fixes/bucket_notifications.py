"""GetBucketNotificationConfiguration tells that EventBridge is on, as it was set.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
"""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend

from rehearsal.kernel.call import Call
from rehearsal.kernel.operations import operation


@operation("s3", "GetBucketNotificationConfiguration")
def get_bucket_notification_configuration(call: Call) -> dict[str, Any]:
    told = call.moto()
    bucket = get_backend("s3")[call.account]["aws"].buckets.get(call.params["Bucket"])
    configuration = getattr(bucket, "notification_configuration", None)
    if configuration is not None and configuration.event_bridge is not None:
        told["EventBridgeConfiguration"] = {}
    return told
