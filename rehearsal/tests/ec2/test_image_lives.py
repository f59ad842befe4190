"""What happens to images and to parameters that name them as time goes by: nothing has to boot for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from rehearsal.services.cloudformation.handlers import ssm
from rehearsal.services.ec2.images import retirement
from rehearsal.tests.ec2.conftest import available, image, refusal, until


@pytest.fixture
def made(ec2: Any, base: str) -> str:
    found = ec2.copy_image(Name="made", SourceImageId=base, SourceRegion="us-east-1")["ImageId"]
    available(ec2, found)
    return str(found)


def test_a_cool_down_ends_after_its_time(ec2: Any, made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deregistration-protection.html"""
    monkeypatch.setattr(retirement, "COOLDOWN", timedelta(minutes=10))
    ec2.enable_image_deregistration_protection(ImageId=made, WithCooldown=True)
    ec2.disable_image_deregistration_protection(ImageId=made)
    assert refusal(ec2.deregister_image, ImageId=made)[0] == "OperationNotPermitted"
    until(lambda: image(ec2, made)["DeregistrationProtection"] == "disabled")
    ec2.deregister_image(ImageId=made)


def test_an_instance_refers_to_its_image_in_the_states_that_are_asked_for(ec2: Any, made: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-ami-references.html"""
    (started,) = ec2.run_instances(ImageId=made, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"]

    def referring(*states: str) -> list[str]:
        options = [{"OptionName": "state-name", "OptionValues": list(states)}]
        kinds = [{"ResourceType": "ec2:Instance", "ResourceTypeOptions": options if states else []}]
        found = ec2.describe_image_references(ImageIds=[made], ResourceTypes=kinds)["ImageReferences"]
        return [one["Arn"].rsplit("/", 1)[-1] for one in found]

    assert referring() == referring("pending") == [started["InstanceId"]]
    assert referring("stopped") == []
    wrong = [{"ResourceType": "ec2:Instance", "ResourceTypeOptions": [{"OptionName": "version-depth"}]}]
    assert refusal(ec2.describe_image_references, ImageIds=[made], ResourceTypes=wrong)[0] == "InvalidParameterValue"
    assert refusal(ec2.describe_image_references, ImageIds=[made])[0] == "MissingParameter"


@pytest.mark.parametrize("good", [True, False])
def test_a_stack_waits_until_its_parameter_holds_the_image(
    aws: Callable[..., Any], ec2: Any, base: str, good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html"""
    monkeypatch.setattr(ssm, "LONGEST_VALIDATION", 15.0 if good else 0.5)
    value = base if good else "ami-0123456789abcdef0"
    properties = {"Name": "/web/stable", "Type": "String", "DataType": "aws:ec2:image", "Value": value}
    template = {"Resources": {"Stable": {"Type": "AWS::SSM::Parameter", "Properties": properties}}}
    cloudformation = aws("cloudformation")
    cloudformation.create_stack(StackName="channel", TemplateBody=json.dumps(template))

    def status() -> str:
        return str(cloudformation.describe_stacks(StackName="channel")["Stacks"][0]["StackStatus"])

    until(lambda: not status().endswith("_IN_PROGRESS"))
    assert status() == ("CREATE_COMPLETE" if good else "ROLLBACK_COMPLETE")
