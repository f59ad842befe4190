"""Projects: how they are checked, and how many builds of one may run."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from rehearsal.tests.codebuild.conftest import IMAGE, Make, finished


def test_projects_are_checked_in_awss_words(aws: Make, project: Make) -> None:
    codebuild = aws("codebuild")
    name = project("version: 0.2\nphases:\n  build:\n    commands: [x]\n")
    with pytest.raises(codebuild.exceptions.ResourceAlreadyExistsException, match="Project already exists: arn:aws"):
        codebuild.create_project(
            name=name, source={"type": "NO_SOURCE", "buildspec": "a\nb"}, artifacts={"type": "NO_ARTIFACTS"}, environment=IMAGE,
            serviceRole="x",
        )  # fmt: skip
    with pytest.raises(codebuild.exceptions.InvalidInputException, match="sts:AssumeRole on service role"):
        codebuild.update_project(name=name, serviceRole="arn:aws:iam::123456789012:role/nobody")
    with pytest.raises(codebuild.exceptions.ResourceNotFoundException, match="Project cannot be found"):
        codebuild.start_build(projectName="other")
    assert codebuild.batch_get_projects(names=[name, "other"])["projectsNotFound"] == ["other"]
    with pytest.raises(ClientError) as caught:
        codebuild.create_webhook(projectName=name)
    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    codebuild.delete_project(name=name)
    codebuild.delete_project(name=name)
    assert codebuild.list_projects()["projects"] == []


def test_a_project_cannot_have_a_limit_above_the_accounts(
    aws: Make, project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the words seen in https://github.com/hashicorp/terraform-provider-aws/pull/37748"""
    codebuild, spec = aws("codebuild"), "version: 0.2\nphases:\n  build:\n    commands: [x]\n"
    said = "Project-level concurrent build limit cannot exceed the account-level concurrent build limit of"
    with pytest.raises(codebuild.exceptions.InvalidInputException, match=f"{said} 60"):
        project(spec, "wide", concurrentBuildLimit=61)
    name = project(spec, "narrow", concurrentBuildLimit=60)
    monkeypatch.setattr("rehearsal.services.codebuild.limits.BUILDS", 1)
    with pytest.raises(codebuild.exceptions.InvalidInputException, match=f"{said} 1"):
        codebuild.update_project(name=name, concurrentBuildLimit=2)


def test_a_token_starts_one_build_only_and_the_limit_holds(aws: Make, project: Make) -> None:
    name = project("version: 0.2\nphases:\n  build:\n    commands: [sleep 1]\n", concurrentBuildLimit=1)
    codebuild = aws("codebuild")
    first = codebuild.start_build(projectName=name, idempotencyToken="t")["build"]
    assert codebuild.start_build(projectName=name, idempotencyToken="t")["build"]["id"] == first["id"]
    with pytest.raises(codebuild.exceptions.AccountLimitExceededException):
        codebuild.start_build(projectName=name)
    finished(codebuild, first["id"])
    again = codebuild.start_build(projectName=name)["build"]
    assert again["buildNumber"] == 2
    assert codebuild.list_builds_for_project(projectName=name)["ids"] == [again["id"], first["id"]]
    finished(codebuild, again["id"])
