"""Instances that boot: one Debian after the other, seen as their users see them.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from rehearsal.machines import layers, names
from rehearsal.tests.conftest import client_of
from rehearsal.tests.ec2.conftest import available, until
from rehearsal.tests.ec2.world import World
from rehearsal.tests.ec2.world import world as world

USER_DATA = "#!/bin/sh\necho from user data > /root/note\n"


@pytest.fixture(scope="module")
def web(world: World) -> Iterator[str]:
    """An instance that the tests of this module share."""
    made = world.run(
        UserData=USER_DATA, IamInstanceProfile={"Name": "web"},
        MetadataOptions={"HttpTokens": "required", "InstanceMetadataTags": "enabled"},
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web"}]}],
    )  # fmt: skip
    world.wait(made, "running")
    yield made
    world.end(made)


TOKEN = 'T=$(curl -s -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" http://169.254.169.254/latest/api/token); '


def imds(path: str) -> str:
    return f'{TOKEN} curl -s -H "X-aws-ec2-metadata-token: $T" http://169.254.169.254/latest/{path}'


def test_an_instance_boots_with_its_key_name_and_user_data(world: World, web: str) -> None:
    assert world.ssh(web, "sudo cloud-init status --wait").endswith("status: done")
    assert world.ssh(web, "sudo cat /root/note") == "from user data"
    address = world.get(web)["PrivateIpAddress"]
    assert world.ssh(web, "hostname") == f"ip-{address.replace('.', '-')}"
    assert world.ssh(web, "getent hosts $(hostname) >/dev/null && echo resolves") == "resolves"


def test_metadata_wants_a_token_where_the_instance_says_so(world: World, web: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html"""
    status = "curl -s -o /dev/null -w '%{http_code}' "
    assert world.ssh(web, f"{status} http://169.254.169.254/latest/meta-data/") == "401"
    assert world.ssh(web, f"{status} -X PUT http://169.254.169.254/latest/api/token") == "400"
    forwarded = '-X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" -H "X-Forwarded-For: 1.2.3.4"'
    assert world.ssh(web, f"{status} {forwarded} http://169.254.169.254/latest/api/token") == "403"
    assert world.ssh(web, imds("meta-data/instance-id")) == web
    assert world.ssh(web, imds("meta-data/tags/instance/Name")) == "web"
    assert world.ssh(web, imds("user-data")) == USER_DATA.strip()
    assert json.loads(world.ssh(web, imds("dynamic/instance-identity/document")))["imageId"] == world.base


def test_a_token_does_not_reach_beyond_its_hops(world: World, web: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html"""
    inner = (
        "sudo ip netns add inner && sudo ip link add out type veth peer name in netns inner && "
        "sudo ip addr add 172.20.0.1/30 dev out && sudo ip link set out up && "
        "sudo ip -n inner addr add 172.20.0.2/30 dev in && sudo ip -n inner link set in up && "
        "sudo ip -n inner route add default via 172.20.0.1 && sudo sysctl -qw net.ipv4.ip_forward=1 && echo made"
    )
    assert world.ssh(web, inner) == "made"
    # Without translation the metadata service would not know who asks: the instance lends its address.
    rules = "add table ip n; add chain ip n p { type nat hook postrouting priority 100; }; add rule ip n p masquerade"
    namespace = names.namespace(web)
    subprocess.run(["ip", "netns", "exec", namespace, "nft", rules], check=True)
    ask = 'sudo ip netns exec inner curl -s -m 2 -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" '
    ask += "http://169.254.169.254/latest/api/token || echo lost"
    assert world.ssh(web, ask) == "lost"
    world.ec2.modify_instance_metadata_options(InstanceId=web, HttpTokens="required", HttpPutResponseHopLimit=2)
    assert world.ssh(web, ask) not in ("", "lost")


def test_an_instance_has_the_credentials_of_its_role(world: World, web: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html"""
    assert world.ssh(web, imds("meta-data/iam/security-credentials/")) == "web"
    given = json.loads(world.ssh(web, imds("meta-data/iam/security-credentials/web")))
    sts = client_of(world.endpoint, "sts", given["AccessKeyId"], given["SecretAccessKey"], given["Token"])
    assert sts.get_caller_identity()["Arn"].endswith(f":assumed-role/web/{web}")


def test_its_services_find_the_rehearsal_instead_of_aws(world: World, web: str) -> None:
    """https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html"""
    world.ssh(web, "sudo systemd-run --quiet --wait --unit=ask sh -c 'curl -sf $AWS_ENDPOINT_URL/_rehearsal/status'")


def test_a_rule_that_goes_shuts_the_door(world: World, web: str) -> None:
    world.ec2.revoke_security_group_ingress(**world.ssh_rule)
    assert world.try_ssh(web, "true").returncode == 255
    world.ec2.authorize_security_group_ingress(**world.ssh_rule)
    assert world.try_ssh(web, "true").returncode == 0


def test_its_console_can_be_read(world: World, web: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html"""
    assert "Cloud-init" in world.ec2.get_console_output(InstanceId=web)["Output"]


def test_an_image_boots_with_what_was_installed_and_not_with_who_it_was(world: World, web: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html"""
    world.ssh(web, "echo baked | sudo tee /opt/mark >/dev/null; sudo rm /usr/bin/less; sudo mkdir -p /opt/app")
    identity = "cat /etc/machine-id; cat /etc/ssh/ssh_host_ed25519_key.pub; cat /run/cloud-init/.instance-id"
    before = world.ssh(web, identity).splitlines()
    tags = [{"ResourceType": kind, "Tags": [{"Key": "Commit", "Value": "abc"}]} for kind in ("image", "snapshot")]
    made = world.ec2.create_image(InstanceId=web, Name="baked", TagSpecifications=tags)["ImageId"]
    image = available(world.ec2, made)
    assert (image["SourceInstanceId"], image["SourceImageId"], image["Tags"]) == (web, world.base, tags[0]["Tags"])
    snapshot = image["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    assert world.ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]["Tags"] == tags[1]["Tags"]
    second = world.run(ImageId=made)
    world.wait(second, "running")
    assert world.ssh(second, "cat /opt/mark; test -d /opt/app && test ! -e /usr/bin/less && echo as left") == (
        "baked\nas left"
    )
    assert not set(before) & set(world.ssh(second, identity).splitlines())
    assert world.ssh(web, "cat /opt/mark") == "baked"
    world.end(second)


def test_what_an_image_was_made_of_leaves_the_disk_with_it(world: World) -> None:
    (image,) = world.ec2.describe_images(Owners=["self"])["Images"]
    layer = names.disks() / "layers" / image["ImageId"]
    assert layers.size(str(layer)) > 0
    world.ec2.deregister_image(ImageId=image["ImageId"], DeleteAssociatedSnapshots=True)
    assert not layer.exists()


def test_a_reboot_starts_the_system_anew_in_order(world: World, web: str) -> None:
    started = "systemctl show --property=UserspaceTimestampMonotonic --value"
    unit = "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\nExecStop=/bin/touch /opt/stopped\n"
    world.ssh(web, f"printf '{unit}' | sudo tee /run/systemd/system/last.service >/dev/null; sudo systemctl start last")
    before = world.ssh(web, started)
    world.ec2.reboot_instances(InstanceIds=[web])
    until(lambda: (r := world.try_ssh(web, started)).returncode == 0 and r.stdout.strip() != before)
    assert world.ssh(web, "test -e /opt/stopped && echo in order") == "in order"
    assert world.get(web)["State"]["Name"] == "running"
