"""RunInstances without a machine below it: what it records, and what it refuses.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.tests.ec2.conftest import refusal, until


@pytest.fixture
def launch(ec2: Any, base: str) -> Callable[..., dict[str, Any]]:
    def run(**params: Any) -> dict[str, Any]:
        asked = {"ImageId": base, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, **params}
        return ec2.run_instances(**{k: v for k, v in asked.items() if v is not None})["Instances"][0]

    return run


@pytest.fixture
def vpc(ec2: Any) -> tuple[str, str, str]:
    """A VPC, its subnet and a security group."""
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.11.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    return vpc, subnet, group


def instance(ec2: Any, made: dict[str, Any]) -> dict[str, Any]:
    return ec2.describe_instances(InstanceIds=[made["InstanceId"]])["Reservations"][0]["Instances"][0]


def test_where_nothing_can_boot_an_instance_stays_pending_and_says_why(ec2: Any, launch: Callable[..., Any]) -> None:
    made = launch()
    assert made["State"]["Name"] == "pending"
    found = until(lambda: (i := instance(ec2, made)) and "root" in i["StateReason"]["Message"] and i)
    assert found["State"]["Name"] == "pending"
    ec2.terminate_instances(InstanceIds=[made["InstanceId"]])
    until(lambda: instance(ec2, made)["State"]["Name"] == "terminated")


ZEROES = "00000000000000000"


@pytest.mark.parametrize(
    ("params", "code", "message"),
    [
        ({"ImageId": None}, "MissingParameter", "The request must contain the parameter ImageId"),
        ({"ImageId": f"ami-{ZEROES}"}, "InvalidAMIID.NotFound", f"The image id '[ami-{ZEROES}]' does not exist"),
        ({"ImageId": "image"}, "InvalidAMIID.Malformed", 'Invalid id: "image" (expecting "ami-...")'),
        ({"InstanceType": "t3.colossal"}, "InvalidParameterValue", "Invalid value 't3.colossal' for InstanceType."),
        ({"KeyName": "lost"}, "InvalidKeyPair.NotFound", "The key pair 'lost' does not exist"),
        ({"SubnetId": f"subnet-{ZEROES}"}, "InvalidSubnetID.NotFound",
         f"The subnet ID 'subnet-{ZEROES}' does not exist"),
        ({"SecurityGroupIds": [f"sg-{ZEROES}"]}, "InvalidGroup.NotFound",
         f"The security group 'sg-{ZEROES}' does not exist"),
        ({"IamInstanceProfile": {"Name": "lost"}}, "InvalidParameterValue",
         "Value (lost) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"),
        ({"UserData": "x" * 16385}, "InvalidParameterValue", "User data is limited to 16384 bytes"),
        ({"LaunchTemplate": {"LaunchTemplateName": "lost"}}, "InvalidLaunchTemplateName.NotFoundException", ""),
        ({"MinCount": 2}, "InvalidParameterValue", "The minimum count may not be larger than the maximum count."),
        ({"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 4}}]}, "InvalidBlockDeviceMapping",
         ""),
        ({"DryRun": True}, "DryRunOperation", "Request would have succeeded, but DryRun flag is set."),
    ],
)  # fmt: skip
def test_what_aws_refuses_is_refused_in_its_words(
    launch: Callable[..., Any], params: dict[str, Any], code: str, message: str
) -> None:
    found = refusal(launch, **params)
    assert found[0] == code
    assert message in found[1]


def test_an_image_of_another_architecture_does_not_start(launch: Callable[..., Any]) -> None:
    code, message = refusal(launch, InstanceType="t4g.micro")
    assert code == "InvalidParameterValue"
    assert "does not match the architecture" in message


def test_a_group_of_another_vpc_is_refused(launch: Callable[..., Any], ec2: Any, vpc: tuple[str, str, str]) -> None:
    elsewhere = ec2.create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="far", Description="far", VpcId=elsewhere)["GroupId"]
    refused = refusal(launch, SubnetId=vpc[1], SecurityGroupIds=[group])
    assert refused == (
        "InvalidParameter", f"Security group {group} and subnet {vpc[1]} belong to different networks.",
    )  # fmt: skip


def test_addresses_are_of_the_subnet_and_nobody_elses(
    ec2: Any, launch: Callable[..., Any], vpc: tuple[str, str, str]
) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""
    given = [launch(SubnetId=vpc[1])["PrivateIpAddress"] for _ in range(3)]
    given.append(ec2.create_network_interface(SubnetId=vpc[1])["NetworkInterface"]["PrivateIpAddress"])
    assert len(set(given)) == 4
    assert all(ip.startswith("10.1.11.") and int(ip.split(".")[3]) >= 4 for ip in given)
    assert refusal(launch, SubnetId=vpc[1], PrivateIpAddress=given[0])[0] == "InvalidIPAddress.InUse"


def test_a_launch_template_gives_what_the_request_leaves_out(
    ec2: Any, base: str, launch: Callable[..., Any], vpc: tuple[str, str, str]
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-instances-from-launch-template.html"""
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Owner", "Value": "acme"}, {"Key": "Name", "Value": "old"}]}]
    template = ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData={
        "ImageId": base, "InstanceType": "t3.small", "SecurityGroupIds": [vpc[2]], "TagSpecifications": tags,
        "UserData": base64.b64encode(b"#!/bin/sh\n").decode(),
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
    })["LaunchTemplate"]["LaunchTemplateId"]  # fmt: skip
    made = launch(
        ImageId=None, InstanceType=None, SubnetId=vpc[1], LaunchTemplate={"LaunchTemplateId": template, "Version": "1"},
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "new"}]}],
    )  # fmt: skip
    found = instance(ec2, made)
    assert (found["ImageId"], found["InstanceType"]) == (base, "t3.small")
    assert [g["GroupId"] for g in found["SecurityGroups"]] == [vpc[2]]
    assert found["MetadataOptions"]["HttpTokens"] == "required"
    assert {t["Key"]: t["Value"] for t in found["Tags"]} == {
        "Owner": "acme", "Name": "new", "aws:ec2launchtemplate:id": template, "aws:ec2launchtemplate:version": "1",
    }  # fmt: skip
    data = ec2.describe_instance_attribute(InstanceId=made["InstanceId"], Attribute="userData")["UserData"]["Value"]
    assert base64.b64decode(data) == b"#!/bin/sh\n"


