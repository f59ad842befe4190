"""AWS::S3::Bucket and AWS::S3::BucketPolicy."""

import json
import re

from botocore.exceptions import ClientError

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.s3.parts import PARTS
from rehearsal.services.cloudformation.handlers.shapes import text, truth
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list, as_map

_SITES = "buckets do not serve web sites here"
_REPORTS = "buckets make no reports here"


class BucketTags(TagCalls):
    """PutBucketTagging replaces all tags at once."""

    def update(self, resource: Resource, ctx: Context, physical_id: str, old: Model, new: Model) -> None:
        before, now = {**ctx.previous_tags, **as_map(old.get("Tags"))}, self.wanted(ctx, new)
        api = ctx.client("s3")
        told = _tags(api, physical_id)
        kept = {key: value for key, value in told.items() if key not in before or key in now}
        if {**kept, **now} == told:
            return
        if kept or now:
            api.put_bucket_tagging(Bucket=physical_id, Tagging={"TagSet": as_list({**kept, **now})})
        else:
            api.delete_bucket_tagging(Bucket=physical_id)


class Bucket(Resource):
    """Ref is the name. A bucket with objects or versions in it is not deleted: S3 says so in its own words.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
    """

    type_name = "AWS::S3::Bucket"
    service = "s3"
    tags = BucketTags(add="put_bucket_tagging", remove="delete_bucket_tagging", resource="Bucket")
    missing = ("404",)
    refused = {
        "AbacStatus": "access by tags is not evaluated for buckets here",
        "AccelerateConfiguration": "there are no edge locations here",
        "AnalyticsConfigurations": _REPORTS,
        "IntelligentTieringConfigurations": "objects have one tier here",
        "InventoryConfigurations": _REPORTS,
        "MetadataConfiguration": _REPORTS,
        "MetadataTableConfiguration": _REPORTS,
        "MetricsConfigurations": _REPORTS,
        "ReplicationConfiguration": "objects are not replicated here",
        "WebsiteConfiguration": _SITES,
    }

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("s3")
        name = _name(ctx, properties)
        arguments: Model = {}
        if ctx.region != "us-east-1":
            arguments["CreateBucketConfiguration"] = {"LocationConstraint": ctx.region}
        if "BucketNamespace" in properties:
            arguments["BucketNamespace"] = properties["BucketNamespace"]
        if truth(properties.get("ObjectLockEnabled", False)):
            arguments["ObjectLockEnabledForBucket"] = True
        if "OwnershipControls" in properties:
            arguments["ObjectOwnership"] = properties["OwnershipControls"]["Rules"][0]["ObjectOwnership"]
        api.create_bucket(Bucket=name, **arguments)
        ctx.created(name)
        for part in PARTS:
            if part.property in properties:
                part.set(api, name, properties[part.property])
        if "AccessControl" in properties:
            api.put_bucket_acl(Bucket=name, ACL=_canned(properties["AccessControl"]))
        wanted = self.tags.wanted(ctx, properties)
        if wanted:
            api.put_bucket_tagging(Bucket=name, Tagging={"TagSet": as_list(wanted)})
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("s3")
        for part in PARTS:
            if part.property in changed:
                part.set(api, physical_id, new.get(part.property))
        if "AccessControl" in changed:
            api.put_bucket_acl(Bucket=physical_id, ACL=_canned(new.get("AccessControl", "Private")))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("s3").delete_bucket(Bucket=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("s3")
        api.head_bucket(Bucket=physical_id)
        dash = f"s3-website-{ctx.region}.amazonaws.com"
        model: Model = {
            "BucketName": physical_id,
            "Arn": f"arn:{ctx.partition}:s3:::{physical_id}",
            "DomainName": f"{physical_id}.s3.amazonaws.com",
            "RegionalDomainName": f"{physical_id}.s3.{ctx.region}.amazonaws.com",
            "DualStackDomainName": f"{physical_id}.s3.dualstack.{ctx.region}.amazonaws.com",
            "WebsiteURL": f"http://{physical_id}.{dash}",
        }
        locked = {"ObjectLockEnabled", "ObjectLockConfiguration"} & properties.keys()
        for part in PARTS:
            if part.property == "ObjectLockConfiguration" and not locked:
                continue
            told = part.read(api, physical_id)
            if told is not None:
                model[part.property] = told
        if locked:
            model["ObjectLockEnabled"] = "ObjectLockConfiguration" in model
        model["Tags"] = as_list(_tags(api, physical_id))
        return model


def _name(ctx: Context, properties: Model) -> str:
    """Names in the account's own namespace end in account, region and `an`.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
    """
    if "BucketName" in properties:
        return properties["BucketName"]
    if "BucketNamePrefix" in properties:
        return f"{properties['BucketNamePrefix']}-{ctx.account}-{ctx.region}-an"
    return ctx.physical_name(63, lower=True)


def _canned(control: str) -> str:
    """AuthenticatedRead -> authenticated-read."""
    return re.sub(r"(?<!^)([A-Z])", r"-\1", control).lower()


def _tags(api: object, bucket: str) -> dict[str, str]:
    try:
        return as_map(api.get_bucket_tagging(Bucket=bucket)["TagSet"])  # type: ignore[attr-defined]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchTagSet":
            return {}
        raise


class BucketPolicy(Resource):
    """The physical id is the bucket's name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html
    """

    type_name = "AWS::S3::BucketPolicy"
    service = "s3"

    def make(self, ctx: Context, properties: Model) -> str:
        self._put(ctx, properties)
        return properties["Bucket"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        self._put(ctx, new)

    def _put(self, ctx: Context, properties: Model) -> None:
        document = text(properties["PolicyDocument"])
        ctx.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=document)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("s3").delete_bucket_policy(Bucket=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        policy = ctx.client("s3").get_bucket_policy(Bucket=physical_id)["Policy"]
        return {"Bucket": physical_id, "PolicyDocument": json.loads(policy)}
