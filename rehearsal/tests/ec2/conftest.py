"""EC2 with and without machines below it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.kernel.settings import settings
from rehearsal.machines import host, network

# What boots needs root and Linux; it is collected where that can be had.
collect_ignore = [] if host.available()[0] else ["test_instances.py", "test_instance_lives.py", "test_reset.py"]

DEBIAN = "136693071363"


@pytest.fixture
def unbootable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that cannot boot anything, as for a user who is not root."""
    monkeypatch.setattr(host, "available", lambda: (False, "instances need root"))
    monkeypatch.setattr(network, "available", lambda: (False, "instances need root"))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS's waits pass at once."""
    monkeypatch.setattr(settings, "speed", 1000.0)


@pytest.fixture
def ec2(aws: Callable[..., Any], unbootable: None, quick: None) -> Any:
    return aws("ec2")


@pytest.fixture
def base(ec2: Any) -> str:
    return ec2.describe_images(Owners=[DEBIAN])["Images"][0]["ImageId"]


def until(check: Callable[[], Any], seconds: float = 60) -> Any:
    """The first true result of `check`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = check()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def refusal(call: Callable[..., Any], **params: Any) -> tuple[str, str]:
    """The code and message of an error reply."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def image(ec2: Any, image_id: str) -> dict[str, Any]:
    return ec2.describe_images(ImageIds=[image_id])["Images"][0]


def available(ec2: Any, image_id: str) -> dict[str, Any]:
    until(lambda: image(ec2, image_id)["State"] == "available")
    return image(ec2, image_id)


@pytest.fixture
def mine(ec2: Any, base: str) -> Callable[..., str]:
    """Copies the base image; returns the copy's id."""

    def copy(name: str = "mine", **params: Any) -> str:
        made = ec2.copy_image(Name=name, SourceImageId=base, SourceRegion="us-east-1", **params)["ImageId"]
        available(ec2, made)
        return made

    return copy