def test_a_dry_run_checks_the_request_and_its_template_but_no_key_and_launches_nothing(
    aws: Callable[..., Any], ec2: Any, base: str, launch: Callable[..., Any], vpc: tuple[str, str, str]
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html (DryRun)"""
    data = {"ImageId": base, "InstanceType": "t3.micro", "SecurityGroupIds": [vpc[2]]}
    template = ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)["LaunchTemplate"]
    kms = aws("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    other = ec2.copy_image(Name="other", SourceImageId=base, SourceRegion=ec2.meta.region_name, Encrypted=True,
                           KmsKeyId=key)["ImageId"]  # fmt: skip
    until(lambda: ec2.describe_images(ImageIds=[other])["Images"][0]["State"] == "available")
    asked = {"ImageId": other, "InstanceType": None, "SubnetId": vpc[1], "DryRun": True, "ClientToken": "once",
             "LaunchTemplate": {"LaunchTemplateId": template["LaunchTemplateId"], "Version": "1"}}  # fmt: skip
    assert refusal(launch, **asked)[0] == "DryRunOperation"
    kms.disable_key(KeyId=key)
    # The volumes' key is asked only when there is an instance to make them for.
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html
    assert refusal(launch, **asked)[0] == "DryRunOperation"
    ec2.disable_image(ImageId=other)
    assert refusal(launch, **asked)[0] == "InvalidAMIID.Unavailable"
    ec2.deregister_image(ImageId=other)
    assert refusal(launch, **asked)[0].startswith("InvalidAMIID.")
    assert ec2.describe_instances()["Reservations"] == []


def test_a_deleted_version_of_a_launch_template_is_gone_for_good(ec2: Any, base: str, launch: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteLaunchTemplateVersions.html"""
    data = {"ImageId": base, "InstanceType": "t3.micro"}
    made = ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)
    template = {"LaunchTemplateId": made["LaunchTemplate"]["LaunchTemplateId"]}
    ec2.create_launch_template_version(**template, LaunchTemplateData=data)
    answer = ec2.delete_launch_template_versions(**template, Versions=["1", "2", "7"])
    assert [one["VersionNumber"] for one in answer["SuccessfullyDeletedLaunchTemplateVersions"]] == [2]
    refused = answer["UnsuccessfullyDeletedLaunchTemplateVersions"]
    assert [(one["VersionNumber"], one["ResponseError"]["Code"]) for one in refused] == [
        (1, "unexpectedError"), (7, "launchTemplateVersionDoesNotExist"),
    ]  # fmt: skip
    gone = "InvalidLaunchTemplateId.VersionNotFound"
    assert refusal(ec2.describe_launch_template_versions, **template, Versions=["2"])[0] == gone
    asked = {"ImageId": None, "InstanceType": None}
    assert refusal(launch, **asked, LaunchTemplate={**template, "Version": "2"})[0] == gone
    ec2.create_launch_template_version(**template, LaunchTemplateData=data)
    left = ec2.describe_launch_template_versions(**template)["LaunchTemplateVersions"]
    assert [one["VersionNumber"] for one in left] == [1, 3]
    ec2.delete_launch_template(**template)
    assert refusal(ec2.delete_launch_template, **template)[0] == "InvalidLaunchTemplateId.NotFound"


