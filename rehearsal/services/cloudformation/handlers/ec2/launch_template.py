"""AWS::EC2::LaunchTemplate and AWS::EC2::KeyPair."""

from dataclasses import replace
from typing import Any

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.ec2.common import Ec2Resource, only
from rehearsal.services.cloudformation.handlers.tags import EC2_TAGS, as_list, as_map

_KEY_PARAMETERS = "/ec2/keypair/"


class LaunchTemplate(Resource):
    """Ref is the id. An update makes a new version; the default version is nobody's but the user's.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-launchtemplate.html
    """

    type_name = "AWS::EC2::LaunchTemplate"
    service = "ec2"
    missing = ("InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.NotFoundException")

    def make(self, ctx: Context, properties: Model) -> str:
        wanted = {"LaunchTemplateName": ctx.physical_name(128, r"A-Za-z0-9().\-/_"), **properties}
        reply = ctx.client("ec2").create_launch_template(
            **self.args("create_launch_template", wanted), ClientToken=ctx.token
        )
        return reply["LaunchTemplate"]["LaunchTemplateId"]

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("ec2")
        if changed & {"LaunchTemplateData", "VersionDescription"}:
            arguments = self.args("create_launch_template_version", new, "LaunchTemplateData", "VersionDescription")
            api.create_launch_template_version(LaunchTemplateId=physical_id, ClientToken=ctx.token, **arguments)
        if "TagSpecifications" in changed:
            before, after = _tags(old), _tags(new)
            gone = [{"Key": key} for key in before if key not in after]
            if gone:
                api.delete_tags(Resources=[physical_id], Tags=gone)
            if after:
                api.create_tags(Resources=[physical_id], Tags=as_list(after))

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        ctx.client("ec2").delete_launch_template(LaunchTemplateId=physical_id)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        reply = ctx.client("ec2").describe_launch_templates(LaunchTemplateIds=[physical_id])
        found = only(reply, "LaunchTemplates")
        return found and self.model(found)


def _tags(properties: Model) -> dict[str, str]:
    specifications = properties.get("TagSpecifications", [])
    return {key: value for item in specifications for key, value in as_map(item.get("Tags")).items()}


class KeyPair(Ec2Resource):
    """Ref is the name. A pair that EC2 makes leaves its private key in Parameter Store.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-keypair.html
    """

    type_name = "AWS::EC2::KeyPair"
    kind = "key-pair"
    tags = replace(EC2_TAGS, updatable=False)
    missing = ("InvalidKeyPair.NotFound",)

    def make(self, ctx: Context, properties: Model) -> str:
        api, name = ctx.client("ec2"), properties["KeyName"]
        tags = self.specification(ctx, properties)
        if "PublicKeyMaterial" in properties:
            material = properties["PublicKeyMaterial"].encode()
            api.import_key_pair(KeyName=name, PublicKeyMaterial=material, **tags)
            return name
        made = api.create_key_pair(
            **self.args("create_key_pair", properties, "KeyName", "KeyType", "KeyFormat"), **tags
        )
        ctx.created(name)
        ctx.client("ssm").put_parameter(
            Name=_KEY_PARAMETERS + made["KeyPairId"], Value=made["KeyMaterial"], Type="SecureString"
        )
        return name

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        found = self._find(ctx, physical_id)
        if not found:
            return
        ctx.client("ec2").delete_key_pair(KeyName=physical_id)
        if "PublicKeyMaterial" not in properties:
            ctx.client("ssm").delete_parameter(Name=_KEY_PARAMETERS + found["KeyPairId"])

    def _find(self, ctx: Context, name: str) -> dict[str, Any] | None:
        return only(ctx.client("ec2").describe_key_pairs(KeyNames=[name], IncludePublicKey=True), "KeyPairs")

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        found = self._find(ctx, physical_id)
        return found and self.model({**found, "PublicKeyMaterial": found.get("PublicKey")})
