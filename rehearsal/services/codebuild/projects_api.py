"""Build projects. https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html"""

from __future__ import annotations

import re
import uuid
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.kernel import clients
from rehearsal.kernel.call import Call
from rehearsal.kernel.errors import AwsError, NotImplementedByRehearsal
from rehearsal.kernel.operations import operation
from rehearsal.kernel.paging import page
from rehearsal.services.codebuild import limits, store
from rehearsal.services.codebuild.store import Project
from rehearsal.services.iam import resource_tags
from rehearsal.services.iam.tag_forms import Resource, as_map

SERVICE = "codebuild.amazonaws.com"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_]{1,149}")
_FIELDS = (
    "name", "description", "source", "secondarySources", "sourceVersion", "secondarySourceVersions", "artifacts",
    "secondaryArtifacts", "cache", "environment", "serviceRole", "timeoutInMinutes", "queuedTimeoutInMinutes",
    "encryptionKey", "tags", "vpcConfig", "logsConfig", "fileSystemLocations", "buildBatchConfig",
    "concurrentBuildLimit", "autoRetryLimit",
)  # fmt: skip
_RANGES = {"timeoutInMinutes": (5, 2160), "queuedTimeoutInMinutes": (5, 480)}


def invalid(message: str) -> AwsError:
    return AwsError("InvalidInputException", message)


def arn_of(call: Call, name: str) -> str:
    return f"arn:aws:codebuild:{call.region}:{call.account}:project/{name}"


@resource_tags.read_by("codebuild")
def tags_of(one: Resource) -> dict[str, str]:
    project = store.place(one.account, one.region).projects.get(one.last)
    return as_map(project.data.get("tags")) if project is not None and one.rest.startswith("project/") else {}


def find(call: Call, name: str) -> Project:
    """A project by name or ARN. @raises AwsError ResourceNotFoundException."""
    short = name.rsplit(":project/", 1)[-1]
    project = store.of(call).projects.get(short)
    if project is None:
        raise AwsError("ResourceNotFoundException", f"Project cannot be found: {arn_of(call, short)}")
    return project


@operation("codebuild", "CreateProject")
def create_project(call: Call) -> dict[str, Any]:
    wanted, place = call.params, store.of(call)
    name = wanted.get("name", "")
    if not _NAME.fullmatch(name):
        raise invalid("Project name is invalid: only letters, numbers, dashes and underscores, 2 to 150 characters")
    if name in place.projects:
        raise AwsError("ResourceAlreadyExistsException", f"Project already exists: {arn_of(call, name)}")
    for needed in ("source", "artifacts", "environment", "serviceRole"):
        if not wanted.get(needed):
            raise invalid(f"{needed} is required")
    created = store.now()
    data = {
        "timeoutInMinutes": 60,
        "queuedTimeoutInMinutes": 480,
        "encryptionKey": f"arn:aws:kms:{call.region}:{call.account}:alias/aws/s3",
        "cache": {"type": "NO_CACHE"},
        "secondarySources": [],
        "secondarySourceVersions": [],
        "secondaryArtifacts": [],
        "tags": [],
        "badge": {"badgeEnabled": False},
        "projectVisibility": "PRIVATE",
        **{field: wanted[field] for field in _FIELDS if wanted.get(field) is not None},
        "arn": arn_of(call, name),
        "created": created,
        "lastModified": created,
    }
    _check(call, data)
    with store.lock:
        place.projects[name] = Project(data, str(uuid.uuid4()))
    return {"project": data}


@operation("codebuild", "UpdateProject")
def update_project(call: Call) -> dict[str, Any]:
    project = find(call, call.params.get("name", ""))
    changed = {f: call.params[f] for f in _FIELDS if f != "name" and call.params.get(f) is not None}
    data = {**project.data, **changed, "lastModified": store.now()}
    # An empty configuration takes the project out of its VPC; a limit of -1 takes the limit away.
    # https://docs.aws.amazon.com/codebuild/latest/APIReference/API_UpdateProject.html
    if not (data.get("vpcConfig") or {"vpcId": ""}).get("vpcId"):
        data.pop("vpcConfig", None)
    if data.get("concurrentBuildLimit") == -1:
        del data["concurrentBuildLimit"]
    _check(call, data)
    project.data = data
    return {"project": data}