def test_a_repeated_token_launches_nothing_more(ec2: Any, launch: Callable[..., Any]) -> None:
    """https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html"""
    first = launch(ClientToken="token")
    assert launch(ClientToken="token")["InstanceId"] == first["InstanceId"]
    assert refusal(launch, ClientToken="token", InstanceType="t3.small")[0] == "IdempotentParameterMismatch"
    assert len(ec2.describe_instances()["Reservations"]) == 1


def test_an_image_with_imds_version_2_makes_its_instances_ask_for_tokens(
    ec2: Any, base: str, launch: Callable[..., Any]
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html"""
    made = ec2.copy_image(Name="v2-only", SourceImageId=base, SourceRegion="us-east-1")["ImageId"]
    ec2.modify_image_attribute(ImageId=made, ImdsSupport={"Value": "v2.0"})
    until(lambda: ec2.describe_images(ImageIds=[made])["Images"][0]["State"] == "available")
    options = instance(ec2, launch(ImageId=made))["MetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", 2)


def test_a_protected_instance_is_not_terminated(ec2: Any, launch: Callable[..., Any]) -> None:
    made = launch(DisableApiTermination=True)["InstanceId"]
    code, message = refusal(ec2.terminate_instances, InstanceIds=[made])
    assert code == "OperationNotPermitted"
    assert f"The instance '{made}' may not be terminated." in message


def test_an_instance_is_told_from_one_that_never_was(ec2: Any, launch: Callable[..., Any]) -> None:
    missing = "i-00000000000000000"
    for call in (ec2.terminate_instances, ec2.stop_instances, ec2.start_instances, ec2.reboot_instances):
        assert refusal(call, InstanceIds=[missing]) == (
            "InvalidInstanceID.NotFound", f"The instance ID '{missing}' does not exist",
        )  # fmt: skip
    code, message = refusal(ec2.stop_instances, InstanceIds=[launch()["InstanceId"]])
    assert code == "IncorrectInstanceState"
    assert "is not in a state from which it can be stopped" in message


def test_volumes_come_from_the_images_snapshot_and_go_with_the_instance(
    aws: Callable[..., Any], ec2: Any, base: str, launch: Callable[..., Any]
) -> None:
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    ebs = {"VolumeSize": 20, "VolumeType": "gp3", "Encrypted": True, "KmsKeyId": key, "DeleteOnTermination": True}
    made = launch(BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": ebs}])
    (volume,) = ec2.describe_volumes()["Volumes"]
    snapshot = ec2.describe_images(ImageIds=[base])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    assert (volume["Size"], volume["Encrypted"], volume["KmsKeyId"], volume["SnapshotId"]) == (20, True, key, snapshot)
    ec2.terminate_instances(InstanceIds=[made["InstanceId"]])
    until(lambda: ec2.describe_volumes()["Volumes"] == [])
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []


def test_what_something_stands_on_is_not_deleted(
    ec2: Any, launch: Callable[..., Any], vpc: tuple[str, str, str]
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (DependencyViolation)"""
    net, subnet, group = vpc
    made = launch(SubnetId=subnet, SecurityGroupIds=[group])["InstanceId"]
    assert refusal(ec2.delete_vpc, VpcId=net) == (
        "DependencyViolation", f"The vpc '{net}' has dependencies and cannot be deleted.",
    )  # fmt: skip
    assert refusal(ec2.delete_security_group, GroupId=group) == (
        "DependencyViolation", f"resource {group} has a dependent object",
    )  # fmt: skip
    assert refusal(ec2.delete_subnet, SubnetId=subnet) == (
        "DependencyViolation", f"The subnet '{subnet}' has dependencies and cannot be deleted.",
    )  # fmt: skip
    ec2.terminate_instances(InstanceIds=[made])
    until(lambda: ec2.describe_network_interfaces()["NetworkInterfaces"] == [])
    ec2.delete_security_group(GroupId=group)
    ec2.delete_subnet(SubnetId=subnet)
