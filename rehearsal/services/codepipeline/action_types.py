"""The action providers that really run here, with what AWS allows them.

https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html (artifact numbers)
https://docs.aws.amazon.com/codepipeline/latest/userguide/structure-configuration-examples.html (configurations)
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActionType:
    category: str
    provider: str
    inputs: tuple[int, int]
    outputs: tuple[int, int]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    owner: str = "AWS"
    version: str = "1"


KNOWN = (
    ActionType(
        "Source", "S3", (0, 0), (1, 1), ("S3Bucket", "S3ObjectKey"),
        ("PollForSourceChanges", "AllowOverrideForS3ObjectKey"),
    ),
    ActionType(
        "Build", "CodeBuild", (1, 5), (0, 5), ("ProjectName",),
        ("PrimarySource", "BatchEnabled", "BuildspecOverride", "CombineArtifacts", "EnvironmentVariables"),
    ),
    ActionType(
        "Test", "CodeBuild", (1, 5), (0, 5), ("ProjectName",),
        ("PrimarySource", "BatchEnabled", "BuildspecOverride", "CombineArtifacts", "EnvironmentVariables"),
    ),
    ActionType(
        "Deploy", "CloudFormation", (0, 10), (0, 1), ("ActionMode", "StackName"),
        ("Capabilities", "ChangeSetName", "OutputFileName", "ParameterOverrides", "RoleArn", "TemplateConfiguration",
         "TemplatePath"),
    ),
    ActionType(
        "Approval", "Manual", (0, 0), (0, 0), (), ("CustomData", "ExternalEntityLink", "NotificationArn"),
    ),
)  # fmt: skip

# Providers that AWS has and the rehearsal has not: a pipeline with one is NotImplemented, not invalid.
# https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-valid-providers.html
ELSEWHERE = {
    "CodeStarSourceConnection", "CodeCommit", "ECR", "GitHub", "Jenkins", "CodeDeploy", "CodeDeployToECS", "ECS",
    "ElasticBeanstalk", "AppConfig", "OpsWorks", "ServiceCatalog", "CloudFormationStackSet",
    "CloudFormationStackInstances", "AlexaSkillsKit", "Lambda", "StepFunctions", "DeviceFarm", "ECRBuildAndPublish",
    "Commands", "InspectorScan", "EC2", "EKS", "CodePipeline",
}  # fmt: skip


def find(category: str, owner: str, provider: str, version: str) -> ActionType | None:
    wanted = (category, owner, provider, version)
    return next((t for t in KNOWN if (t.category, t.owner, t.provider, t.version) == wanted), None)