def _check(call: Call, data: dict[str, Any]) -> None:
    """@raises AwsError InvalidInputException."""
    for field, (low, high) in _RANGES.items():
        if not low <= data[field] <= high:
            raise invalid(f"Invalid {field}: must be between {low} and {high}")
    # As AWS words it, seen in https://github.com/hashicorp/terraform-provider-aws/pull/37748
    if data.get("concurrentBuildLimit", 0) > limits.BUILDS:
        raise invalid(
            "Project-level concurrent build limit cannot exceed the account-level concurrent build limit of "
            f"{limits.BUILDS}."
        )
    _check_source(data["source"], "source")
    names = [source.get("sourceIdentifier", "") for source in data["secondarySources"]]
    for source in data["secondarySources"]:
        if not re.fullmatch(r"[A-Za-z0-9_]{1,127}", source.get("sourceIdentifier", "")):
            raise invalid(
                "Source identifier is required for secondary sources: alphanumeric characters and underscores"
            )
        _check_source(source, "secondary source")
    if len(set(names)) != len(names):
        raise invalid("Source identifiers must be unique")
    _check_artifacts(data)
    if data["environment"]["type"] not in ("LINUX_CONTAINER", "ARM_CONTAINER", "LINUX_EC2", "ARM_EC2"):
        raise NotImplementedByRehearsal("codebuild", call.operation, f"environment {data['environment']['type']}")
    refuse_cache(call, data["cache"])
    variables = [v["name"] for v in data["environment"].get("environmentVariables", [])]
    twice = sorted({name for name in variables if variables.count(name) > 1})
    if twice:
        raise invalid(f"Duplicate environment variable: {twice[0]}")
    vpc = data.get("vpcConfig") or {}
    if vpc.get("vpcId") and not (vpc.get("subnets") and vpc.get("securityGroupIds")):
        raise invalid("Invalid vpc config: the VPC ID, subnets, and security group IDs are all required")
    _check_role(call, data["serviceRole"])


def refuse_cache(call: Call, cache: dict[str, Any]) -> None:
    """@raises NotImplementedByRehearsal."""
    if cache["type"] != "NO_CACHE":
        raise NotImplementedByRehearsal("codebuild", call.operation, f"cache {cache['type']}")


def _check_source(source: dict[str, Any], what: str) -> None:
    if source["type"] == "S3" and not source.get("location"):
        raise invalid(f"Invalid project {what}: location must be a valid S3 source")
    inline = "\n" in source.get("buildspec", "") or source.get("buildspec", "").startswith("{")
    # Without a source there is no file that a path could name.
    if source["type"] == "NO_SOURCE" and what == "source" and not inline:
        raise invalid("Invalid project source: for NO_SOURCE, buildspec must be provided inline as YAML")


def _check_artifacts(data: dict[str, Any]) -> None:
    if (data["source"]["type"] == "CODEPIPELINE") != (data["artifacts"]["type"] == "CODEPIPELINE"):
        raise invalid(
            "Invalid artifacts: artifact type CODEPIPELINE goes with source type CODEPIPELINE, and only with it"
        )
    for artifact in [data["artifacts"], *data["secondaryArtifacts"]]:
        if artifact["type"] == "S3" and not artifact.get("location"):
            raise invalid("Invalid artifacts: S3 artifacts need a location")


def _check_role(call: Call, role: str) -> None:
    arn = role if role.startswith("arn:") else f"arn:aws:iam::{call.account}:role/{role}"
    try:
        clients.role_credentials(arn, "AWSCodeBuild", SERVICE)
    except ClientError as error:
        raise invalid(
            "CodeBuild is not authorized to perform: sts:AssumeRole on service role. Please verify that: 1) The "
            "provided service role exists, 2) The role name is case-sensitive and matches exactly, and 3) The role has "
            "the necessary trust policy configured"
        ) from error


@operation("codebuild", "DeleteProject")
def delete_project(call: Call) -> dict[str, Any]:
    """A project that is not there is no error, and its builds stay readable."""
    with store.lock:
        store.of(call).projects.pop(call.params.get("name", "").rsplit(":project/", 1)[-1], None)
    return {}


@operation("codebuild", "BatchGetProjects")
def batch_get_projects(call: Call) -> dict[str, Any]:
    names = call.params.get("names", [])
    if not 1 <= len(names) <= 100:
        raise invalid("Invalid project names: between 1 and 100 names are allowed")
    projects = store.of(call).projects
    short = {name: name.rsplit(":project/", 1)[-1] for name in names}
    return {
        "projects": [projects[s].data for s in dict.fromkeys(short.values()) if s in projects],
        "projectsNotFound": [name for name, s in short.items() if s not in projects],
    }


@operation("codebuild", "ListProjects")
def list_projects(call: Call) -> dict[str, Any]:
    key = {"CREATED_TIME": "created", "LAST_MODIFIED_TIME": "lastModified"}.get(call.params.get("sortBy", ""), "name")
    found = sorted((p.data for p in store.of(call).projects.values()), key=lambda data: data[key])
    if call.params.get("sortOrder") == "DESCENDING":
        found.reverse()
    return page(call, "projects", [data["name"] for data in found])
