"""GetServiceQuota and its like. Nothing is ever raised here: an account has what a new one has.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
"""

from __future__ import annotations

from typing import Any

from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError
from rehearsal.kernel.operations import operation
from rehearsal.services.quotas import table


@operation("service-quotas", "GetServiceQuota", "GetAWSDefaultServiceQuota")
def get_quota(call: Call) -> dict[str, Any]:
    service = call.params["ServiceCode"]
    if service not in table.SERVICES:
        return call.moto()
    found = next((q for q in table.ALL if (q.service, q.code) == (service, call.params["QuotaCode"])), None)
    if found is None:
        raise AwsError("NoSuchResourceException", "The request failed because the specified service does not exist.")
    return {"Quota": _described(call, found)}


@operation("service-quotas", "ListServiceQuotas", "ListAWSDefaultServiceQuotas")
def list_quotas(call: Call) -> dict[str, Any]:
    """In one page: there are few."""
    service = call.params["ServiceCode"]
    if service not in table.SERVICES:
        return call.moto()
    wanted = call.params.get("QuotaCode")
    found = [q for q in table.ALL if q.service == service and wanted in (None, q.code)]
    return {"Quotas": [_described(call, quota) for quota in found]}


def _described(call: Call, quota: table.Quota) -> dict[str, Any]:
    account = "" if "Default" in call.operation else call.account
    return {
        "ServiceCode": quota.service,
        "ServiceName": table.SERVICES[quota.service],
        "QuotaArn": f"arn:aws:servicequotas:{call.region}:{account}:{quota.service}/{quota.code}",
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "Value": float(quota.value),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
