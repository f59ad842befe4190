"""Elastic Container Registry: AWS::ECR::Repository."""

import json

from botocore.exceptions import ClientError

from rehearsal.services.cloudformation.handler import Context, Model
from rehearsal.services.cloudformation.handlers.base import Resource
from rehearsal.services.cloudformation.handlers.shapes import text, truth
from rehearsal.services.cloudformation.handlers.tags import TagCalls, as_list, attribute


class Repository(Resource):
    """Ref is the name. With images in it, ECR refuses the deletion unless EmptyOnDelete.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
    """

    type_name = "AWS::ECR::Repository"
    service = "ecr"
    tags = TagCalls(
        add="tag_resource", remove="untag_resource", resource="resourceArn", tags="tags", keys="tagKeys",
        identify=attribute("Arn"),
    )  # fmt: skip
    refused = {"ImageTagMutabilityExclusionFilters": "tags are mutable or not, all of them"}

    def make(self, ctx: Context, properties: Model) -> str:
        api = ctx.client("ecr")
        name = properties.get("RepositoryName") or ctx.physical_name(256, r"a-z0-9._/-", lower=True)
        own = ("EncryptionConfiguration", "ImageScanningConfiguration", "ImageTagMutability")
        tags = self.tags.wanted(ctx, properties)
        api.create_repository(
            repositoryName=name,
            **self.args("create_repository", properties, *own),
            **({"tags": as_list(tags)} if tags else {}),
        )
        ctx.created(name)
        self._policies(ctx, name, properties, properties.keys())
        return name

    def change(self, ctx: Context, physical_id: str, old: Model, new: Model, changed: frozenset[str]) -> None:
        api = ctx.client("ecr")
        if "ImageTagMutability" in changed:
            api.put_image_tag_mutability(
                repositoryName=physical_id, imageTagMutability=new.get("ImageTagMutability", "MUTABLE")
            )
        if "ImageScanningConfiguration" in changed:
            scan = truth(new.get("ImageScanningConfiguration", {}).get("ScanOnPush", False))
            api.put_image_scanning_configuration(
                repositoryName=physical_id, imageScanningConfiguration={"scanOnPush": scan}
            )
        self._policies(ctx, physical_id, new, changed)

    def _policies(self, ctx: Context, name: str, properties: Model, among: object) -> None:
        api = ctx.client("ecr")
        if "LifecyclePolicy" in among:  # type: ignore[operator]
            given = properties.get("LifecyclePolicy", {}).get("LifecyclePolicyText")
            if given:
                api.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=text(given))
            else:
                api.delete_lifecycle_policy(repositoryName=name)
        if "RepositoryPolicyText" in among:  # type: ignore[operator]
            if "RepositoryPolicyText" in properties:
                api.set_repository_policy(repositoryName=name, policyText=text(properties["RepositoryPolicyText"]))
            else:
                api.delete_repository_policy(repositoryName=name)

    def remove(self, ctx: Context, physical_id: str, properties: Model) -> None:
        force = truth(properties.get("EmptyOnDelete", False))
        ctx.client("ecr").delete_repository(repositoryName=physical_id, force=force)

    def describe(self, ctx: Context, physical_id: str, properties: Model) -> Model | None:
        api = ctx.client("ecr")
        found = api.describe_repositories(repositoryNames=[physical_id])["repositories"][0]
        model = {**self.model(found), "Arn": found["repositoryArn"]}
        lifecycle = _or_none(api.get_lifecycle_policy, physical_id, "lifecyclePolicyText")
        policy = _or_none(api.get_repository_policy, physical_id, "policyText")
        if lifecycle:
            model["LifecyclePolicy"] = {"LifecyclePolicyText": lifecycle}
        if policy:
            model["RepositoryPolicyText"] = json.loads(policy)
        model["Tags"] = api.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"]
        return model


def _or_none(operation: object, repository: str, member: str) -> str | None:
    try:
        return operation(repositoryName=repository)[member]  # type: ignore[operator]
    except ClientError as error:
        if error.response["Error"]["Code"].endswith("PolicyNotFoundException"):
            return None
        raise


HANDLERS = (Repository(),)
