"""EventBridge is told when an image's state changes.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitor-ami-events.html
"""

from __future__ import annotations

import uuid

from rehearsal.services import events
from rehearsal.services.ec2.images.image import Image


def state_changed(image: Image, state: str, error: str = "") -> None:
    """`state` is available, failed, deregistered or disabled."""
    region = image.ec2_backend.region_name
    detail = {"RequestId": str(uuid.uuid4()), "ImageId": image.id, "State": state, "ErrorMessage": error}
    arn = f"arn:aws:ec2:{region}::image/{image.id}"
    events.emit("aws.ec2", "EC2 AMI State Change", detail, [arn], region, image.owner_id)
