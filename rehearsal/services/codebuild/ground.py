"""Where a build stands: its directory, its network and its role's credentials; everything is given back at the end.

https://docs.aws.amazon.com/codebuild/latest/userguide/vpc-support.html
"""

from __future__ import annotations

import shutil
import sys
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlparse

from botocore.exceptions import ClientError

from rehearsal.kernel import clients
from rehearsal.kernel.errors import AwsError
from rehearsal.machines import network
from rehearsal.services.codebuild import credentials, permissions, store
from rehearsal.services.codebuild.phases import PhaseFailed
from rehearsal.services.codebuild.store import Build

SERVICE = "codebuild.amazonaws.com"


class Ground:
    """`prefix` goes before a command to run it in the build's network; `variables` are for its environment."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.scratch = store.scratch_root() / build.uuid[:8]
        self.prefix: list[str] = []
        self.variables: dict[str, str] = {}
        self.note = ""
        self._undo: list[Callable[[], object]] = []

    def client(self, service: str) -> Any:
        """A client under the project's service role. @raises PhaseFailed where the role cannot be assumed."""
        try:
            return clients.client(
                service, self.build.region, role=self.build.data["serviceRole"], session_name=self.session,
                assumed_by=SERVICE,
            )  # fmt: skip
        except ClientError as error:
            raise PhaseFailed("CLIENT_ERROR", f"Error assuming the service role: {said(error)}") from error

    @property
    def session(self) -> str:
        return f"AWSCodeBuild-{self.build.uuid}"

    def prepare(self) -> None:
        """@raises PhaseFailed for a role that may not do what a build in a VPC needs."""
        for part in ("home", "tmp", "src"):
            (self.scratch / part).mkdir(parents=True, exist_ok=True)
        self.scratch.chmod(0o700)
        config = self.build.data.get("vpcConfig") or {}
        interface = self._interface(config) if config.get("vpcId") else None
        endpoint = clients.endpoint()
        possible, reason = network.available()
        if possible:
            self._join_network(config, interface)
            endpoint = network.endpoint_url()
        else:
            self.note = f"no network of its own for this build ({reason}): it runs on the network of this machine"
        variables, release = credentials.serve(
            self.build.data["serviceRole"], self.session, inside=possible, path=f"/v2/credentials/{uuid.uuid4()}"
        )
        self._undo.append(release)
        self.variables = {"AWS_ENDPOINT_URL": endpoint, **variables}

    @property
    def direct_hosts(self) -> tuple[str, ...]:
        """What a proxy of this machine could not reach."""
        host = urlparse(self.variables.get("AWS_ENDPOINT_URL", clients.endpoint())).hostname or ""
        return ("127.0.0.1", "localhost", host, "169.254.170.2", "10.0.0.0/8", "198.18.0.0/15")

    def _join_network(self, config: dict[str, Any], interface: dict[str, Any] | None) -> None:
        if interface is None:
            space = network.namespace(kind="build")
        else:
            space = network.namespace(
                kind="build",
                private_ip=interface["PrivateIpAddress"],
                vpc_id=config["vpcId"],
                security_groups=tuple(config["securityGroupIds"]),
            )
            network.refresh_firewall()
        self._undo.append(space.close)
        self.prefix = list(space.exec_prefix)

    def _interface(self, config: dict[str, Any]) -> dict[str, Any]:
        """An interface in the first subnet, made by the service role: a permission that it lacks fails the build."""
        ec2 = self.client("ec2")
        try:
            ec2.describe_security_groups(GroupIds=config["securityGroupIds"])
            ec2.describe_subnets(SubnetIds=config["subnets"])
            ec2.describe_vpcs(VpcIds=[config["vpcId"]])
            interface = ec2.create_network_interface(
                SubnetId=config["subnets"][0], Groups=config["securityGroupIds"],
                Description=f"AWSCodeBuild {self.build.data['projectName']}",
            )["NetworkInterface"]  # fmt: skip
        except ClientError as error:
            raise PhaseFailed("VPC_CLIENT_ERROR", f"Unexpected EC2 error: {said(error)}") from error
        self._undo.append(lambda: ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"]))
        self._give_to_codebuild(interface)
        self.build.data["networkInterface"] = {
            "subnetId": config["subnets"][0],
            "networkInterfaceId": interface["NetworkInterfaceId"],
        }
        return interface

    def _give_to_codebuild(self, interface: dict[str, Any]) -> None:
        prefix = f"arn:aws:ec2:{self.build.region}:{self.build.account}"
        try:
            permissions.require(
                self.build, self.session, "ec2", "CreateNetworkInterfacePermission",
                f"{prefix}:network-interface/{interface['NetworkInterfaceId']}", AwsService=SERVICE,
                SubnetArn=f"{prefix}:subnet/{interface['SubnetId']}",
            )  # fmt: skip
        except AwsError as error:
            raise PhaseFailed("VPC_CLIENT_ERROR", f"Unexpected EC2 error: {error.code}: {error.message}") from error

    def leave(self) -> None:
        """Gives back what others may wait for: its place in the network, and its credentials."""
        for undo in reversed(self._undo):
            try:
                undo()
            except Exception as error:  # the rest must still be given back
                print(f"codebuild: {self.build.id}: {error}", file=sys.stderr, flush=True)
        self._undo.clear()

    def clear(self) -> None:
        """Removes its files. A build's tools are hundreds of megabytes: no pipeline waits for that."""
        shutil.rmtree(self.scratch, ignore_errors=True)


def said(error: ClientError) -> str:
    """As CodeBuild cites a service's refusal."""
    meta = error.response.get("ResponseMetadata", {})
    found = error.response["Error"]
    return (
        f"{found.get('Code')}: {found.get('Message')}\n\t"
        f"status code: {meta.get('HTTPStatusCode')}, request id: {meta.get('RequestId', '')}"
    )
