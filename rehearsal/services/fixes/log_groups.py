"""Log groups' keys and classes, and metric filters that are put again under their name.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
"""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend
from moto.logs.metric_filters import MetricFilters

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation


def _group(call: Call) -> Any:
    name = call.params.get("logGroupName") or str(call.params.get("resourceIdentifier", "")).rpartition(":")[2]
    group = get_backend("logs")[call.account][call.region].groups.get(name)
    if group is None:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return group


@operation("logs", "AssociateKmsKey")
def associate_kms_key(call: Call) -> dict[str, Any]:
    _group(call).kms_key_id = call.params["kmsKeyId"]
    return {}


@operation("logs", "DisassociateKmsKey")
def disassociate_kms_key(call: Call) -> dict[str, Any]:
    _group(call).kms_key_id = None
    return {}


@operation("logs", "CreateLogGroup")
def create_log_group(call: Call) -> dict[str, Any]:
    call.moto()
    _group(call).log_group_class = call.params.get("logGroupClass", "STANDARD")
    return {}


@operation("logs", "DescribeLogGroups")
def describe_log_groups(call: Call) -> dict[str, Any]:
    told = call.moto()
    known = get_backend("logs")[call.account][call.region].groups
    for group in told["logGroups"]:
        group["logGroupClass"] = getattr(known.get(group["logGroupName"]), "log_group_class", "STANDARD")
    return told


_add = MetricFilters.add_filter


def _put(self: MetricFilters, filter_name: str, filter_pattern: str, log_group_name: str, transformations: str) -> None:
    """A filter's name is its identity in its group; moto keeps both."""
    self.metric_filters[:] = [
        item
        for item in self.metric_filters
        if (item["filterName"], item["logGroupName"]) != (filter_name, log_group_name)
    ]
    _add(self, filter_name, filter_pattern, log_group_name, transformations)


def apply() -> None:
    MetricFilters.add_filter = _put  # type: ignore[method-assign]
