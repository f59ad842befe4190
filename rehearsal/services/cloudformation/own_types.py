"""Resource types that live in CloudFormation itself: wait conditions.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-waitcondition.html
"""

from __future__ import annotations

import json
import time
from urllib.parse import quote, unquote

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.backends import get_backend

from rehearsal.kernel import clients, identity
from rehearsal.services.cloudformation import limits
from rehearsal.services.cloudformation.handler import Context, Handler, Model, Signal
from rehearsal.services.cloudformation.handler_errors import Refused

# The bucket that signals are put into belongs to CloudFormation, not to the caller: it stands in an account of its own,
# which is why it is made in moto's store and not through the API.
_ACCOUNT = "333333333333"
_SERVICE = clients.Service("cloudformation.amazonaws.com")


def _bucket(region: str) -> str:
    return f"cloudformation-waitcondition-{region}"


def _reachable() -> str:
    """The address under which instances see this endpoint, where there are instances."""
    from rehearsal.machines import network

    return network.endpoint_url() if network.available()[0] else clients.endpoint()


def _presigned(url: str, region: str) -> str:
    """A PUT by anybody for a day. boto3 would still use the old signature here, which names no region."""
    who = identity.service_principal(_SERVICE.name)
    request = AWSRequest(method="PUT", url=url)
    S3SigV4QueryAuth(Credentials(who.access_key, "service"), "s3", region, expires=86400).add_auth(request)
    return str(request.url)


def _prepare(region: str) -> None:
    store, bucket = get_backend("s3")[_ACCOUNT]["aws"], _bucket(region)
    if bucket not in store.buckets:
        store.create_bucket(bucket, region)
        # Versions keep every signal that was put under the handle's one key.
        store.put_bucket_versioning(bucket, "Enabled")


class WaitConditionHandle(Handler):
    type_name = "AWS::CloudFormation::WaitConditionHandle"

    def create(self, ctx: Context, properties: Model) -> str:
        _prepare(ctx.region)
        key = f"{ctx.stack_id}/{ctx.logical_id}-{ctx.token[:8]}"
        return _presigned(f"{_reachable()}/{_bucket(ctx.region)}/{quote(key)}", ctx.region)

    def update(self, ctx: Context, physical_id: str, old: Model, new: Model) -> str:
        return physical_id

    def delete(self, ctx: Context, physical_id: str, properties: Model) -> None:
        return None

    def read(self, ctx: Context, physical_id: str, properties: Model) -> Model:
        return {}


class WaitCondition(Handler):
    type_name = "AWS::CloudFormation::WaitCondition"

    def create(self, ctx: Context, properties: Model) -> str:
        count = int(properties.get("Count", 1))
        until = limits.deadline(float(properties.get("Timeout", 0)))
        physical_id = f"{ctx.stack_id}/{ctx.token[:8]}/{ctx.logical_id}"
        ctx.created(physical_id)
        while True:
            got = _received(ctx, properties)
            failed = next((s for s in got if s.status != "SUCCESS"), None)
            if failed:
                raise Refused(
                    f"WaitCondition received failed message: '{failed.reason}' for uniqueId: {failed.unique_id}"
                )
            if len({s.unique_id for s in got}) >= count:
                return physical_id
            if time.monotonic() > until:
                raise Refused(f"WaitCondition timed out. Received {len(got)} conditions when expecting {count}")
            ctx.real_sleep(0.3)

    def update(self, ctx: Context, physical_id: str, old: Model, new: Model) -> str:
        raise Refused("Update not supported for resource type AWS::CloudFormation::WaitCondition")

    def delete(self, ctx: Context, physical_id: str, properties: Model) -> None:
        return None

    def read(self, ctx: Context, physical_id: str, properties: Model) -> Model:
        data = {s.unique_id: s.data for s in _received(ctx, properties)}
        return {"Data": json.dumps(data, separators=(",", ":"))}


def _received(ctx: Context, properties: Model) -> list[Signal]:
    """By SignalResource, or put to the handle's URL."""
    found = {signal.unique_id: signal for signal in ctx.signals()}
    handle = properties.get("Handle", "")
    bucket = _bucket(ctx.region)
    if f"/{bucket}/" in handle:
        key = unquote(handle.split(f"/{bucket}/", 1)[1].split("?", 1)[0])
        client = clients.client("s3", ctx.region, principal=_SERVICE)
        versions = client.list_object_versions(Bucket=bucket, Prefix=key).get("Versions", [])
        for version in reversed(versions):
            body = client.get_object(Bucket=bucket, Key=key, VersionId=version["VersionId"])["Body"].read()
            said = _signal(body)
            if said:
                found[said.unique_id] = said
    return list(found.values())


def _signal(body: bytes) -> Signal | None:
    try:
        said = json.loads(body)
        return Signal(
            str(said["UniqueId"]), str(said["Status"]), str(said.get("Data", "")), str(said.get("Reason", ""))
        )
    except (ValueError, KeyError, TypeError):
        return None


_TYPES: dict[str, Handler] = {h.type_name: h for h in (WaitConditionHandle(), WaitCondition())}


def find(type_name: str) -> Handler | None:
    return _TYPES.get(type_name)
